import { assertEquals } from "@std/assert";
import { encode } from "cborg";
import { recordsOf, refusalOf, refuses, timed } from "./decoding.ts";
import { at, EXAMPLES } from "./senml_examples.ts";

for (const [what, payload, expected] of EXAMPLES) {
  Deno.test(`senml reads RFC 8428 §${what}`, () =>
    assertEquals(timed(recordsOf("senml", payload)), expected));
}

Deno.test("senml reads the CBOR form of RFC 8428 §6, with integers for labels, as it reads JSON", () => {
  const labels = new Map(
    Object.entries({ bn: -2, bt: -3, bu: -4, bver: -1, n: 0, u: 1, v: 2, t: 6, vb: 4, vs: 3, vd: 8, s: 5 }),
  );
  for (const [, payload] of EXAMPLES) {
    const pack: Record<string, unknown>[] = JSON.parse(payload);
    const binary = pack.map((record) =>
      new Map(
        Object.entries(record).map(([label, value]) => [
          labels.get(label) ?? label,
          label === "vd" ? new TextEncoder().encode(atob(String(value))) : value,
        ]),
      )
    );
    assertEquals(recordsOf("senml", encode(binary)), recordsOf("senml", payload));
  }
});

const TIMES: readonly [string, string][] = [
  ['"t":0', "now"],
  ['"t":-0.5', "-500"],
  ['"t":-0.000000001', "-1+999999"],
  ['"t":-268435456', "-268435456000"],
  ['"t":5', "5000"],
  // The greatest relative time, and the least absolute one.
  ['"t":268435455', "268435455000"],
  ['"t":268435456', at(268435456)],
  ['"bt":268435450,"t":6', at(268435456)],
  ['"bt":1800000000,"t":0.25', "250"],
  // The digits of the double that is nearest.
  ['"bt":1800000000.123456789', "123+456700"],
  ['"t":1800000000123456e-6', "123+456000"],
  ['"t":1e-7', "0+100"],
];

for (const [time, expected] of TIMES) {
  Deno.test(`senml takes ${time} for ${expected === "now" ? "now" : `${expected} ms from the receipt`}`, () => {
    const [record] = timed(recordsOf("senml", `[{"n":"a","v":1,${time}}]`));
    assertEquals(record, [{ a: 1 }, expected]);
  });
}

const KEYS: readonly [string, string, unknown][] = [
  ["base value and value are added", '[{"bn":"d:","bv":20,"n":"a","v":1.5},{"n":"b","v":-1}]', {
    a: 21.5,
    b: 19,
  }],
  ["a base value alone is the value of a name", '[{"bv":20,"n":"a"}]', { a: 20 }],
  ["a sum stands beside the value", '[{"n":"p","u":"W","v":5,"s":700}]', { p: 5, "p#sum": 700 }],
  ["a sum can stand alone", '[{"n":"p","bs":1000,"s":7}]', { "p#sum": 1007 }],
  ["a base sum goes along with every value", '[{"bs":1000,"n":"p","v":1,"s":7}]', { p: 1, "p#sum": 1007 }],
  ["a new base name replaces the old one", '[{"bn":"d/","n":"a","v":1},{"bn":"e/","n":"a","v":2}]', {
    a: 1,
    "e/a": 2,
  }],
  ["a base name can be taken away again", '[{"bn":"d/","n":"a","v":1},{"bn":"","n":"b","v":2}]', {
    a: 1,
    b: 2,
  }],
  [
    "the unit of the first value needs no mark, wherever it stands",
    '[{"n":"a","v":1},{"n":"a","u":"lon","t":0,"v":2}]',
    {
      a: 1,
    },
  ],
  ["labels that are not known are passed over", '[{"n":"a","v":1,"x":{"y":[1]},"ut":10}]', { a: 1 }],
  ["integers beyond 2^53 keep their digits", '[{"n":"a","v":9007199254740993}]', { a: 9007199254740993n }],
  ["1e400 is Infinity, which validate refuses", '[{"n":"a","v":1e400}]', { a: Infinity }],
];

for (const [what, payload, expected] of KEYS) {
  Deno.test(`senml: ${what}`, () => assertEquals(recordsOf("senml", payload)[0]?.values, expected));
}

Deno.test("senml: a name that comes twice at one time gives two records, none hides the other", () => {
  assertEquals(timed(recordsOf("senml", '[{"n":"a","v":1},{"n":"a","v":2},{"n":"b","v":3}]')), [
    [{ a: 1 }, "now"],
    [{ a: 2, b: 3 }, "now"],
  ]);
});

refuses("senml", [
  ["no JSON", "[", "undecodable"],
  ["an array of numbers", "[1,2]", "undecodable"],
  ["a record that is no object", '[{"n":"a","v":1},7]', "undecodable"],
  ["a value without a name and without a base name", '[{"v":1}]', "undecodable"],
  ["an empty base name and no name", '[{"bn":"","v":1}]', "undecodable"],
  ["a name with a space", '[{"n":"a b","v":1}]', "undecodable"],
  ["a name with a newline", '[{"n":"a\\nb","v":1}]', "undecodable"],
  ["a name that begins with a colon", '[{"n":":a","v":1}]', "undecodable"],
  ["a name without a value", '[{"n":"a"}]', "undecodable"],
  ["a time without a value", '[{"bn":"a","t":1}]', "undecodable"],
  ["two values in one record", '[{"n":"a","v":1,"vs":"x"}]', "undecodable"],
  ["a text as v", '[{"n":"a","v":"1"}]', "undecodable"],
  ["a number as vs", '[{"n":"a","vs":1}]', "undecodable"],
  ["a number as vb", '[{"n":"a","vb":1}]', "undecodable"],
  ["a number as n", '[{"n":1,"v":1}]', "undecodable"],
  ["null as v", '[{"n":"a","v":null}]', "undecodable"],
  ["a label that must be understood", '[{"n":"a","v":1,"weird_":true}]', "undecodable"],
  ["a later version", '[{"bver":11,"n":"a","v":1}]', "undecodable"],
  ["version 0", '[{"bver":0,"n":"a","v":1}]', "undecodable"],
  ["a time as text", '[{"n":"a","v":1,"t":"now"}]', "bad_time"],
  ["a time of 1e400", '[{"n":"a","v":1,"t":1e400}]', "bad_time"],
  ["a base time of −1e30", '[{"bt":-1e30,"n":"a","v":1}]', "bad_time"],
  ["a base time in nanoseconds as an integer", '[{"bt":1800000000123456789,"n":"a","v":1}]', "bad_time"],
  ["an empty pack", "[]", "no_readings"],
  ["a pack of base names only", '[{"bn":"a"},{"bt":1800000000}]', "no_readings"],
  ["100,000 nested arrays", "[".repeat(100_000), "too_deep"],
  ["11 records where 10 are allowed", `[${'{"n":"a","v":1},'.repeat(10)}{"n":"a","v":1}]`, "too_many_keys", {
    limits: { keys: 10 },
  }],
]);

Deno.test("a refusal of senml names the label", () => {
  assertEquals(refusalOf("senml", '[{"v":1}]'), {
    reason: "undecodable",
    field: "n",
    found: "",
    allowed: "a name of A–Z, a–z, 0–9, - : . / _ that begins with a letter or digit",
    hint: "there is no base name before it either",
  });
});
