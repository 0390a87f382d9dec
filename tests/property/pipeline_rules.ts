/**
 * Rules for the made-up traffic: windows of other lengths, limits that bite, other alerts, personal data, every format.
 * @module
 */
import { Keyring } from "../../src/enrich/mod.ts";
import type { Aggregate, AlertRule, Downsample, Redaction, Rules } from "../../src/model/mod.ts";
import { field, NONE, profile, rulesOf, windowed } from "../unit/pipeline/river_bench.ts";
import { withPacked } from "./packed_traffic.ts";
import { withSparkplug } from "./sparkplug_traffic.ts";

/** The fields of the made-up devices under a window of so many seconds. */
function fieldsOf(every: number, aggregates: readonly Aggregate[], door: Downsample, slow: Downsample) {
  const window = windowed({ every, aggregates, lateness: 1_000, idleAfter: 5_000, hold: 8_000 });
  return [
    field("t", window, "float", { range: [-10, 100], unit: "degC" }),
    field("n", windowed({ every: 2 * every, aggregates: ["last"] }), "int"),
    field("door", door, "boolean"),
    field("mode", windowed({ every, aggregates: ["first", "last", "count"] }), "string", { maxLength: 4 }),
    field("raw", NONE),
    field("slow", slow),
  ];
}

const alert: AlertRule = {
  name: "hot",
  profile: null,
  device: null,
  topic: null,
  tags: {},
  field: "t",
  condition: { kind: "above", limit: 2, clear: 1 },
  for: 0,
  severity: "critical",
  notify: ["ops"],
  summary: "",
};

const ALERTS: readonly AlertRule[] = [
  alert,
  { ...alert, name: "silent", field: null, condition: { kind: "silent", silentFor: 40_000 } },
  { ...alert, name: "first", field: "raw", topic: "plant/d0", condition: { kind: "equals", value: 1 } },
  { ...alert, name: "stuck", field: "n", condition: { kind: "unchanged", unchangedFor: 3_000 } },
];

const CHANGE: Downsample = { kind: "change", heartbeat: 5_000 };
const LONG = windowed({ every: 60_000, aggregates: ["mean", "stddev", "sum", "min", "max"] });
const PLAIN = profile(fieldsOf(10_000, ["mean", "count", "first", "last"], CHANGE, LONG), {
  sequence: ["seq"],
  unknownFields: "keep",
});

/** Events and logs: tags of the payload, percentiles, and only a part of the messages. */
const EVENTS = profile(
  [
    ...fieldsOf(5_000, ["p50", "max", "p99"], CHANGE, NONE),
    field("sev", NONE, "string", { tag: true, values: ["info", "err", "crit", "\n"] }),
    field("zone", NONE, "string", { tag: true }),
  ],
  { sequence: ["seq"], sample: { keep: 1, of: 2, except: { sev: ["crit"], door: [true] } } },
);

/** The keys that the rules of personal data ask for. */
export const KEYRING: Keyring = new Keyring();
KEYRING.add("k1", "the first key of the made-up plant");
KEYRING.add("k2", "the key that came after the first one");

/** Personal data: devices and texts hashed under a key that changes, tags of the payload masked, numbers coarser. */
function personal(keyId: string, rotate: number): Rules {
  const redactions: Readonly<Record<string, Redaction>> = {
    t: { kind: "grid", to: 2 },
    n: { kind: "drop" },
    mode: { kind: "hash", digits: 16 },
    sev: { kind: "hash", digits: 20 },
    zone: { kind: "mask", keep: 1 },
  };
  const fields = EVENTS.fields.map((rule) => {
    const redact = redactions[rule.name];
    return redact === undefined ? rule : { ...rule, redact };
  });
  const rules = withPacked(rulesOf({ ...EVENTS, fields, unknownFields: "reject" }, {
    alerts: ALERTS,
    receiveMaximum: 8,
  }));
  return {
    ...rules,
    subscriptions: rules.subscriptions.map((one) => ({
      ...one,
      redact: { device: { kind: "hash", digits: 16 } } as const,
    })),
    privacy: { keyId, rotate, keepRefusedPayloads: false },
  };
}

/** Rules of every kind: windows of other lengths, limits that bite, other alerts, other depths. */
export const RULE_SETS: readonly Rules[] = [
  withPacked(withSparkplug(rulesOf(PLAIN, { alerts: ALERTS, receiveMaximum: 8 }))),
  withPacked(rulesOf(
    profile(fieldsOf(4_000, ["sum", "stddev"], NONE, CHANGE), {
      sequence: ["seq"],
      unknownFields: "keep",
      keep: windowed({ every: 3_000 }),
    }),
    { limits: { windows: 6 }, alerts: ALERTS.slice(1), receiveMaximum: 3 },
  )),
  rulesOf(profile(fieldsOf(15_000, ["max"], windowed({ aggregates: ["last"] }), NONE), { time: null }), {
    limits: { devices: 3, series: 9, deviceRate: 2 },
    receiveMaximum: 8,
  }),
  rulesOf({ ...PLAIN, measurement: "oven" }, { limits: { windows: 3, payload: 60 }, receiveMaximum: 1 }),
  {
    ...rulesOf({ ...PLAIN, unknownFields: "reject" }),
    subscriptions: [
      { topic: "bare/{device}/{field}", profile: "kiln", format: "value", tags: { kind: "bare" } },
      { topic: "plant/{device}", profile: "kiln", format: "json", tags: {} },
    ],
  },
  withPacked(withSparkplug(rulesOf(EVENTS, { alerts: ALERTS, receiveMaximum: 8 }))),
  rulesOf({ ...EVENTS, time: null }, { limits: { series: 7, windows: 5 }, alerts: ALERTS.slice(1) }),
  withSparkplug(personal("k1", 86_400_000)),
  withSparkplug(personal("k2", 60_000)),
];

const CALM_AGGREGATES: readonly Aggregate[] = [
  ...(["mean", "count", "first", "last", "min", "max", "sum", "stddev"] as const),
  ...(["p50", "p90", "p95", "p99"] as const),
];

/** The same rules without any limit that could bite. */
export const CALM_RULES: Rules = rulesOf(
  profile(fieldsOf(10_000, CALM_AGGREGATES, CHANGE, LONG), {
    sequence: ["seq"],
  }),
);
