import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { readTables } from "../../../src/verify/csv.ts";

Deno.test("tables one after another have headers of their own, annotations and the first column say nothing", () => {
  const text = [
    "#datatype,string,long,dateTime:RFC3339,long,string",
    "#group,false,false,true,false,true",
    "#default,_result,,,,",
    ",result,table,_time,_value,device",
    ",,0,2026-03-01T00:00:00Z,1440,d1",
    ",,1,2026-03-01T00:00:00Z,7,d2",
    "",
    ",result,table,_value,device",
    ",,0,3,d3",
    "",
    "",
  ].join("\r\n");
  assertEquals(readTables(text).map((row) => [row["device"], row["_value"], row["_time"]]), [
    ["d1", "1440", "2026-03-01T00:00:00Z"],
    ["d2", "7", "2026-03-01T00:00:00Z"],
    ["d3", "3", undefined],
  ]);
  assertEquals([readTables(""), readTables("\r\n")], [[], []]);
});

Deno.test("whatever a value holds comes back, in quotes as RFC 4180 has them", () => {
  const cell = fc.string({ unit: fc.constantFrom("a", '"', ",", "\n", "\r", " ", "#") });
  fc.assert(fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1 }), (rows) => {
    const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
    const lines = rows.map(([one, other]) => `x,${quoted(one)},${quoted(other)}`);
    assertEquals(
      readTables(`n,one,other\r\n${lines.join("\r\n")}\r\n`).map((row) => [row["one"], row["other"]]),
      rows.map((row) => [...row]),
    );
  }));
});
