import { assert, assertEquals, assertThrows } from "@std/assert";
import { createHmac, hkdfSync } from "node:crypto";
import { Keyring, MissingKey, Redactor } from "../../../src/enrich/mod.ts";
import {
  type FieldRule,
  type FieldType,
  keyIdOf,
  masked,
  type PrivacyRule,
  type Redaction,
  type Refusal,
  type Value,
} from "../../../src/model/mod.ts";
import { field, NONE, profile } from "../pipeline/river_bench.ts";

const MASTER = "a master key that nobody can guess, 48 characters";
const RULE: PrivacyRule = { keyId: keyIdOf(MASTER), rotate: null, keepRefusedPayloads: false };
const KEYRING = new Keyring();
KEYRING.add(keyIdOf(MASTER), MASTER);

function rule(type: FieldType, redact: Redaction, more: Partial<FieldRule> = {}): FieldRule {
  return field("f", NONE, type, { redact, ...more });
}

function redactor(rules: readonly FieldRule[], privacy: PrivacyRule = RULE): Redactor {
  return new Redactor(profile(rules), privacy, KEYRING.hasher(privacy));
}

/** What leaves of one value: the value, `undefined` where nothing does, or the refusal. */
function leaves(
  type: FieldType,
  redact: Redaction,
  value: Value,
  receivedAt = 0,
  privacy = RULE,
): Value | Refusal | undefined {
  const one = rule(type, redact);
  const record = { fields: [{ rule: one, index: 0, value }], refusals: [], tags: [] };
  const { fields, refusals } = redactor([one], privacy).record(record, receivedAt);
  return fields[0]?.value ?? refusals[0];
}

const MASKED: readonly [string, number, string][] = [
  ["4711-0815", 4, "*****0815"],
  ["0815", 4, "****"],
  ["1", 4, "*"],
  ["", 4, ""],
  ["abcdef", 0, "******"],
  // Characters, not halves of them.
  ["Zoë🦊🦊", 1, "****🦊"],
];

Deno.test("R8 a mask keeps the last characters, and hides a text whole that is no longer than that", () => {
  for (const [text, keep, expected] of MASKED) {
    assertEquals(masked(text, keep), expected);
    assertEquals(leaves("string", { kind: "mask", keep }, text), expected);
  }
});

const ROUNDED: readonly [FieldType, number, number, number][] = [
  ["float", 0.01, 52.520008, 52.52],
  ["float", 0.01, -13.404954, -13.4],
  ["float", 0.01, 0.004, 0],
  ["float", 0.01, -0.004, 0],
  ["float", 0.1, 0.35, 0.4],
  ["float", 0.3, 1, 0.8999999999999999],
  ["float", 5, 52.520008, 55],
  ["float", 1e-3, 1e300, 1e300],
  ["int", 100, 1_849, 1_800],
  ["int", 10, Number.MAX_SAFE_INTEGER, 9_007_199_254_740_990],
];

Deno.test("R9 a number becomes the nearest multiple", () => {
  for (const [type, to, value, expected] of ROUNDED) {
    assertEquals(leaves(type, { kind: "grid", to }, value), expected, `${value} to ${to}`);
  }
});

const HOUR = 3_600_000;
const CUT: readonly [FieldType, Redaction, Value, Value][] = [
  ["string", { kind: "span", to: HOUR, unit: "iso8601" }, "2026-03-01T12:34:56Z", "2026-03-01T12:00:00.000Z"],
  [
    "string",
    { kind: "span", to: HOUR, unit: "iso8601" },
    "2026-03-01T12:34:56+01:00",
    "2026-03-01T11:00:00.000Z",
  ],
  [
    "string",
    { kind: "span", to: 24 * HOUR, unit: "iso8601" },
    "1969-12-31T23:00:00Z",
    "1969-12-31T00:00:00.000Z",
  ],
  ["int", { kind: "span", to: HOUR, unit: "s" }, 7_199, 3_600],
  ["int", { kind: "span", to: HOUR, unit: "ms" }, -1, -HOUR],
  ["float", { kind: "span", to: HOUR, unit: "us" }, 3_600_000_001.5, 3_600_000_000],
  ["float", { kind: "span", to: HOUR, unit: "ns" }, 7_199e9, 3_600e9],
];

Deno.test("R9 a moment is cut down to the beginning of its span, in UTC", () => {
  for (const [type, redaction, value, expected] of CUT) {
    assertEquals(leaves(type, redaction, value), expected, String(value));
  }
});

Deno.test("R9 a text that is no moment is refused, and not quoted", () => {
  assertEquals(leaves("string", { kind: "span", to: HOUR, unit: "iso8601" }, "half past nine"), {
    reason: "type",
    field: "f",
    allowed: "a date and time with its zone, as 2026-03-01T12:00:00Z",
    hint: "its value is not shown",
  });
});

Deno.test("R10 a dropped field is no reading", () => {
  assertEquals(leaves("float", { kind: "drop" }, 52.5), undefined);
});

Deno.test("R4 R5 a hash is HMAC-SHA-256 under a key that HKDF-SHA-256 makes of the master key", () => {
  const key = hkdfSync("sha256", MASTER, "", "sluice redaction lasting", 32);
  const expected = createHmac("sha256", new Uint8Array(key)).update("Zoë").digest("hex");
  assertEquals(leaves("string", { kind: "hash", digits: 16 }, "Zoë"), expected.slice(0, 16));
  assertEquals(leaves("string", { kind: "hash", digits: 32 }, "Zoë"), expected.slice(0, 32));
});

