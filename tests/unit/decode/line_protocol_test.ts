import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { decoderFor } from "../../../src/decode/mod.ts";
import { encodeLine } from "../../../src/forward/mod.ts";
import { nameProblem, type Point } from "../../../src/model/mod.ts";
import { recordsOf, refusalOf, refuses, timed } from "./decoding.ts";
import { bytes, limits, NOW, receipt } from "./limits.ts";

const READ: readonly [string, string, unknown][] = [
  ["a field", "m a=1.5", { measurement: "m", tags: {}, a: 1.5 }],
  ["tags and fields of every type", 'm,site=north,line=a f=-1.5e3,i=-2i,u=3u,t=true,n=F,s="x"', {
    measurement: "m",
    tags: { site: "north", line: "a" },
    f: -1500,
    i: -2,
    u: 3,
    t: true,
    n: false,
    s: "x",
  }],
  ["escapes in names and tags", "m\\,\\ 1,a\\=b\\,c\\ d=e\\,f\\=g\\ h k\\=\\,\\ 1=1", {
    measurement: "m, 1",
    tags: { "a=b,c d": "e,f=g h" },
    "k=, 1": 1,
  }],
  ["a backslash that escapes nothing", "m,a=C:\\dir\\x a=1", {
    measurement: "m",
    tags: { a: "C:\\dir\\x" },
    a: 1,
  }],
  ["quotes in tags as they are", 'm,a="x" a=1', { measurement: "m", tags: { a: '"x"' }, a: 1 }],
  ["escapes in texts", 'm a="say \\"hi\\", C:\\\\dir \\n",b=2', {
    measurement: "m",
    tags: {},
    a: 'say "hi", C:\\dir \\n',
    b: 2,
  }],
  ["a line break in a text", 'm a="two\nlines",b=2', { measurement: "m", tags: {}, a: "two\nlines", b: 2 }],
  ["2^53 and 2^63 as bigints", "m a=9007199254740993i,b=18446744073709551615u", {
    measurement: "m",
    tags: {},
    a: 9007199254740993n,
    b: 18446744073709551615n,
  }],
  ["1e400 as Infinity, which validate refuses", "m a=1e400", { measurement: "m", tags: {}, a: Infinity }],
  ["the last value of a field that stands twice", "m a=1,a=2", { measurement: "m", tags: {}, a: 2 }],
  ["a field called tags, which hides them", "m,site=n tags=1", { measurement: "m", tags: 1 }],
  [
    "a field __proto__ as an own member",
    "m __proto__=1",
    JSON.parse('{"measurement":"m","tags":{},"__proto__":1}'),
  ],
  ["text beyond ASCII", 'météo,ville=Zürich température=21,x="😀"', {
    measurement: "météo",
    tags: { ville: "Zürich" },
    température: 21,
    x: "😀",
  }],
];

for (const [what, payload, expected] of READ) {
  Deno.test(`line protocol reads ${what}`, () =>
    assertEquals(recordsOf("line_protocol", payload)[0]?.values, expected));
}

Deno.test("line protocol: each line is a record with its own time, to the nanosecond", () => {
  const payload = `# a comment\n\nm a=1 ${NOW}000000\r\n  m a=2 ${NOW}000001\nm a=3 -1\nm a=4\n`;
  assertEquals(timed(recordsOf("line_protocol", payload)), [
    [{ measurement: "m", tags: {}, a: 1 }, "0"],
    [{ measurement: "m", tags: {}, a: 2 }, "0+1"],
    [{ measurement: "m", tags: {}, a: 3 }, `${-1 - NOW}+999999`],
    [{ measurement: "m", tags: {}, a: 4 }, "now"],
  ]);
});

