import { assertEquals } from "@std/assert";
import { encodeLine } from "../../../src/forward/mod.ts";
import type { Point, PointField, Tags } from "../../../src/model/mod.ts";

function point(tags: Tags, fields: readonly PointField[], more: Partial<Point> = {}): Point {
  const stream = { deviceIndex: 0, device: "d", profile: "p", measurement: "room climate", tags };
  return { stream, fields, ms: 1_700_000_000_000, ns: 0, readings: 1, correction: false, ...more };
}

Deno.test("a line is measurement, tags, typed fields and nanoseconds, in the order of the point", () => {
  const line = encodeLine(point([["device", "t 1"], ["site", "a,b=c"]], [
    { name: "temperature_mean", type: "float", value: 21.5 },
    { name: "battery", type: "int", value: 87 },
    { name: "door", type: "boolean", value: true },
    { name: "label", type: "string", value: 'say "a\\b"' },
  ], { ns: 42 }));
  assertEquals(
    line,
    "room\\ climate,device=t\\ 1,site=a\\,b\\=c " +
      'temperature_mean=21.5,battery=87i,door=true,label="say \\"a\\\\b\\"" 1700000000000000042',
  );
});

Deno.test("a float keeps its type and its value where it looks like an integer or is very large or small", () => {
  const values = [1, -0, 1e21, 5e-324, 0.1 + 0.2, Number.MAX_VALUE];
  const lines = values.map((value) => encodeLine(point([], [{ name: "x", type: "float", value }])));
  assertEquals(
    lines.map((line) => line.split(" ")[2] ?? line.split(" ")[1]),
    ["x=1", "x=-0", "x=1e+21", "x=5e-324", "x=0.30000000000000004", "x=1.7976931348623157e+308"],
  );
});

Deno.test("extra tags are sorted in among the stream's, and one of the same name replaces it", () => {
  const fields: readonly PointField[] = [{ name: "x", type: "int", value: 1 }];
  const extraTags = [["replayed", "true"], ["site", "b"]] as const;
  const line = encodeLine(point([["device", "d"], ["site", "a"], ["zone", "z"]], fields, { extraTags }));
  assertEquals(line, "room\\ climate,device=d,replayed=true,site=b,zone=z x=1i 1700000000000000000");
});

Deno.test("times before 1970 and nanoseconds within a millisecond are exact", () => {
  const fields: readonly PointField[] = [{ name: "x", type: "int", value: 1 }];
  const times = [[-1, 999_999], [0, 7], [1_748_779_200_123, 456_789]] as const;
  assertEquals(
    times.map(([ms, ns]) => encodeLine(point([], fields, { ms, ns })).split(" ").at(-1)),
    ["-1", "7", "1748779200123456789"],
  );
});
