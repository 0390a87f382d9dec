import { ChildProcess, moment, tell } from "../../support/child_process.ts";
import { PROFILES, siteConfig } from "../../support/climate_site.ts";
import { GatewayProcess, type Section } from "../../support/gateway_process.ts";
import { freePort } from "../../support/ports.ts";
import { until } from "../../support/until.ts";
import type { BenchCase } from "../kit/bench_case.ts";
import { type Row, row, type Target } from "../kit/table.ts";
import type { BacklogTask } from "./backlog_process.ts";
import type { PostReport, PostTask } from "./post_process.ts";
import { type DrainReceiver, type ReceiverKind, RECEIVERS } from "./receivers.ts";

/** Points in the outbox at full scale. */
const POINTS = 5_000_000;
/** Between two looks at the ledger, ms: the API answers no more often for long. */
const LOOK = 100;
const TARGET: Target = { of: "value", atLeast: 400_000 };

/** A backlog on disk goes to a database that can be reached again. */
export const drain: BenchCase = {
  name: "drain",
  about: "a backlog on disk goes to the database as fast as both can",
  async measure({ rounds, part }) {
    const rows: Row[] = [];
    for (const kind of RECEIVERS) {
      const points = Math.round(POINTS * part * kind.part);
      const found = await measured(kind, points, rounds);
      if (found === undefined) continue;
      const baseline = "bare loop that POSTs the same bodies";
      rows.push(row(`drain into ${kind.name}, points/s`, baseline, found.base, found.value, {
        target: TARGET,
      }));
      await tell(`${points} points of four values each went to ${kind.name}, and are there`);
    }
    return rows;
  },
};

async function measured(
  kind: ReceiverKind,
  points: number,
  rounds: number,
): Promise<{ base: number[]; value: number[] } | undefined> {
  const [base, value]: [number[], number[]] = [[], []];
  await using full = await restingGateway();
  await runToEnd("./backlog_process.ts", { configPath: full.configPath, points } satisfies BacklogTask);
  for (let round = 0; round < rounds; round++) {
    for (const [rates, send] of [[base, bare], [value, drained]] as const) {
      const receiver = await kind.open();
      if (receiver === undefined) return undefined;
      await using _ = receiver;
      rates.push(await send(full, receiver, points));
      await until(
        `all ${points} points are in the database`,
        async () => await receiver.points() === points,
        {
          timeout: 30_000,
          state: () => receiver.points(),
        },
      );
    }
  }
  return { base, value };
}

/** A gateway that is not running. */
async function restingGateway(influxdb?: Section): Promise<GatewayProcess> {
  const config = {
    ...siteConfig(`mqtt://127.0.0.1:${freePort()}`, 500, influxdb),
    buffer: { max_bytes: "8GiB", max_age: "3650d" },
  };
  return await GatewayProcess.create({ config, profiles: PROFILES });
}

/** Runs a program until it says its one line, then kills it. */
async function runToEnd(script: string, task: BacklogTask | PostTask): Promise<string> {
  const child = new ChildProcess(new URL(script, import.meta.url), task);
  try {
    return await child.line();
  } finally {
    await child.end();
  }
}

async function bare(full: GatewayProcess, { target }: DrainReceiver, points: number): Promise<number> {
  const task: PostTask = { configPath: full.configPath, target };
  const report: PostReport = JSON.parse(await runToEnd("./post_process.ts", task));
  if (report.points !== points) throw new Error(`The outbox holds ${report.points} points, not ${points}`);
  return report.rate;
}

/** Points a second between two looks at the ledger: the first that sees some delivered, the first that sees all. */
async function drained(full: GatewayProcess, { target }: DrainReceiver, points: number): Promise<number> {
  await using gateway = await restingGateway({ version: 2, ...target });
  // A backlog is drained but once.
  await copyFolder(full.dataDir, gateway.dataDir);
  gateway.spawn();
  let first: { readonly at: number; readonly delivered: number } | undefined;
  await until("the backlog is delivered", async () => {
    const ledger = await gateway.ledger().catch(() => undefined);
    if (gateway.ended !== undefined) throw new Error(`The gateway ended: ${await gateway.stderr()}`);
    if (ledger === undefined) return false;
    const { delivered, refused, evicted, produced } = ledger.points;
    if (!ledger.balanced || refused + evicted > 0 || produced !== points) {
      throw new Error(`Not every point is delivered: ${JSON.stringify(ledger)}`);
    }
    if (delivered > 0) first ??= { at: moment(), delivered };
    return delivered === points;
  }, { timeout: 180_000, every: LOOK, state: () => gateway.stderrNow() });
  const { at, delivered } = first ?? { at: NaN, delivered: NaN };
  return 1_000 * (points - delivered) / (moment() - at);
}

async function copyFolder(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (isDirectory) await copyFolder(`${from}/${name}`, `${to}/${name}`);
    else await Deno.copyFile(`${from}/${name}`, `${to}/${name}`);
  }
}