Deno.test("R6 R7 with rotate a field's hash belongs to the period of the receipt, a tag's stays", () => {
  const privacy = { ...RULE, rotate: 30 * 24 * HOUR };
  const at = (receivedAt: number) =>
    leaves("string", { kind: "hash", digits: 16 }, "4711", receivedAt, privacy);
  assertEquals(at(0), at(30 * 24 * HOUR - 1));
  assert(at(0) !== at(30 * 24 * HOUR));
  // Back again, as in a replay.
  assertEquals(at(0), at(0));
  assertEquals(at(0) === leaves("string", { kind: "hash", digits: 16 }, "4711"), false);

  const tag = rule("string", { kind: "hash", digits: 16 }, { tag: true });
  const tags = (receivedAt: number) =>
    redactor([tag], privacy).record({ fields: [], refusals: [], tags: [["f", "4711"]] }, receivedAt).tags;
  assertEquals(tags(0), tags(30 * 24 * HOUR));
  assertEquals(tags(0), [["f", KEYRING.hasher(privacy).lasting("4711", 16)]]);
});

Deno.test("R5 a key that is not there is an error, never a plain value", () => {
  const unknown = { ...RULE, keyId: "0000" };
  assertThrows(() => leaves("string", { kind: "hash", digits: 16 }, "4711", 0, unknown), MissingKey, "0000");
});

Deno.test("R11 a refusal quotes nothing but numbers out of range of fields that are not redacted", () => {
  const badge = field("badge", NONE, "string", { redact: { kind: "mask", keep: 4 } });
  const level = field("level", NONE, "float", { range: [0, 10] });
  const mode = field("mode", NONE, "string", { values: ["on", "off"] });
  const closed = redactor([badge, level, mode]);
  const of = (refusal: Refusal): Refusal => closed.refusal(refusal);
  assertEquals(of({ reason: "range", field: "level", found: "12", allowed: "0 … 10" }), {
    reason: "range",
    field: "level",
    found: "12",
    allowed: "0 … 10",
  });
  assertEquals(
    of({ reason: "type", field: "level", found: "secret", allowed: "a number", hint: "it is a text" }),
    {
      reason: "type",
      field: "level",
      allowed: "a number",
      hint: "it is a text",
    },
  );
  assertEquals(of({ reason: "too_long", field: "badge", found: "secret", hint: "it has 6" }), {
    reason: "too_long",
    field: "badge",
  });
  assertEquals(of({ reason: "range", field: "mode", found: "secret", hint: "secret" }), {
    reason: "range",
    field: "mode",
  });
  assertEquals(of({ reason: "unknown_field", field: "secret", found: "secret" }), {
    reason: "unknown_field",
  });
  assertEquals(of({ reason: "undecodable", found: "secret", hint: "the parser says: secret" }), {
    reason: "undecodable",
  });
  assertEquals(of({ reason: "bad_tag", field: "zone", found: "secret" }), { reason: "bad_tag" });
  const rate: Refusal = { reason: "rate", allowed: "5/s" };
  assertEquals(of(rate), rate);
});

Deno.test("R12 of a refused payload is shown what the profile names, with redacted values in their places", () => {
  const rules = [
    field("badge", NONE, "string", { path: ["card", "number"], redact: { kind: "mask", keep: 2 } }),
    field("lat", NONE, "float", { path: ["gps", 0], scale: 1e-7, redact: { kind: "grid", to: 0.01 } }),
    field("lon", NONE, "float", { path: ["gps", 1], redact: { kind: "drop" } }),
    field("level", NONE, "float"),
    field("mode", NONE, "string"),
  ];
  const show = (values: unknown): unknown => JSON.parse(redactor(rules).shown([{ values }], undefined, 0));
  assertEquals(
    show({
      ts: 5,
      card: { number: "4711", holder: "Zoë" },
      gps: [525_200_080, 13.404],
      level: 3,
      mode: "on",
      Zoë: 1,
    }),
    {
      ts: 5,
      card: { number: "**11" },
      gps: [525_200_000, "[redacted]"],
      level: 3,
      mode: "on",
      "[not shown]": "1 that the profile does not name",
    },
  );
  // Of another type than its field, a value may be another field's.
  assertEquals(show({ ts: "Zoë", card: "4711", level: "4711", mode: 4711, gps: ["x", null] }), {
    ts: "[not shown]",
    level: "[not shown]",
    mode: "[not shown]",
    gps: ["[redacted]", null],
    "[not shown]": "1 that the profile does not name",
  });
  assertEquals(show(["Zoë"]), []);
  assertEquals(show("Zoë"), "[not shown]");
});

Deno.test("R12 names that every object has are no way out of what is shown", () => {
  const rules = [field("p", NONE, "string", { path: ["__proto__", "x"], redact: { kind: "drop" } })];
  const values: unknown = JSON.parse('{"__proto__":{"x":"Zoë","y":"Zoë"}}');
  assertEquals(redactor(rules).shown([{ values }], undefined, 0), '{"__proto__":{"x":"[redacted]"}}');
  assertEquals(Object.hasOwn(Object.prototype, "x"), false);
});

Deno.test("R13 what does not decode leaves its size, and its hash where there is a key", () => {
  const bytes = new TextEncoder().encode("{not json");
  const digest = (privacy: PrivacyRule): unknown =>
    JSON.parse(redactor([rule("string", { kind: "drop" })], privacy).digest(bytes, 9));
  const hmac = KEYRING.hasher(RULE).lasting(bytes, 32);
  assertEquals(digest(RULE), { redacted: "the whole payload", bytes: 9, hmac });
  assertEquals(digest({ ...RULE, keyId: null }), { redacted: "the whole payload", bytes: 9 });
});
