import { assert, assertEquals } from "@std/assert";
import { connectPublisher } from "../support/publisher.ts";
import { contentOf, influx1, siteConfig, siteProfiles } from "../support/river_site.ts";
import { Site } from "../support/site.ts";
import { seriesKey } from "../support/oracle.ts";

const NOW = Date.now() - 60_000;

/** What becomes of a message: refused for a reason, or its temperature is in the database. */
interface Case {
  readonly name: string;
  readonly topic?: string;
  readonly payload?: string | Uint8Array;
  /** Reason of the whole message's refusal; `undefined`: it is taken. */
  readonly refused?: string;
  /** Reasons of single readings' refusals. */
  readonly without?: readonly string[];
}

/** A message of a device as it should be, with more fields or other ones. */
function message(fields: string): string {
  return `{"ts":${NOW},"temperature":21.5${fields}}`;
}

const nested = (levels: number): string => `${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`;

const PAYLOADS: readonly Case[] = [
  { name: "no JSON", payload: "temperature=21", refused: "undecodable" },
  { name: "half of a JSON", payload: '{"ts": 1, "temperature":', refused: "undecodable" },
  { name: "empty", payload: "", refused: "undecodable" },
  { name: "null", payload: "null", refused: "no_readings" },
  { name: "a list of lists", payload: "[[[]]]", refused: "missing_field" },
  { name: "invalid UTF-8", payload: Uint8Array.of(0x7b, 0xff, 0xfe, 0x7d), refused: "undecodable" },
  { name: "zero bytes", payload: new Uint8Array(1_000), refused: "undecodable" },
  { name: "NaN", payload: `{"ts":${NOW},"temperature":NaN}`, refused: "undecodable" },
  { name: "Infinity", payload: `{"ts":${NOW},"temperature":-Infinity}`, refused: "undecodable" },
  { name: "a text for a number", payload: `{"ts":${NOW},"temperature":"NaN"}`, refused: "type" },
  { name: "1e400", payload: `{"ts":${NOW},"temperature":1e400}`, refused: "range" },
  { name: "an object for a number", payload: `{"ts":${NOW},"temperature":{"toString":1}}`, refused: "type" },
  { name: "no time", payload: '{"temperature":21.5}', refused: "missing_field" },
  { name: "a time that is no number", payload: '{"ts":"soon","temperature":21.5}', refused: "bad_time" },
  { name: "2^63 as time", payload: '{"ts":9223372036854775808,"temperature":21.5}', without: ["future"] },
  { name: "10 MB", payload: message(`,"label":"${"x".repeat(10_000_000)}"`), refused: "payload_too_large" },
  { name: "10,000 levels", payload: message(`,"a":${nested(10_000)}`), refused: "too_deep" },
  { name: "10,000 open brackets", payload: "[".repeat(10_000), refused: "too_deep" },
  {
    name: "20,000 keys",
    payload: `{${Array.from({ length: 20_000 }, (_, n) => `"k${n}":1`).join()}}`,
    refused: "too_many_keys",
  },
  { name: "2^63 for an integer", payload: message(',"battery":9223372036854775808'), without: ["range"] },
  { name: "a fraction for an integer", payload: message(',"battery":1.5'), without: ["type"] },
  { name: "__proto__", payload: message(',"__proto__":{"humidity":50}') },
  { name: "constructor", payload: message(',"constructor":{"prototype":{"humidity":50}}') },
  { name: "a key twice", payload: `{"ts":${NOW},"temperature":99,"temperature":21.5}` },
  { name: "half a surrogate pair", payload: message(',"label":"\\ud800"'), without: ["type"] },
  { name: "a text too long", payload: message(`,"label":"${"x".repeat(100)}"`), without: ["too_long"] },
];

const LABELS = [
  'say "hi"',
  "back\\slash\\",
  "comma, equals=, space",
  'a\\"b',
  "🌡️ 21 °C",
  "#no comment",
  "'; DROP",
];

