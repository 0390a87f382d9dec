import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { decoderFor } from "../../src/decode/mod.ts";
import { tagger } from "../../src/enrich/mod.ts";
import {
  type FieldRule,
  type Format,
  type Limits,
  nameProblem,
  parseTemplate,
  type Profile,
  type Reason,
  type Refusal,
  refusalText,
} from "../../src/model/mod.ts";
import { compileProfile, judgeTime, type KeptFields, type Validation } from "../../src/validate/mod.ts";

const LIMITS: Limits = {
  payload: 64 * 1024 * 1024,
  depth: 32,
  keys: 1_000,
  devices: 1,
  series: 1,
  windows: 1,
  deviceRate: 1,
};

function field(name: string, changes: Partial<FieldRule>): FieldRule {
  const plain = { unit: null, range: null, required: false, maxLength: null, scale: 1, offset: 0 };
  return { name, path: [name], type: "float", downsample: { kind: "none" }, ...plain, ...changes };
}

const PROFILE: Profile = {
  name: "hostile",
  description: "",
  measurement: "m",
  time: { path: ["ts"], unit: "ms" },
  sequence: ["seq"],
  expectEvery: null,
  fields: [
    field("temperature", { range: [-40, 125], required: true }),
    field("battery", { type: "int", range: [0, 100] }),
    field("door", { type: "boolean" }),
    field("label", { type: "string", maxLength: 64 }),
    field("vibration", { path: ["sensors", "vib", 0], scale: 9.81 }),
  ],
  unknownFields: "keep",
  keep: { kind: "none" },
  maxFuture: 300_000,
  maxAge: 2_592_000_000,
};

const NOW = 1_790_000_000_000;

const RECEIPT = { topic: "any", receivedAt: NOW, elapsed: 0 };

/** One payload through decode and validate: a verdict for each record, or one refusal. */
function river(
  payload: Uint8Array,
  format: Format,
  profile: Profile,
  kept?: KeptFields,
): readonly Validation[] {
  const decoded = decoderFor(format).decode(payload, LIMITS, RECEIPT);
  if (!decoded.ok) return [decoded];
  const checker = compileProfile(profile, kept);
  const fieldName = format === "value" ? "temperature" : undefined;
  return decoded.records.map((record) => checker.check(record.values, fieldName, record.text));
}

/** Holds a verdict against what the rooms promise. */
function hold(verdict: Validation): void {
  if (!verdict.ok) return holdRefusal(verdict.refusal);
  assert(verdict.fields.length + verdict.refusals.length > 0, "An accepted record without a reading");
  for (const { rule, value } of verdict.fields) {
    if (rule.type === "float") assert(Number.isFinite(value), `${value}`);
    else if (rule.type === "int") assert(Number.isSafeInteger(value), `${value}`);
    else assertEquals(typeof value, rule.type);
    if (typeof value === "string") assert(value.isWellFormed());
    assertEquals(nameProblem(rule.name), undefined);
  }
  verdict.refusals.forEach(holdRefusal);
  if (verdict.moment !== undefined) {
    const { ms, ns } = verdict.moment;
    assert(Number.isInteger(ms) && Number.isInteger(ns) && ns >= 0 && ns < 1_000_000, `${ms} ${ns}`);
    const refusal = judgeTime(ms, NOW, false, PROFILE.maxFuture, PROFILE.maxAge, "ms");
    if (refusal !== undefined) holdRefusal(refusal);
  }
  if (verdict.sequence !== undefined) assert(Number.isSafeInteger(verdict.sequence) && verdict.sequence >= 0);
}

