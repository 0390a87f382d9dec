/**
 * A database that refuses lines: the bad ones go to the quarantine, alone and with the server's words, all others arrive;
 * and where it refuses everything, nothing is emptied.
 */
import { assert, assertEquals, assertLess, assertMatch } from "@std/assert";
import type { FrontVerdict } from "../support/http_front.ts";
import { until } from "../support/until.ts";
import {
  accountedWithRefused,
  countOf,
  reachable,
  scenario,
  Stand,
  type StandOptions,
  troubled,
} from "./kit/mod.ts";

/** Large blocks. */
const BLOCKS: StandOptions = { influxdb: { batch: { max_points: 5_000, max_wait: "1s" } } };

/** A field of lines that have several. */
const FIELD = "temperature_count=";

/** An error as InfluxDB 1.x words it. */
function refusal(message: string): Response {
  return Response.json({ error: message }, {
    status: 400,
    headers: { "x-influxdb-build": "OSS", "x-influxdb-error": message },
  });
}

/** What InfluxDB does with a request of which it takes all lines but some. */
function partial(lines: readonly string[], bad: (line: string) => boolean, words: string): FrontVerdict {
  const dropped = lines.filter(bad).length;
  if (dropped === 0) return "pass";
  return { without: bad, answer: refusal(`partial write: ${words} dropped=${dropped}`) };
}

/** Waits until nothing of what was published waits for the database any more, whatever became of it. */
async function drained({ gateway }: Stand, published: number): Promise<void> {
  let ledger: unknown;
  await until("nothing waits", async () => {
    const { messages, points } = await gateway.ledger();
    ledger = { messages, points };
    return messages.received - messages.duplicate >= published && messages.waiting + points.waiting === 0;
  }, { timeout: 60_000, every: 100, state: () => ledger });
}

scenario(
  "database refuses one line of 5,000, and one field",
  { shows: ["P2", "P3", "P6"], always: true },
  async () => {
    await using stand = await Stand.open(241, BLOCKS);
    if (stand === undefined) return;
    const { front, gateway, load } = stand;
    // The line is named by the server, as it does with lines that it cannot read; the field is not.
    let line: string | undefined;
    let summary: string | undefined;
    const isLine = (other: string): boolean => other === line;
    const hasField = (other: string): boolean => {
      const [head, , time] = summary?.split(" ") ?? [];
      return other.startsWith(`${head} `) && other.includes(FIELD) && other.endsWith(` ${time}`);
    };
    let whole = 0;
    front.rule = ({ lines }) => {
      if (lines.length === 5_000) {
        whole++;
        line ??= lines.slice(2_500).find((one) => one.includes(" raw_power="));
        if (whole === 2) summary = lines.slice(1_234).find((one) => one.includes(FIELD));
      }
      if (lines.some(isLine)) return partial(lines, isLine, `unable to parse '${line}': bad number`);
      return partial(lines, hasField, "field type conflict: input field is type integer");
    };
    await load.publish();
    await drained(stand, load.total);
    assert(line !== undefined && summary !== undefined);
    const [requests, blocks] = [front.writes, await countOf(stand, "influxdb_delivered")];
    const { row, dead } = await accountedWithRefused(stand);
    const [head, fields, time] = summary.split(" ");
    const field = fields?.split(",").find((one) => one.startsWith(FIELD));
    dead.sort((a) => a.line === line ? -1 : 1);
    assertEquals(dead.map((letter) => letter.line), [line, `${head} ${field} ${time}`]);
    assertMatch(dead[0]?.explanation ?? "", /partial write: unable to parse/);
    assertMatch(dead[1]?.explanation ?? "", /field type conflict/);
    // A point of which the database has the other fields is delivered.
    assertEquals([(await gateway.ledger()).points.refused, dead[1]?.readings], [1, 0]);
    // A search among 5,000 lines takes some 30 requests, the block that names its line three.
    assertLess(requests, blocks + 50);
    return { ...row, note: `${requests} requests for ${blocks} blocks` };
  },
);

