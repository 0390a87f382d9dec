/**
 * Formats of subscriptions: all are taken, and those with topics of their own are held against them.
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { loadConfig } from "../../../src/config/mod.ts";
import { memorySources, small } from "./memory_sources.ts";
import { refuses } from "./refuses.ts";

async function rulesOf(subscriptions: string) {
  const files = { ...small(""), "gateway.yaml": `subscriptions:\n${subscriptions}` };
  const loaded = await loadConfig("gateway.yaml", memorySources(files));
  assert(loaded.ok, JSON.stringify(loaded));
  return loaded;
}

Deno.test("every format is taken, compressed or not", async () => {
  const { rules, warnings } = await rulesOf(`
  - { topic: "json/{device}", profile: room }
  - { topic: "senml/{device}", profile: room, format: senml }
  - { topic: "cbor/{device}", profile: room, format: cbor, compression: gzip }
  - { topic: "msgpack/{device}", profile: room, format: msgpack, compression: none }
  - { topic: "lines/{device}", profile: room, format: line_protocol }
  - { topic: "spBv1.0/{group}/+/{node}/#", profile: room, format: sparkplug_b }
`);
  assertEquals(rules.subscriptions.map(({ format, compression }) => [format, compression]), [
    ["json", undefined],
    ["senml", undefined],
    ["cbor", "gzip"],
    ["msgpack", undefined],
    ["line_protocol", undefined],
    ["sparkplug_b", undefined],
  ]);
  assertEquals(warnings, []);
});

Deno.test("sparkplug: node and devices may have subscriptions of their own", async () => {
  const { warnings } = await rulesOf(`
  - { topic: "spBv1.0/plant/+/{device}", profile: room, format: sparkplug_b }
  - { topic: "spBv1.0/{group}/{type}/{node}/{device}", profile: room, format: sparkplug_b }
  - { topic: "spBv1.0/+/+/{device}", profile: room, format: sparkplug_b }
`);
  assertEquals(warnings, []);
});

Deno.test("sparkplug: a node without its devices is warned of, since they count their messages together", async () => {
  const { warnings } = await rulesOf(`
  - { topic: "spBv1.0/{group}/+/{device}", profile: room, format: sparkplug_b }
`);
  assertEquals(warnings.map(({ reason, found }) => [reason, found]), [[
    "births_missing",
    "spBv1.0/{group}/+/{device}",
  ]]);
});

refuses("a compression that is not known is refused", {
  config: `subscriptions:
  - { topic: "{device}", profile: room, compression: zip }
`,
}, [
  'gateway.yaml:2:54 subscriptions[0].compression: The value is not allowed, found "zip", allowed none, gzip, did you mean "gzip"',
]);

const ALLOWED = "spBv1.0/{group}/+/{node}, …/{node}/{device}, or …/{node}/#";

refuses("sparkplug: a topic of another shape is refused", {
  config: `subscriptions:
  - { topic: "site/{device}", profile: room, format: sparkplug_b }
  - { topic: "spBv1.0/{group}/DDATA/{node}/{device}", profile: room, format: sparkplug_b }
  - { topic: "spBv1.0/{group}/+", profile: room, format: sparkplug_b }
`,
}, [
  `gateway.yaml:2:14 subscriptions[0].topic: The topic is none of Sparkplug B, found "site/{device}", allowed ${ALLOWED}`,
  `gateway.yaml:3:14 subscriptions[1].topic: The topic is none of Sparkplug B, found "spBv1.0/{group}/DDATA/{node}/{device}", allowed ${ALLOWED}`,
  `gateway.yaml:4:14 subscriptions[2].topic: The topic is none of Sparkplug B, found "spBv1.0/{group}/+", allowed ${ALLOWED}`,
]);

refuses("sparkplug: devices without the births of their node are refused with what to do", {
  config: `subscriptions:
  - { topic: "spBv1.0/{group}/+/{node}/{device}", profile: room, format: sparkplug_b }
`,
}, [
  'gateway.yaml:2:14 subscriptions[0].topic: The subscriptions leave out births that explain the others, found "spBv1.0/{group}/+/{node}/{device}", subscribe to spBv1.0/{group}/+/{node} too, or to …/{node}/# instead',
]);
