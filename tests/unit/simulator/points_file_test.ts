import { assertEquals } from "@std/assert";
import { PointTable, seriesKey } from "../../../devices/simulator/mod.ts";
import { pointLines } from "../../../devices/simulator/points_file.ts";

Deno.test("points of two runs are the same lines, in whatever order they came and whatever the run is called", () => {
  const tables = ["r1", "r2"].map((run) => {
    const table = new PointTable();
    const write = (device: string, time: bigint, field: string, value: number | string): void =>
      void table.set(seriesKey("climate", [["device", device], ["run", run]]), time, field, value);
    const writes: (() => void)[] = [
      () => write("b", 1_700_000_000_123_456_789n, "t", 21.5),
      () => write("a", 1_700_000_000_000_000_002n, "t", 3),
      () => write("a", 1_700_000_000_000_000_001n, "text", "x\ny"),
      () => write("a", 1_700_000_000_000_000_001n, "t", 2),
    ];
    for (const each of run === "r1" ? writes : writes.toReversed()) each();
    return pointLines(table, "run");
  });
  assertEquals(tables[0], tables[1]);
  assertEquals(tables[0], [
    '{"measurement":"climate","tags":{"device":"a"},"time":"1700000000000000001","fields":{"t":2,"text":"x\\ny"}}',
    '{"measurement":"climate","tags":{"device":"a"},"time":"1700000000000000002","fields":{"t":3}}',
    '{"measurement":"climate","tags":{"device":"b"},"time":"1700000000123456789","fields":{"t":21.5}}',
  ]);
});