/** A refusal is short, on one line, and can be written anywhere. */
function holdRefusal(refusal: Refusal): void {
  const text = refusalText(refusal);
  assert(text.length < 600 && text.isWellFormed() && !/[\n\r\0]/.test(text), text);
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

const GOOD =
  `{"ts":${NOW},"seq":7,"temperature":21.5,"battery":87,"door":true,"label":"Öl","sensors":{"vib":[1,2]}}`;

const HOSTILE: readonly [string, Uint8Array, Reason][] = [
  ["nothing", new Uint8Array(0), "undecodable"],
  ["no JSON", utf8("temperature=21.5"), "undecodable"],
  ["NaN", utf8('{"temperature":NaN}'), "undecodable"],
  ["Infinity", utf8('{"temperature":Infinity}'), "undecodable"],
  ["1e400", utf8(`{"ts":${NOW},"temperature":1e400}`), "range"],
  ["a text for a number", utf8(`{"ts":${NOW},"temperature":"21.5"}`), "type"],
  ["an object for a number", utf8(`{"ts":${NOW},"temperature":{}}`), "type"],
  ["a text for the time", utf8('{"ts":"now","temperature":1}'), "bad_time"],
  ["2^63 for the sequence", utf8(`{"ts":${NOW},"seq":9223372036854775808,"temperature":1}`), "range"],
  ["invalid UTF-8", Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d), "undecodable"],
  ["UTF-16", Uint8Array.of(0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00), "undecodable"],
  ["a gzip header", Uint8Array.of(0x1f, 0x8b, 0x08, 0x00), "undecodable"],
  ["10,000 levels of arrays", utf8("[".repeat(10_000) + "]".repeat(10_000)), "too_deep"],
  ["10,000 levels of objects", utf8('{"a":'.repeat(10_000) + "1" + "}".repeat(10_000)), "too_deep"],
  ["5 million opening brackets", utf8("[".repeat(5_000_000)), "too_deep"],
  ["10 MB of white space", new Uint8Array(10_000_000).fill(0x20), "undecodable"],
  ["10 MB of digits", new Uint8Array(10_000_000).fill(0x39), "no_readings"],
  ["10 MB of text", utf8(`{"ts":${NOW},"temperature":"${"x".repeat(10_000_000)}"}`), "type"],
  ["10 MB of zero bytes", new Uint8Array(10_000_000), "undecodable"],
  ["10 MB of backslashes in a text", utf8(`"${"\\".repeat(10_000_000)}`), "undecodable"],
  [
    "a million keys",
    utf8(`{${Array.from({ length: 1_000_000 }, (_, n) => `"k${n}":1`).join(",")}}`),
    "too_many_keys",
  ],
  ["a million records", utf8(`[${"{},".repeat(999_999)}{}]`), "too_many_keys"],
  ["a prototype", utf8('{"__proto__":{"temperature":21.5,"ts":1}}'), "missing_field"],
  ["a constructor", utf8('{"constructor":{"prototype":{"temperature":1}}}'), "missing_field"],
  ["a bare number", utf8("21.5"), "no_readings"],
  ["null", utf8("null"), "no_readings"],
];

for (const [what, payload, reason] of HOSTILE) {
  Deno.test(`P6 a payload of ${what} is refused as ${reason}`, () => {
    const verdicts = river(payload, "json", PROFILE);
    verdicts.forEach(hold);
    assertEquals(verdicts.map((one) => one.ok ? "accepted" : one.refusal.reason), [reason]);
    assertEquals(Reflect.get({}, "temperature"), undefined);
  });
}

Deno.test("P6 each hostile payload is judged as a bare value too", () => {
  for (const [, payload] of HOSTILE) river(payload, "value", PROFILE).forEach(hold);
});

Deno.test("P6 a payload beyond the limit is refused before it is read", () => {
  const decoded = decoderFor("json").decode(
    new Uint8Array(10_000_000),
    { ...LIMITS, payload: 262_144 },
    RECEIPT,
  );
  assert(!decoded.ok);
  assertEquals(decoded.refusal.reason, "payload_too_large");
});

Deno.test("P6 each record of a batch gets a verdict of its own", () => {
  const verdicts = river(utf8(`[${GOOD},{"ts":1},7,${GOOD}]`), "json", PROFILE);
  verdicts.forEach(hold);
  assertEquals(verdicts.map((one) => one.ok), [true, false, false, true]);
});

/** Payloads as devices send them, one byte or one stretch off. */
function mutated(): fc.Arbitrary<Uint8Array> {
  const real = fc.constantFrom(
    GOOD,
    `[${GOOD},${GOOD}]`,
    `{"ts":1790000000000123456,"temperature":-1.5e-3,"x":12345678901234567890}`,
    "21.5",
    "true",
    '"text"',
  ).map(utf8);
  const pieces = fc.constantFrom(
    "1e400",
    "-0",
    "null",
    "NaN",
    '"__proto__":',
    '"\\ud800"',
    "9223372036854775808",
    "[[[[",
    "}}}}",
    '"',
    "\\",
    "\u0000",
    "😀",
    ",",
    ":",
    "{}",
  ).map(utf8);
  const change = fc.record({
    at: fc.nat(400),
    remove: fc.nat(12),
    insert: fc.oneof(pieces, fc.uint8Array({ maxLength: 4 })),
  });
  return fc.tuple(real, fc.array(change, { minLength: 1, maxLength: 4 })).map(([payload, changes]) =>
    changes.reduce((bytes, { at, remove, insert }) => {
      const start = at % (bytes.length + 1);
      const rest = bytes.subarray(Math.min(bytes.length, start + remove));
      return Uint8Array.from([...bytes.subarray(0, start), ...insert, ...rest]);
    }, payload)
  );
}

