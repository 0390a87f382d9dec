/** Ten times the backlog: the memory and the start must not know of it. */
import { assert } from "@std/assert";
import { until } from "../support/until.ts";
import { type Row, scenario, Stand, together } from "./kit/mod.ts";

const DEVICES = 50;

/** What a start on a backlog took. */
interface Start {
  readonly row: Row;
  /** Points that waited. */
  readonly waiting: number;
  /** Memory once the gateway was ready, and at most until the backlog was gone, bytes. */
  readonly rss: number;
  readonly peak: number;
  /** From the start of the process until it was ready, ms. */
  readonly ms: number;
}

/** Lets a backlog grow while the database is away, kills, and starts on it. */
async function startOn(each: number): Promise<Start | undefined> {
  await using stand = await Stand.open(81, {
    load: { devices: DEVICES, each, spread: each * 6_000 },
    config: { buffer: { max_bytes: "512MiB", checkpoint: { after_bytes: "1MiB", at_most: "2s" } } },
  });
  if (stand === undefined) return;
  const { gateway, load } = stand;
  stand.databaseLine.set("refuse");
  stand.databaseLine.cut();
  await load.publish(stand.share);
  await load.settled();
  await until("everything is taken in", async () => {
    const { messages } = await gateway.ledger();
    return messages.received - messages.duplicate >= load.sent.length && messages.waiting === 0;
  }, { timeout: 120_000, every: 200 });
  const waiting = (await gateway.ledger()).points.waiting;
  await gateway.kill();
  const began = performance.now();
  await gateway.start();
  await gateway.ready();
  const ms = performance.now() - began;
  const rss = await settledMemory(gateway.pid);
  stand.databaseLine.set("pass");
  stand.faultOver();
  let peak = rss;
  await until("the backlog is gone", async () => {
    peak = Math.max(peak, await memoryOf(gateway.pid));
    return (await gateway.ledger()).points.waiting === 0;
  }, { timeout: 120_000, every: 100 });
  return { row: await stand.accounted(), waiting, rss, peak, ms };
}

/** The least of twelve seconds: V8 collects what a start left over when it has been at rest for eight. */
async function settledMemory(pid: number | undefined): Promise<number> {
  const samples: number[] = [];
  const end = performance.now() + 12_000;
  await until("the start is digested", async () => {
    samples.push(await memoryOf(pid));
    return performance.now() >= end;
  }, { timeout: 60_000, every: 100 });
  return Math.min(...samples);
}

async function memoryOf(pid: number | undefined): Promise<number> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  return 1_024 * Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? NaN);
}

scenario("a start on ten times the backlog", { shows: ["P2", "P3", "P4"] }, async () => {
  const small = await startOn(200);
  const large = await startOn(2_000);
  if (small === undefined || large === undefined) return;
  assert(large.waiting > 5 * small.waiting, `${small.waiting} and ${large.waiting} points waited`);
  const [ready, drained] = [large.rss / small.rss, large.peak / small.peak];
  assert(ready <= 1.2, `memory at the start grew by ${ready.toFixed(2)} with ten times the backlog`);
  const memory = `memory ready × ${ready.toFixed(2)}, drained × ${drained.toFixed(2)}`;
  const mib = (bytes: number): string => (bytes / 1_048_576).toFixed(0);
  return together(
    [small.row, large.row],
    `${small.waiting} and ${large.waiting} points: ${mib(small.rss)} and ${
      mib(large.rss)
    } MiB, ${memory}; ready in ${small.ms.toFixed(0)} and ${large.ms.toFixed(0)} ms`,
  );
});
