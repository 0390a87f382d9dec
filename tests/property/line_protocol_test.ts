import { assertEquals } from "@std/assert";
import { Point as ClientPoint } from "@influxdata/influxdb-client";
import fc from "fast-check";
import { encodeLine } from "../../src/forward/mod.ts";
import { parseLines } from "../../src/forward/line_parts.ts";
import { nameProblem, type Point, type PointField } from "../../src/model/mod.ts";
import { parseStrict } from "../support/line_parser.ts";

/** Any well-formed text, rich in what the format treats specially. */
const text = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 12 }),
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.string({ unit: fc.constantFrom(..." ,=\"\\#\n\r\t'ä€😀a0"), maxLength: 12 }),
);
const name = text.filter((value) => nameProblem(value) === undefined);
const safeInt = fc.maxSafeInteger();
const float = fc.double({ noDefaultInfinity: true, noNaN: true });

const field: fc.Arbitrary<PointField> = fc.oneof(
  fc.record({ name, type: fc.constant("float" as const), value: float }),
  fc.record({ name, type: fc.constant("int" as const), value: safeInt }),
  fc.record({ name, type: fc.constant("boolean" as const), value: fc.boolean() }),
  fc.record({
    name,
    type: fc.constant("string" as const),
    value: text.filter((value) => value.isWellFormed()),
  }),
);

function byName(a: readonly [string, string], b: readonly [string, string]): number {
  return a[0] < b[0] ? -1 : 1;
}

const tagSet = fc.uniqueArray(fc.tuple(name, name), { selector: ([key]) => key, maxLength: 4 })
  .map((tags) => tags.sort(byName));

const point: fc.Arbitrary<Point> = fc.record({
  measurement: name,
  tags: tagSet,
  extraTags: fc.option(tagSet, { nil: undefined }),
  fields: fc.uniqueArray(field, { selector: (one) => one.name, minLength: 1, maxLength: 5 }),
  ms: fc.integer({ min: -9_000_000_000_000, max: 9_000_000_000_000 }),
  ns: fc.integer({ min: 0, max: 999_999 }),
}).map(({ measurement, tags, extraTags, fields, ms, ns }) => ({
  stream: { deviceIndex: 0, device: "d", profile: "p", measurement, tags },
  fields,
  ms,
  ns,
  ...(extraTags === undefined ? {} : { extraTags }),
  readings: 1,
  correction: false,
}));

Deno.test("any point that validation lets pass reads back exactly through an independent strict parser", () => {
  fc.assert(
    fc.property(point, (one) => {
      const [line, ...more] = parseStrict(encodeLine(one));
      assertEquals(more, []);
      assertEquals(line?.measurement, one.stream.measurement);
      const extra = one.extraTags ?? [];
      const kept = one.stream.tags.filter(([key]) => !extra.some(([other]) => other === key));
      assertEquals(line?.tags, [...kept, ...extra].sort(byName));
      assertEquals(line?.time, BigInt(one.ms) * 1_000_000n + BigInt(one.ns));
      assertEquals(line?.fields.map(([key]) => key), one.fields.map((each) => each.name));
      one.fields.forEach((each, index) => {
        const read = line?.fields[index]?.[1];
        assertEquals(read?.type, each.type);
        const back = typeof read?.value === "bigint" ? Number(read.value) : read?.value;
        // `Object.is` tells -0 from 0; an integer has no -0.
        const wanted = each.type === "int" ? Number(each.value) + 0 : each.value;
        assertEquals(Object.is(back, wanted), true, `${String(back)} is not ${String(wanted)}`);
      });
    }),
    { numRuns: 1_000 },
  );
});

Deno.test("a block of lines comes apart into exactly its lines, measurements, fields and times", () => {
  fc.assert(
    fc.property(fc.array(point, { minLength: 1, maxLength: 6 }), (points) => {
      const encoded = points.map(encodeLine);
      const lines = parseLines(encoded.join("\n"));
      assertEquals(lines.map((line) => line.text), encoded);
      lines.forEach((line, index) => {
        const strict = parseStrict(line.text)[0];
        assertEquals(line.index, index);
        assertEquals(line.fields.length, strict?.fields.length);
        assertEquals(BigInt(line.time), strict?.time);
        // Each field alone is again a line of the same series.
        line.fields.forEach((each, at) => {
          const alone = parseStrict(`${line.head} ${each.text} ${line.time}`)[0];
          assertEquals(alone, strict && { ...strict, fields: strict.fields.slice(at, at + 1) });
        });
      });
    }),
    { numRuns: 300 },
  );
});

Deno.test("the encoder agrees with the official client wherever the client keeps the value", () => {
  fc.assert(
    fc.property(point, (one) => {
      const theirs = new ClientPoint(one.stream.measurement)
        .timestamp((BigInt(one.ms) * 1_000_000n + BigInt(one.ns)).toString());
      for (const [key, value] of one.stream.tags) theirs.tag(key, value);
      // The client sorts fields by name, writes -0 as 0 and booleans as T and F.
      const fields = one.fields.filter((each) => each.type !== "boolean" && !Object.is(each.value, -0))
        .sort((a, b) => a.name < b.name ? -1 : 1);
      fc.pre(fields.length > 0);
      for (const each of fields) {
        if (each.type === "float") theirs.floatField(each.name, each.value);
        else if (each.type === "int") theirs.intField(each.name, each.value);
        else theirs.stringField(each.name, each.value);
      }
      const { extraTags: _, ...plain } = one;
      assertEquals(encodeLine({ ...plain, fields }), theirs.toLineProtocol());
    }),
    { numRuns: 500 },
  );
});