refuses("line_protocol", [
  ["nothing", "", "no_readings"],
  ["comments only", "# a\n#b", "no_readings"],
  ["bytes that are no UTF-8", Uint8Array.of(0x6d, 0x20, 0xff), "undecodable"],
  ["a measurement alone", "m", "undecodable"],
  ["no field", "m,a=b", "undecodable"],
  ["no measurement", ",a=b a=1", "undecodable"],
  ["a tag without a value", "m,a= a=1", "undecodable"],
  ["a tag without a key", "m,=b a=1", "undecodable"],
  ["a tag twice", "m,a=b,a=c a=1", "undecodable"],
  ["a field without a value", "m a=", "undecodable"],
  ["a field without a key", "m =1", "undecodable"],
  ["NaN", "m a=NaN", "undecodable"],
  ["Infinity", "m a=+Inf", "undecodable"],
  ["an integer of more than 64 bits", "m a=9223372036854775808i", "undecodable"],
  ["a negative unsigned integer", "m a=-1u", "undecodable"],
  ["a hexadecimal number", "m a=0x10", "undecodable"],
  ["a word", "m a=on", "undecodable"],
  ["a text that does not end", 'm a="x', "undecodable"],
  ["something behind a text", 'm a="x"y', "undecodable"],
  ["something behind the time", "m a=1 1 2", "undecodable"],
  ["a time that is no integer", "m a=1 1.5", "bad_time"],
  ["a time of more than 64 bits", "m a=1 9223372036854775808", "bad_time"],
  ["a bad line among good ones", "m a=1\nm a=\nm a=2", "undecodable"],
  ["11 lines where 10 are allowed", "m a=1\n".repeat(11), "too_many_keys", { limits: { keys: 10 } }],
  ["11 fields where 10 are allowed", `m ${range(11).map((n) => `f${n}=1`).join(",")}`, "too_many_keys", {
    limits: { keys: 10 },
  }],
  ["11 tags where 10 are allowed", `m,${range(11).map((n) => `f${n}=1`).join(",")} a=1`, "too_many_keys", {
    limits: { keys: 10 },
  }],
  ["a payload beyond the limit", "m a=1", "payload_too_large", { limits: { payload: 4 } }],
]);

function range(count: number): number[] {
  return Array.from({ length: count }, (_, n) => n);
}

Deno.test("a refusal of line protocol names the line", () => {
  assertEquals(refusalOf("line_protocol", 'm a="1\n2"\n\nm a=on').hint, "in line 4");
});

Deno.test("line protocol reads what the gateway writes (property)", () => {
  const name = fc.string({ unit: "grapheme", minLength: 1, maxLength: 8 })
    .filter((text) => nameProblem(text) === undefined);
  const fields = fc.dictionary(
    name.filter((text) => text !== "tags" && text !== "measurement"),
    fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
      fc.boolean(),
      fc.string({ unit: "grapheme" }),
    ),
    { minKeys: 1, maxKeys: 4, noNullPrototype: true },
  );
  const tags = fc.dictionary(name, name, { maxKeys: 3, noNullPrototype: true });
  fc.assert(
    fc.property(name, tags, fields, fc.integer({ min: 0, max: 999_999 }), (measurement, tags, values, ns) => {
      const stream = { deviceIndex: 0, device: "d", profile: "p", measurement, tags: Object.entries(tags) };
      const point: Point = {
        stream,
        fields: Object.entries(values).map(([name, value]) => ({ name, type: wireType(value), value })),
        ms: NOW,
        ns,
        readings: 1,
        correction: false,
      };
      const line = encodeLine(point);
      assertEquals(timed(recordsOf("line_protocol", line)), [
        [{ measurement, tags, ...values }, `0${ns === 0 ? "" : `+${ns}`}`],
      ], line);
    }),
    { numRuns: 500 },
  );
});

function wireType(value: number | boolean | string): "float" | "boolean" | "string" {
  return typeof value === "number" ? "float" : typeof value === "boolean" ? "boolean" : "string";
}

Deno.test("line protocol never throws, whatever the text (property)", () => {
  const decoder = decoderFor("line_protocol");
  const piece = fc.constantFrom("m", "a", "=", ",", " ", "\\", '"', "\n", "\r", "1", "1i", "t", "#", "é");
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
      const result = decoder.decode(bytes(pieces.join("")), limits(), receipt());
      assert(result.ok || result.refusal.reason.length > 0);
    }),
    { numRuns: 2_000 },
  );
});
