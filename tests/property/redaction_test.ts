import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { Keyring } from "../../src/enrich/mod.ts";
import { explain } from "../../src/explain/mod.ts";
import type { AlertRule, FieldRule, Rules } from "../../src/model/mod.ts";
import { snapshotRiver } from "../../src/pipeline/mod.ts";
import { encodeCheckpoint } from "../../src/pipeline/checkpoint_codec.ts";
import {
  field,
  messageOf,
  NONE,
  profile,
  RiverBench,
  rulesOf,
  START,
  windowed,
} from "../unit/pipeline/river_bench.ts";

/** What people are made of here: no output may hold any of it. */
const PLANTED = ["Grace Hopper", "BADGE-90125-XQ", "rear-admiral-phone", "dorm 4711 bed"];
/** The digits of a place, in decimal and as a whole number. */
const PLACES = [52.520008123, -13.404953977, 5_252_000_812];
const SECRETS = [...PLANTED, "520008123", "404953977", "5252000812"];

const KEYRING = new Keyring();
KEYRING.add("k", "a key of the property test, long enough");

const FIELDS: readonly FieldRule[] = [
  field("badge", NONE, "string", { redact: { kind: "hash", digits: 16 }, maxLength: 12 }),
  field("holder", windowed({ aggregates: ["first", "last", "count"] }), "string", {
    path: ["card", "holder"],
    redact: { kind: "mask", keep: 3 },
  }),
  field("note", { kind: "change", heartbeat: null }, "string", { redact: { kind: "drop" } }),
  field("seen", NONE, "string", { redact: { kind: "span", to: 3_600_000, unit: "iso8601" } }),
  field("lat", windowed({ aggregates: ["mean", "min", "max"] }), "float", {
    path: ["gps", 0],
    redact: { kind: "grid", to: 0.01 },
    range: [-90, 90],
  }),
  field("room", NONE, "string", { tag: true, redact: { kind: "hash", digits: 16 } }),
  field("level", windowed(), "float", { range: [0, 10], required: true }),
  field("door", { kind: "change", heartbeat: null }, "boolean"),
];

const watch = (name: string, over: Partial<AlertRule>): AlertRule => ({
  name,
  profile: null,
  device: null,
  topic: null,
  tags: {},
  field: "badge",
  condition: { kind: "not_equals", value: "nobody" },
  for: 0,
  severity: "critical",
  notify: ["ops"],
  summary: "{device} {field} {value} {limit}",
  ...over,
});

const RULES: Rules = (() => {
  const rules = rulesOf(profile(FIELDS, { sequence: ["seq"], unknownFields: "ignore" }), {
    topic: "house/{person}/{site}/{device}/+",
    limits: { devices: 3, series: 40, windows: 12, payload: 600, depth: 5, keys: 12, deviceRate: 3 },
    alerts: [
      watch("badge", {}),
      watch("holder", { field: "holder" }),
      watch("lat", { field: "lat", condition: { kind: "above", limit: -90, clear: -90 } }),
      watch("silent", { field: null, condition: { kind: "silent", silentFor: 5_000 } }),
    ],
  });
  const redact = {
    person: { kind: "mask", keep: 2 },
    site: { kind: "drop" },
    device: { kind: "hash", digits: 16 },
  } as const;
  return {
    ...rules,
    subscriptions: rules.subscriptions.map((one) => ({ ...one, redact })),
    privacy: { keyId: "k", rotate: 60_000, keepRefusedPayloads: false },
  };
})();
/** The same, and what nobody named refuses the message. */
const REJECTING: Rules = {
  ...RULES,
  profiles: Object.fromEntries(
    Object.entries(RULES.profiles).map(([name, one]) => [name, { ...one, unknownFields: "reject" as const }]),
  ),
};

const planted: fc.Arbitrary<unknown> = fc.constantFrom<unknown>(...PLANTED, ...PLACES);
/** A value that is personal, or nearly: a text around it, a list, an object with it as key or value. */
const personal: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: planted },
  planted.map((value) => `x${value}`),
  planted.map((value) => [value]),
  planted.map((value) => ({ [String(value)]: value })),
  fc.constantFrom<unknown>(null, true, 7, "2026-03-01T12:34:56Z"),
);
/** Where numbers stand for themselves: times, sequences, fields that are not redacted. */
const text = personal.filter((value) => typeof value !== "number");
const maybe = (value: fc.Arbitrary<unknown>) => fc.option(value, { nil: undefined, freq: 3 });

