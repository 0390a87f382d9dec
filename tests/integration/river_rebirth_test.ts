import { assert, assertEquals } from "@std/assert";
import { Buffer } from "node:buffer";
import type { LedgerAnswer } from "../../src/api/mod.ts";
import { decodePayload, EDGE_FIELDS, EdgeNode } from "../support/edge_node.ts";
import type { FormatReading } from "../support/format_messages.ts";
import { GatewayProcess, type Section } from "../support/gateway_process.ts";
import { freePort } from "../support/ports.ts";
import { connectPublisher, type Publisher } from "../support/publisher.ts";
import { influx1, siteConfig } from "../support/river_site.ts";
import { Site } from "../support/site.ts";
import { until } from "../support/until.ts";

const PROFILES = { plant: `profile: plant\n${EDGE_FIELDS}` };

const SUBSCRIPTIONS: readonly Section[] = [
  { topic: "spBv1.0/{group}/+/{device}", profile: "plant", format: "sparkplug_b" },
  { topic: "spBv1.0/{group}/+/{node}/{device}", profile: "plant", format: "sparkplug_b" },
];

/** A reading that is told from others by its count. */
function reading(count: number): FormatReading {
  const values = { temperature: 21.5, fraction: 0.5, large: 2e6, count, on: true, label: "oven" };
  return { ms: Date.now() - 60_000 + 1_000 * count, values };
}

/** Loses a message, waits until the gateway asks for the births, answers, and goes on. */
async function rebirth(gateway: GatewayProcess, publisher: Publisher): Promise<void> {
  const asked: boolean[] = [];
  publisher.client.on("message", (_topic, payload) => {
    const [metric] = decodePayload(Buffer.from(payload)).metrics ?? [];
    asked.push(metric?.name === "Node Control/Rebirth" && metric.value === true);
  });
  await publisher.client.subscribeAsync("spBv1.0/works/NCMD/line");
  const node = new EdgeNode(publisher);
  const [first, second, third] = [reading(1), reading(2), reading(3)];
  await node.born(first);
  node.lose();
  await node.report(second);
  await until("the node is asked for its births", () => asked.length > 0, { timeout: 20_000, every: 20 });
  assertEquals(asked, [true]);
  await node.born(second);
  await node.report(third);
  let seen: LedgerAnswer | undefined;
  // The gateway's own request is filtered, where it comes back at all.
  const ledger = await until("six messages are taken in", async () => {
    seen = await gateway.ledger();
    return seen.messages.processed + seen.messages.quarantined >= 6 ? seen : undefined;
  }, { timeout: 20_000, every: 20, state: () => seen });
  const { messages, readings } = ledger;
  assertEquals([messages.quarantined, messages.processed, readings.decoded], [1, 5, 18]);
  assert(ledger.balanced);
  const { body } = await gateway.get("/api/v1/quarantine");
  assertEquals(body.items[0]?.reason, "sequence_gap");
}

Deno.test("a gap in the numbers of an edge node asks it for its births, through mosquitto", async () => {
  await using site = await Site.open();
  if (site === undefined) return;
  const url = site.broker.url();
  const gateway = await site.gateway({
    config: siteConfig(url, influx1(site.database), { subscriptions: SUBSCRIPTIONS }),
    profiles: PROFILES,
  });
  const publisher = await connectPublisher(url);
  site.use({ [Symbol.asyncDispose]: () => publisher.close() });
  await rebirth(gateway, publisher);
  await gateway.atRest(6);
  const found = await site.database.query(`SELECT "count" FROM "plant" WHERE device = 'oven' ORDER BY time`);
  assertEquals(found.flatMap(({ values }) => values.map(([, count]) => count)), [1, 2, 3]);
});

Deno.test("a gap in the numbers of an edge node asks it for its births, through the broker in the process", async () => {
  const port = freePort();
  const mqtt = { url: `embedded://127.0.0.1:${port}` };
  await using gateway = await GatewayProcess.start({
    config: siteConfig("", undefined, { mqtt, subscriptions: SUBSCRIPTIONS }),
    profiles: PROFILES,
  });
  const publisher = await connectPublisher(`mqtt://127.0.0.1:${port}`, { protocol: 4 });
  try {
    await rebirth(gateway, publisher);
  } finally {
    await publisher.close();
  }
});
