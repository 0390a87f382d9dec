/**
 * Arbitrary texts on every way into a line: levels of the topic, names and values of the payload, tags of it, static
 * tags. Whatever comes out reads back exactly, through an independent strict parser; what cannot is refused, and never
 * becomes something else on the way.
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { encodeLine } from "../../src/forward/mod.ts";
import { nameProblem, type Rules } from "../../src/model/mod.ts";
import { type ParsedLine, parseStrict } from "../support/line_parser.ts";
import { field, messageOf, NONE, profile, RiverBench, rulesOf, START } from "../unit/pipeline/river_bench.ts";

/** Any sequence of UTF-16 code units, rich in what line protocol treats specially; halves of surrogate pairs too. */
const text = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.string({
      unit: fc.constantFrom(..." ,=\"\\#\n\r\t'ä€a0", "😀", "{}", "\u2028"),
      maxLength: 8,
    }),
  },
  { weight: 2, arbitrary: fc.string({ unit: "grapheme", maxLength: 8 }) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 8 }) },
  {
    weight: 1,
    arbitrary: fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 4 })
      .map((units) => String.fromCharCode(...units)),
  },
);

/** A level of a topic: MQTT allows neither wildcards nor U+0000 nor halves of surrogate pairs in it. */
const level = text.map((one) => one.replaceAll(/[+#/\0]/g, "").toWellFormed());
/** Names that stand in the configuration: it refuses others. */
const configured = text.filter((one) => nameProblem(one) === undefined);

const value: fc.Arbitrary<string | number | boolean> = fc.oneof(
  { weight: 4, arbitrary: text },
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
);

function rulesWith(measurement: string, staticTag: readonly [string, string]): Rules {
  const fields = [field("zone", NONE, "string", { tag: true }), field("said", NONE, "string")];
  const rules = rulesOf(
    profile(fields, { measurement, time: null, unknownFields: "keep", keep: NONE }),
    { topic: "plant/{site}/{device}" },
  );
  return {
    ...rules,
    subscriptions: rules.subscriptions.map((one) => ({ ...one, tags: { [staticTag[0]]: staticTag[1] } })),
  };
}

const staticTag = fc.tuple(
  configured.filter((name) => !["device", "site", "zone"].includes(name)),
  configured,
);
const others = fc.uniqueArray(
  fc.tuple(text.filter((name) => !["zone", "said"].includes(name)), value),
  { selector: ([name]) => name, maxLength: 3 },
);

/** A name and what it stands for. */
type Named = readonly [name: string, value: unknown];

const seen = { lines: 0, refused: 0 };

Deno.test("any text that comes into a line reads back exactly, and any other is refused (property)", () => {
  fc.assert(
    fc.property(
      configured,
      staticTag,
      fc.tuple(level, level),
      fc.record({ zone: fc.option(text, { nil: undefined }), said: fc.option(text, { nil: undefined }) }),
      others,
      (measurement, tag, [site, device], named, more) => {
        const bench = new RiverBench(rulesWith(measurement, tag));
        const payload = Object.entries(named).filter((entry) => entry[1] !== undefined);
        const members: [string, string | number | boolean | undefined][] = [...payload, ...more];
        // JSON.stringify writes halves of surrogate pairs as escapes, as a device may.
        const json = `{${
          members.map(([name, one]) => `${JSON.stringify(name)}:${JSON.stringify(one)}`).join(",")
        }}`;
        bench.message(messageOf(`plant/${site}/${device}`, json));
        hold(bench, measurement, tag, { site, device, zone: named.zone }, members);
      },
    ),
    { numRuns: 3_000 },
  );
  assert(seen.lines > 1_000 && seen.refused > 1_000, JSON.stringify(seen));
});

function hold(
  { out, ledger }: RiverBench,
  measurement: string,
  tag: readonly [string, string],
  topic: { readonly site: string; readonly device: string; readonly zone: string | undefined },
  members: readonly (readonly [string, string | number | boolean | undefined])[],
): void {
  const texts = out.points.map(encodeLine);
  // A block is its lines with line breaks between them: none of them may be torn apart by what it holds.
  const lines = parseStrict(texts.join("\n"));
  assertEquals(lines.length, texts.length);
  const good = [topic.site, topic.device, topic.zone ?? "x"].every((one) => nameProblem(one) === undefined);
  if (!good) {
    assertEquals([lines.length, ledger.messages.quarantined], [0, 1]);
    seen.refused++;
    return;
  }
  const wanted = members.filter(([name, one]) => name !== "zone" && fits(name, one));
  assertEquals<readonly Named[]>(found(lines), wanted.toSorted(byName));
  const tags = {
    site: topic.site,
    device: topic.device,
    [tag[0]]: tag[1],
    ...(topic.zone === undefined ? {} : { zone: topic.zone }),
  };
  for (const line of lines) {
    seen.lines++;
    assertEquals(line.measurement, measurement);
    assertEquals(new Map(line.tags), new Map(Object.entries(tags).sort(byName)));
    assertEquals(line.time / 1_000_000n, BigInt(START));
  }
  // Nothing vanishes: each member is a reading of a line, or refused by itself.
  if (ledger.messages.processed === 1) {
    assertEquals(ledger.readings.decoded, lines.length + ledger.readings.rejected);
  }
}

/** Whether a member may stand in a line as a field. */
function fits(name: string, one: string | number | boolean | undefined): boolean {
  return nameProblem(name) === undefined && name !== "time" &&
    (typeof one !== "string" || one.isWellFormed());
}

function found(lines: readonly ParsedLine[]): Named[] {
  return lines.flatMap(({ fields }) => fields.map(([name, { value }]): Named => [name, value])).sort(byName);
}

function byName(a: Named, b: Named): number {
  return a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0;
}