/** Levels of a topic that end up as tags. */
const LEVELS: readonly Case[] = [
  { name: "space", topic: "with space" },
  { name: "comma and equals", topic: "a,b=c" },
  { name: "quotes", topic: `d"q'` },
  { name: "dollar", topic: "$SYS" },
  { name: "emoji", topic: "🚀🌡️" },
  { name: "backslash in the middle", topic: "a\\b" },
  { name: "backslash before a comma", topic: "a\\,b", refused: "bad_tag" },
  { name: "only dots", topic: ".." },
  { name: "__proto__", topic: "__proto__" },
  { name: "trailing backslash", topic: "d\\", refused: "bad_tag" },
  { name: "empty", topic: "", refused: "bad_tag" },
  { name: "60,000 characters", topic: "x".repeat(60_000), refused: "bad_tag" },
];

Deno.test("hostile payloads and topics harm only themselves: refused with a reason or written as they are, never a blocked batch", async () => {
  await using site = await Site.open();
  if (site === undefined) return;
  const gateway = await site.gateway({
    config: siteConfig(site.broker.url(), influx1(site.database)),
    profiles: await siteProfiles(),
  });
  const { pid } = gateway;
  const device = await connectPublisher(site.broker.url());
  site.use({ [Symbol.asyncDispose]: () => device.close() });

  let good = 0;
  let received = 0;
  const publish = async (topic: string, payload: string | Uint8Array): Promise<void> => {
    received++;
    await device.publish(topic, payload);
  };
  const between = (): Promise<void> =>
    publish("site/north/climate/good", JSON.stringify({ ts: NOW + good, seq: good++, temperature: 20 }));
  await between();
  for (const { payload = "" } of PAYLOADS) {
    await publish("site/north/climate/hostile", payload);
    await between();
  }
  for (const [n, label] of LABELS.entries()) {
    await publish("site/north/climate/labels", JSON.stringify({ ts: NOW + n, temperature: 20, label }));
    await between();
  }
  for (const { topic } of LEVELS) {
    await publish(`site/north/climate/${topic}`, message(""));
    await publish(`site/${topic}/climate/level`, message(""));
    await between();
  }
  await publish("elsewhere/x", "not for us");
  const ledger = await gateway.atRest(received - 1);

  // Every refusal with its reason, in order.
  const wanted = PAYLOADS.flatMap(({ name, refused, without = [] }) =>
    [...(refused === undefined ? [] : [refused]), ...without].map((reason) => `${name}: ${reason}`)
  );
  for (const { name, refused } of LEVELS) {
    if (refused !== undefined) wanted.push(`${name}: ${refused}`, `${name}: ${refused}`);
  }
  const { items } = (await gateway.get("/api/v1/quarantine?limit=200")).body;
  const reasons: string[] = items.map((item: { reason: string }) => item.reason).reverse();
  assertEquals(reasons.map((reason, n) => `${wanted[n]?.split(":")[0]}: ${reason}`), wanted);

  const whole = PAYLOADS.filter(({ refused }) => refused !== undefined).length +
    2 * LEVELS.filter(({ refused }) => refused !== undefined).length;
  assertEquals([ledger.messages.quarantined, ledger.messages.processed], [whole, received - 1 - whole]);
  assertEquals([ledger.points.refused, ledger.readings.refused, ledger.readings.late], [0, 0, 0]);
  assert(ledger.balanced);
  assertEquals([gateway.pid, (await gateway.get("/healthz")).status], [pid, 200]);

  // The good readings, one by one, and the texts and tags to the last character.
  const content = await contentOf(site.database, ["climate"]);
  const key = (siteName: string, name: string): string =>
    seriesKey("climate", [["device", name], ["run", "test"], ["site", siteName]]);
  const at = (n: number): bigint => BigInt(NOW + n) * 1_000_000n;
  for (let n = 0; n < good; n++) {
    assertEquals(content.value(key("north", "good"), at(n), "raw_temperature"), 2_000, `good ${n}`);
  }
  for (const [n, label] of LABELS.entries()) {
    assertEquals(content.value(key("north", "labels"), at(n), "label"), label);
  }
  for (const { name, topic = "", refused } of LEVELS) {
    const expected = refused === undefined ? 2_150 : undefined;
    assertEquals(content.value(key("north", topic), at(0), "raw_temperature"), expected, name);
    assertEquals(content.value(key(topic, "level"), at(0), "raw_temperature"), expected, name);
  }
  const hostile = content.get(key("north", "hostile"));
  assertEquals(
    hostile?.columns.map((column) => column.name).filter((name) => /humidity|battery|label/.test(name)),
    [],
  );
});
