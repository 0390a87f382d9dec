import { assert, assertEquals, assertThrows } from "@std/assert";
import type { AlertEvent, Point, Refused } from "../../src/model/mod.ts";
import { River } from "../../src/pipeline/mod.ts";
import { BYTE_MUTATORS } from "./kit/byte_mutators.ts";
import { holdBooks, holdBounds } from "./kit/bounds.ts";
import { caseOf, Finding, FORMATS, fuzz, replayCase, shippedProfiles, shrunk } from "./kit/mod.ts";
import { Dice } from "./kit/dice.ts";
import { fuzzRules, KEYRING } from "./kit/rules.ts";
import { changed } from "./kit/value_mutators.ts";
import { Watch } from "./kit/watch.ts";

const shipped = await shippedProfiles();
const rules = fuzzRules(shipped.profiles, false);

Deno.test("the same seed gives the same payloads, and they fare alike", async () => {
  const [one, other] = [await once(5), await once(5)];
  assertEquals(one, other);
  assert(JSON.stringify(one) !== JSON.stringify(await once(6)));
});

async function once(seed: number): Promise<unknown> {
  const run = await fuzz({ formats: FORMATS, payloads: 2_000, seed });
  return [[...run.watch.reasons].sort(), run.watch.points, run.river.totals];
}

Deno.test("every kind of damage changes most payloads, and never the one that it was given", () => {
  const dice = new Dice(1);
  const real = new TextEncoder().encode('{"ts":1764000000000,"temperature":21.5,"label":"Öl","list":[1,2]}');
  for (const damage of BYTE_MUTATORS) {
    const before = real.slice();
    const results = Array.from({ length: 50 }, () => damage(real, dice, () => real));
    assertEquals(real, before);
    const others = results.filter((bytes) => bytes.toHex() !== real.toHex());
    assert(others.length > 25, `${damage.name} changed ${others.length} of 50`);
    // Nothing to damage is no reason to fail.
    damage(new Uint8Array(), dice, () => new Uint8Array());
  }
});

Deno.test("what a device means is changed in a copy, also within what it holds", () => {
  const dice = new Dice(2);
  const real = { ts: 1, card: { number: "0004711", holder: "x" } };
  const texts = new Set(Array.from({ length: 200 }, () => Deno.inspect(changed(real, dice))));
  assertEquals(real, { ts: 1, card: { number: "0004711", holder: "x" } });
  assert(texts.size > 150, `${texts.size} different ones of 200`);
  assert([...texts].some((text) => text.includes("ts: 1") && !text.includes("0004711")));
});

Deno.test("shrinking leaves as few as still fail, in their order", async () => {
  const items = Array.from({ length: 500 }, (_, n) => n);
  let asked = 0;
  const fails = (some: readonly number[]): Promise<boolean> => {
    asked++;
    return Promise.resolve(some.includes(7) && some.includes(400));
  };
  assertEquals(await shrunk(items, fails), [7, 400]);
  assert(asked < 200, `${asked} times`);
});

Deno.test("a finding becomes the fewest and shortest messages that bring it about", async () => {
  const { stretch } = await fuzz({ formats: ["json", "cbor"], payloads: 1_500, seed: 3 });
  const marked = { kind: "message", message: message("fuzz/x", `${"y".repeat(300)}!`) } as const;
  const stamp = { receivedAt: 0, elapsed: 0, implausible: false };
  const records = Array.from({ length: 900 }, (_, n) => ({
    position: n + 1,
    stamp,
    content: n % 400 === 100 ? marked : { ...marked, message: message("fuzz/x", `${n}`) },
  }));
  const finding = new Finding("planted", "two with a mark");
  const found = await caseOf(
    shipped,
    finding,
    { ...stretch, records },
    rules,
    ({ messages }) =>
      Promise.resolve(messages.filter(({ payload }) => atob(payload).includes("!")).length >= 2),
  );
  assertEquals(found?.messages.map(({ payload }) => atob(payload)), ["!", "!"]);
  assertEquals(found?.checkpoint, undefined);
});

function message(topic: string, text: string) {
  const payload = new TextEncoder().encode(text);
  return { topic, payload, connection: 1, packetId: 1, dup: false, retain: false, userProperties: [] };
}

const point: Point = {
  stream: {
    deviceIndex: 0,
    device: "d",
    profile: "cold-chain-tracker",
    measurement: "m",
    tags: [["a", "b"]],
  },
  fields: [{ name: "latitude", type: "float", value: 52.52 }],
  ms: 1,
  ns: 0,
  readings: 1,
  correction: false,
};

const alert: AlertEvent = {
  transition: "firing",
  alert: "hot d temperature",
  rule: "hot",
  severity: "info",
  device: "d",
  tags: [],
  field: "temperature",
  value: 90,
  unit: null,
  limit: "80",
  at: 1,
  firedAt: 1,
  receivedAt: 1,
  notify: [],
  summary: "hot",
  reason: null,
};

const refused: Refused = {
  what: "message",
  refusal: { reason: "type" },
  inboxPosition: 1,
  topic: "fuzz/access-controller/json/none/d",
  payload: new TextEncoder().encode('{"card":{"number":"****711"}}'),
  redacted: true,
  device: "d",
  receivedAt: 1,
  readings: 0,
};

function says(what: (watch: Watch) => void): void {
  what(new Watch(rules));
}

Deno.test("the watch lets sound output pass, and finds whatever breaks a promise", () => {
  says((watch) => watch.point(point));
  says((watch) => watch.refused(refused));
  says((watch) => watch.alert(alert));
  const bad: readonly (readonly [string, (watch: Watch) => void])[] = [
    ["line", (watch) => watch.point({ ...point, fields: [{ name: "x", type: "float", value: NaN }] })],
    ["line", (watch) => watch.point({ ...point, stream: { ...point.stream, measurement: "a\nb" } })],
    ["line", (watch) => watch.point({ ...point, fields: [{ name: "x\\", type: "float", value: 1 }] })],
    [
      "privacy",
      (watch) => watch.point({ ...point, fields: [{ name: "latitude", type: "float", value: 52.5163 }] }),
    ],
    [
      "privacy",
      (watch) =>
        watch.refused({ ...refused, payload: new TextEncoder().encode('{"card":{"number":"0004711"}}') }),
    ],
    [
      "privacy",
      (watch) => watch.refused({ ...refused, payload: new TextEncoder().encode("0004711 as it came") }),
    ],
    [
      "internal",
      (watch) => watch.refused({ ...refused, refusal: { reason: "internal", found: "x is not a function" } }),
    ],
    ["words", (watch) => watch.refused({ ...refused, refusal: { reason: "type", found: "a\nb" } })],
    ["alert", (watch) => watch.alert({ ...alert, summary: "x".repeat(5_000) })],
  ];
  for (const [kind, what] of bad) {
    const error = assertThrows(() => says(what), Finding);
    assertEquals(error.kind, kind, error.message);
  }
});

Deno.test("books that do not balance and state beyond its limits are findings", () => {
  const river = new River(rules, [], KEYRING);
  const nothing = { delivered: () => 0 };
  holdBooks(river, nothing);
  holdBounds(river, rules.limits);
  river.totals.received++;
  assertEquals(assertThrows(() => holdBooks(river, nothing), Finding).kind, "ledger");
  river.memory.sparkplug.metrics = rules.limits.series + 1;
  assertEquals(assertThrows(() => holdBounds(river, rules.limits), Finding).kind, "bounds");
});

Deno.test("a case without messages breaks nothing", () => {
  replayCase(shipped, { what: "nothing", strict: true, messages: [] });
});
