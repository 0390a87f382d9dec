import { ChildProcess, moment } from "../../support/child_process.ts";
import { PROFILES, siteConfig } from "../../support/climate_site.ts";
import { GatewayProcess } from "../../support/gateway_process.ts";
import { freePort } from "../../support/ports.ts";
import { until } from "../../support/until.ts";
import type { BenchCase } from "../kit/bench_case.ts";
import { processCost } from "../kit/process_cost.ts";
import { type Row, row } from "../kit/table.ts";
import type { InboxTask } from "./inbox_process.ts";
import type { ReadReport } from "./read_process.ts";

/** Messages in the inbox at full scale. */
const MESSAGES = 1_000_000;
const MB = 1e6;
/** Between two looks at the ledger, ms: the API answers no more often for long. */
const LOOK = 100;
const BARE = "the journal's cursor and JSON.parse";

/** One recovery, or the bare reading. */
interface Recovered {
  /** Messages a second, from the first record read to the last one taken in. */
  readonly rate: number;
  /** Seconds from the start of the process. */
  readonly seconds: number;
  /** Peak memory, bytes. */
  readonly memory: number;
}

/** A gateway that was killed with a full inbox and no checkpoint comes back. */
export const recovery: BenchCase = {
  name: "recovery",
  about: "kill -9 with a full inbox and no checkpoint: the start takes all of it in again",
  async measure({ rounds, part }) {
    const messages = Math.round(MESSAGES * part);
    const [base, value]: [Recovered[], Recovered[]] = [[], []];
    for (let round = 0; round < rounds; round++) {
      await using gateway = await killedGateway(messages);
      base.push(await bareReading(gateway, messages));
      value.push(await restart(gateway, messages));
    }
    return rows(base, value);
  },
};

function rows(base: readonly Recovered[], value: readonly Recovered[]): Row[] {
  const beside = (figure: string, of: (each: Recovered) => number, extras = {}): Row =>
    row(figure, BARE, base.map(of), value.map(of), extras);
  return [
    beside("recovery: messages/s of the replay", ({ rate }) => rate, {
      target: { of: "value", atLeast: 300_000 },
    }),
    beside("recovery: seconds from start to everything taken in", ({ seconds }) => seconds),
    beside("recovery: peak memory, MB", ({ memory }) => memory / MB),
  ];
}

/** A gateway that is not running, whose inbox is full and has no checkpoint behind it. */
async function killedGateway(messages: number): Promise<GatewayProcess> {
  const gateway = await GatewayProcess.create({
    config: {
      // Nobody is there: what is measured ends before the broker is wanted.
      ...siteConfig(`mqtt://127.0.0.1:${freePort()}`, 500),
      buffer: { max_bytes: "8GiB", checkpoint: { after_bytes: "1GiB", at_most: "1h" } },
      // They were written faster than any device may publish.
      limits: { device_rate: "1000000/s" },
      log: { level: "info" },
    },
    profiles: PROFILES,
  });
  const task: InboxTask = { configPath: gateway.configPath, messages };
  const maker = new ChildProcess(new URL("./inbox_process.ts", import.meta.url), task);
  try {
    await maker.line();
  } catch (error) {
    await gateway.remove();
    throw error;
  } finally {
    await maker.end();
  }
  return gateway;
}

async function bareReading(gateway: GatewayProcess, messages: number): Promise<Recovered> {
  const startedAt = moment();
  const reader = new ChildProcess(new URL("./read_process.ts", import.meta.url), gateway.configPath);
  try {
    const report: ReadReport = JSON.parse(await reader.line());
    if (report.messages !== messages) {
      throw new Error(`The inbox holds ${report.messages} messages, not ${messages}`);
    }
    return {
      rate: 1_000 * messages / (report.lastAt - report.firstAt),
      seconds: (report.lastAt - startedAt) / 1_000,
      memory: (await processCost(reader.pid)).peakMemory,
    };
  } finally {
    await reader.end();
  }
}

async function restart(gateway: GatewayProcess, messages: number): Promise<Recovered> {
  const startedAt = moment();
  gateway.spawn();
  await until("the whole inbox is taken in", async () => {
    const ledger = await gateway.ledger().catch(() => undefined);
    if (gateway.ended !== undefined) throw new Error(`The gateway ended: ${await gateway.stderr()}`);
    if (ledger === undefined) return false;
    const { processed, quarantined, duplicate } = ledger.messages;
    if (quarantined + duplicate > 0) {
      throw new Error(`Not every message is processed: ${JSON.stringify(ledger)}`);
    }
    return processed === messages;
  }, { timeout: 180_000, every: LOOK, state: () => gateway.stderrNow() });
  const seconds = (moment() - startedAt) / 1_000;
  // The gateway's own clock; the checkpoint at the end of the replay is in it.
  const { ms } = await gateway.logged("replayed");
  const { balanced } = await gateway.ledger();
  if (!balanced) throw new Error("The books do not balance after the replay");
  const { peakMemory } = await processCost(gateway.pid ?? 0);
  await gateway.kill();
  return { rate: 1_000 * messages / Number(ms), seconds, memory: peakMemory };
}