scenario(
  "database refuses every line, gateway killed meanwhile",
  { shows: ["P2", "P3"], always: true },
  async () => {
    await using stand = await Stand.open(242, { load: { each: 150 } });
    if (stand === undefined) return;
    const { front, gateway, load } = stand;
    front.rule = () => refusal("retention policy not found: autogen");
    const held = { state: "held", says: /the configuration is to blame/ } as const;
    await load.publish(Math.round(stand.share / 2));
    await troubled(stand, held);
    await gateway.kill();
    await gateway.start();
    await load.publish(stand.share);
    await troubled(stand, {
      ...held,
      says: /retention policy not found: autogen.+the configuration is to blame/,
    });
    await until("all of it is taken in", async () => {
      return (await gateway.ledger()).messages.processed === stand.share;
    }, { timeout: 30_000, every: 100 });
    const { points, readings } = await gateway.ledger();
    assertEquals([points.delivered, points.refused, readings.refused, await stand.quarantined()], [
      0,
      0,
      0,
      0,
    ]);
    front.rule = () => "pass";
    stand.faultOver();
    await reachable(stand);
    return await stand.accounted("held, alarmed, emptied nothing");
  },
);

scenario("database refuses every line of one device", { shows: ["P2", "P3", "P6"] }, async () => {
  await using stand = await Stand.open(243, BLOCKS);
  if (stand === undefined) return;
  const { front, gateway, load } = stand;
  const bad = (line: string): boolean => line.includes(",device=climate-007,");
  front.rule = ({ lines }) => partial(lines, bad, "points beyond retention policy");
  await load.publish();
  await drained(stand, load.total);
  const requests = front.writes;
  const blocks = await countOf(stand, "influxdb_delivered");
  const waits = await countOf(stand, "influxdb_waiting");
  const { row, dead } = await accountedWithRefused(stand);
  assert(dead.length > 100 && dead.every(({ line }) => bad(line)), `${dead.length} dead letters`);
  assertEquals((await gateway.ledger("climate-007")).points.refused, dead.length);
  assertEquals((await gateway.ledger()).points.refused, dead.length);
  // F10: a search spends at most 64 requests before it pauses. F9: each of the device's dozen fields is looked for
  // three times, in some seven requests; from then on its lines cost none.
  assertLess(requests, 64 * (waits + 1) + 10 * blocks);
  assertLess(requests, 12 * 3 * 15 + 10 * blocks);
  return { ...row, note: `${dead.length} lines refused, ${requests} requests for ${blocks} blocks` };
});

scenario("database refuses a field of every device: it has it with another type", {
  shows: ["P2", "P3", "P6"],
}, async () => {
  await using stand = await Stand.open(244, BLOCKS);
  if (stand === undefined) return;
  const { front, load, database } = stand;
  // InfluxDB fixes a field's type per shard, a week: the load's half hour may lie in two.
  for (const ago of [0, 3_600_000]) {
    const line = `power,device=other raw_power="text" ${Date.now() - ago}000000`;
    const answer = await fetch(`${database.url}/write?db=telemetry`, { method: "POST", body: line });
    await answer.body?.cancel();
    assertEquals(answer.status, 204);
  }
  await load.publish();
  await drained(stand, load.total);
  const [requests, blocks] = [front.writes, await countOf(stand, "influxdb_delivered")];
  const { row, dead } = await accountedWithRefused(stand);
  assert(front.refused > 0);
  assertEquals(dead.length, load.total / 2);
  assert(dead.every(({ line, explanation }) => {
    return /^power,\S+ raw_power=\S+ \d+$/.test(line) && explanation.includes("field type conflict");
  }));
  assertLess(requests, 64 + 10 * blocks);
  return { ...row, note: `${dead.length} lines refused, ${requests} requests for ${blocks} blocks` };
});

scenario("database full: its limit of series, raised by a restart", { shows: ["P2", "P3"] }, async () => {
  await using stand = await Stand.open(245, { database: { maxSeries: 30 } });
  if (stand === undefined) return;
  const { gateway, load, database } = stand;
  stand.pastTheFront();
  await load.publish(stand.share);
  const full = /takes no more series: ".*max-series-per-database limit exceeded: \(30\).+raise its limit/;
  await troubled(stand, { state: "held", says: full });
  const { points, readings } = await gateway.ledger();
  assert(points.waiting > 0);
  assertEquals([points.refused, readings.refused], [0, 0]);
  await database.stop();
  await database.start({ maxSeries: 0 });
  stand.faultOver();
  await reachable(stand);
  return await stand.accounted("30 of 50 series");
});