const report: fc.Arbitrary<unknown> = fc.record({
  ts: fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: -90_000, max: 400_000 }).map((n) => START + n) },
    text,
  ),
  seq: maybe(fc.oneof(fc.nat({ max: 9 }), text)),
  badge: maybe(personal),
  card: maybe(fc.oneof(fc.record({ holder: personal, other: personal }), personal)),
  note: maybe(personal),
  seen: maybe(personal),
  gps: maybe(fc.oneof(fc.tuple(fc.constantFrom(...PLACES), personal), personal)),
  room: maybe(fc.oneof(fc.constantFrom(...PLANTED), personal)),
  // Numbers stand for themselves here: this field is not redacted.
  level: fc.oneof({ weight: 5, arbitrary: fc.integer({ min: -1, max: 11 }) }, fc.constantFrom(...PLANTED)),
  door: maybe(fc.oneof(fc.boolean(), fc.constantFrom(...PLANTED))),
  extra: maybe(personal),
}).chain((record) =>
  maybe(fc.constantFrom(...PLANTED)).map((key) =>
    key === undefined ? record : { ...record, [String(key)]: 1 }
  )
);

const payload: fc.Arbitrary<string> = fc.oneof(
  { weight: 8, arbitrary: report.map((value) => JSON.stringify(value)) },
  { weight: 1, arbitrary: fc.array(report, { maxLength: 3 }).map((value) => JSON.stringify(value)) },
  { weight: 1, arbitrary: personal.map((value) => JSON.stringify(value)) },
  { weight: 1, arbitrary: planted.map(String) },
  // Cut anywhere: the parser's words would quote it.
  {
    weight: 2,
    arbitrary: fc.tuple(report, fc.nat({ max: 80 })).map(([r, n]) => JSON.stringify(r).slice(0, n)),
  },
  { weight: 1, arbitrary: planted.map((value) => `{"badge":"${value}","deep":[[[[[["${value}"]]]]]]}`) },
  { weight: 1, arbitrary: planted.map((value) => JSON.stringify({ level: 1, note: `${value}`.repeat(60) })) },
);

const person = fc.constantFrom(...PLANTED, ...PLANTED, "", "\u0001Grace Hopper", "al\\");
const message = fc.record({
  topic: fc.tuple(person, person, person).map((levels) => `house/${levels.join("/")}/x`),
  payload,
  after: fc.constantFrom(0, 0, 10, 1_000, 12_000, 70_000),
});

function assertNothing(text: string, where: string): void {
  const found = SECRETS.filter((secret) => text.includes(secret));
  assertEquals(found, [], `${where}: ${text.slice(0, 2_000)}`);
}

Deno.test("R1 to R15 whatever is sent, no planted value is in a point, refusal, alert, checkpoint or explanation", () => {
  const latin = new TextDecoder("latin1");
  fc.assert(
    fc.property(
      fc.array(message, { minLength: 1, maxLength: 25, size: "max" }),
      fc.boolean(),
      (messages, strict) => {
        const rules = strict ? REJECTING : RULES;
        const bench = new RiverBench(rules, KEYRING);
        let elapsed = 0;
        for (const { topic, payload, after } of messages) {
          elapsed += after;
          bench.message(messageOf(topic, payload), { elapsed });
          const told = explain(rules, topic, new TextEncoder().encode(payload), START, KEYRING);
          assertNothing(JSON.stringify(told.steps), "explain");
        }
        bench.tick(elapsed + 100_000);
        assertNothing(bench.out.log.join("\n"), "output");
        assertNothing(latin.decode(encodeCheckpoint(snapshotRiver(bench.river))), "checkpoint");
      },
    ),
    { numRuns: 250 },
  );
});

Deno.test("the traffic of that property makes points, alerts, and refusals of every kind", () => {
  const reasons = new Set<string>();
  let points = 0;
  let alerts = 0;
  for (
    const messages of fc.sample(fc.array(message, { minLength: 10, maxLength: 25, size: "max" }), {
      numRuns: 150,
      seed: 7,
    })
  ) {
    const bench = new RiverBench(REJECTING, KEYRING);
    let elapsed = 0;
    for (const { topic, payload, after } of messages) {
      bench.message(messageOf(topic, payload), { elapsed: elapsed += after });
    }
    bench.tick(elapsed + 100_000);
    for (const reason of bench.out.reasons) reasons.add(reason);
    points += bench.out.points.length;
    alerts += bench.out.alerts.length;
  }
  assert(points > 30 && alerts > 20, `${points} points, ${alerts} alerts`);
  const wanted = [
    "bad_tag",
    "bad_time",
    "cardinality",
    "missing_field",
    "range",
    "rate",
    "too_deep",
    "too_long",
    "type",
  ];
  assertEquals(wanted.filter((reason) => !reasons.has(reason)), [], [...reasons].sort().join(" "));
  for (const reason of ["undecodable", "unknown_field", "payload_too_large"]) {
    assert(reasons.has(reason), reason);
  }
});