Deno.test("P6 any real payload that was damaged gets a verdict that keeps the promises (property)", () => {
  const profiles = fc.record({
    unknownFields: fc.constantFrom<Profile["unknownFields"]>("ignore", "reject", "keep"),
    time: fc.constantFrom<Profile["time"]>(
      null,
      ...(["s", "ms", "us", "ns", "iso8601"] as const).map((unit) => ({
        path: ["ts"],
        unit,
      })),
    ),
  });
  fc.assert(
    fc.property(mutated(), profiles, fc.constantFrom<Format>("json", "value"), (payload, changes, format) => {
      const profile = { ...PROFILE, ...changes };
      const verdicts = river(payload, format, profile);
      verdicts.forEach(hold);
      assertEquals(river(payload, format, profile), verdicts);
    }),
    { numRuns: 3_000 },
  );
});

Deno.test("P5 kept fields are judged alike wherever the run is cut (property)", () => {
  const profile: Profile = { ...PROFILE, time: null, fields: [field("temperature", {})] };
  const member = fc.tuple(fc.constantFrom("a", "b", "c"), fc.constantFrom<unknown>(1, 1.5, true, "x", null));
  const records = fc.array(fc.array(member, { maxLength: 3 }).map(Object.fromEntries), { maxLength: 12 });
  fc.assert(fc.property(records, fc.nat(12), (all, cut) => {
    const whole = compileProfile(profile);
    const expected = all.map((record) => whole.check(record, undefined));
    const kept: KeptFields = new Map();
    const before = compileProfile(profile, kept);
    const first = all.slice(0, cut).map((record) => before.check(record, undefined));
    const restored: KeptFields = new Map(structuredClone([...kept]));
    const after = compileProfile(profile, restored);
    assertEquals([...first, ...all.slice(cut).map((record) => after.check(record, undefined))], expected);
  }));
});

const TOPICS = [
  "$SYS/x",
  "site/$x/d",
  "site/a b/d",
  "site/a,b=c/d",
  "site/a\nb/d",
  'site/a"b/d',
  "site/a\\/d",
  "site/#a/d",
  "site/😀/d",
  "site//d",
  "site/\ud800/d",
  "site/a/",
  "/",
  "",
  "//////",
  "#",
  "+/+/+",
  `site/${"x".repeat(65_000)}/d`,
  "x/".repeat(32_000),
];

Deno.test("P6 every topic is tagged, refused or not matched, and a tag can always stand in a line (property)", () => {
  const templates = ["site/{site}/{device}", "#", "+/#", "{device}/{a}/{b}", "site/+/{device}"];
  const level = fc.oneof(
    fc.string({ unit: "binary", maxLength: 5 }),
    fc.constantFrom("", "#", "\\", "$", "site"),
  );
  const random = fc.array(level, { maxLength: 5 }).map((all) => all.join("/"));
  const topics = fc.oneof(fc.constantFrom(...TOPICS), random);
  fc.assert(
    fc.property(topics, fc.constantFrom(...templates), (topic, text) => {
      const template = parseTemplate(text);
      assert(!("reason" in template));
      const subscription = { topic: text, profile: "p", format: "json", tags: { line: "a" } } as const;
      const tagging = tagger(subscription, template)(topic);
      if (tagging === undefined) return;
      if (!tagging.ok) {
        assertEquals(tagging.refusal.reason, "bad_tag");
        return holdRefusal(tagging.refusal);
      }
      const names = tagging.tags.map(([name]) => name);
      assertEquals(names, [...new Set(names)].sort());
      for (const [name, value] of tagging.tags) {
        assertEquals([nameProblem(name), nameProblem(value)], [undefined, undefined]);
      }
      assertEquals(tagging.tags.find(([name]) => name === "device")?.[1], tagging.device);
    }),
    { numRuns: 1_000 },
  );
});
