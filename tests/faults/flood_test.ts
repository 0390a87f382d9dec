/** Too much: more devices than there can be, and one that has gone mad. The others must not feel it. */
import { assert, assertEquals, assertGreater } from "@std/assert";
import mqtt from "mqtt";
import { compare, differenceText } from "../support/oracle.ts";
import type { Section } from "../support/gateway_process.ts";
import { until } from "../support/until.ts";
import { type Row, scenario, Stand } from "./kit/mod.ts";

/** Messages without a PUBACK. */
const WINDOW = 2_000;

/** A message of the flood. */
interface Flood {
  readonly count: number;
  /** Device id of a message; begins with `flood-`. */
  readonly device: (n: number) => string;
  readonly limits: Section;
  /** Why what is too much is refused. */
  readonly reason: string;
  /** How much of it must be refused, at least. */
  readonly least: number;
}

/** Publishes as fast as the broker takes it. */
async function pour(url: string, { count, device }: Flood): Promise<void> {
  const client = await mqtt.connectAsync(url, { protocolVersion: 4, reconnectPeriod: 0 }, false);
  let acknowledged = 0;
  const started = Date.now();
  for (let n = 0; n < count; n++) {
    const payload = JSON.stringify({ ts: started + n % 1_000, seq: n, temperature: 20 + n % 10 });
    client.publish(`site/yard/climate/${device(n)}`, payload, { qos: 1 }, (error) => {
      if (!error) acknowledged++;
    });
    if (n % 100 === 0) {
      await until("there is room", () => n - acknowledged < WINDOW, { timeout: 60_000, every: 0 });
    }
  }
  await until("the broker has the flood", () => acknowledged === count, { timeout: 60_000 });
  await client.endAsync();
}

/** Ordinary devices beside a flood: theirs is exact, and the flood is accounted for to the last message. */
async function flooded(flood: Flood): Promise<Row | undefined> {
  await using stand = await Stand.open(71, {
    load: { each: 160, pace: 500 },
    config: { limits: flood.limits },
  });
  if (stand === undefined) return;
  const { gateway, load } = stand;
  const publishing = load.publish(stand.share);
  await pour(stand.broker.url(), flood);
  await publishing;
  stand.faultOver();
  await load.publish();
  await load.settled();
  const total = load.sent.length + flood.count;
  const ledger = await gateway.atRest(total, 180_000);
  const recovered = stand.sinceOver;
  const { messages } = ledger;
  assert(ledger.balanced);
  assertEquals(messages.received - messages.duplicate, total);
  assertEquals(messages.processed + messages.quarantined, total);
  assertGreater(messages.quarantined, flood.least);
  assertEquals(ledger.readings.evicted, 0);
  const { items } = (await gateway.get("/api/v1/quarantine?limit=100")).body;
  assertEquals(new Set(items.map((item: { reason: string }) => item.reason)), new Set([flood.reason]));
  for (const id of ["climate-001", "power-025"]) {
    const own = await gateway.ledger(id);
    assertEquals([own.messages.quarantined, own.messages.processed, own.balanced], [0, 160, true]);
  }
  const expected = await stand.expected();
  const content = await stand.content();
  const wrong = compare(expected.points, content).filter(({ series }) => !series.includes('"flood-'));
  assertEquals(wrong.slice(0, 10).map(differenceText), []);
  const { body } = await gateway.get("/api/v1/status");
  return {
    ...stand.row(ledger, expected, content, recovered),
    published: total,
    acknowledged: total,
    quarantined: messages.quarantined,
    lost: 0,
    doubled: 0,
    note: `${body.devices.known.toLocaleString("en-US")} devices known, the others' points exact`,
  };
}

scenario("100,000 new device ids within a minute", { shows: ["P2", "P4", "P6"] }, () => {
  return flooded({
    count: 100_000,
    device: (n) => `flood-${n}`,
    limits: { devices: 5_000 },
    reason: "cardinality",
    least: 95_000,
  });
});

scenario("one device at a thousand times its rate", { shows: ["P2", "P4", "P6"] }, () => {
  return flooded({
    count: 20_000,
    device: () => "flood-mad",
    limits: { device_rate: "100/s" },
    reason: "rate",
    least: 10_000,
  });
});
