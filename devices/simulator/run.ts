import { balanced } from "../../src/model/mod.ts";
import { Fleet } from "./fleet.ts";
import type { MakeGateway, SimGateway } from "./gateway.ts";
import type { Phase } from "./live_line.ts";
import { expectedPoints } from "./oracle.ts";
import type { SimOptions } from "./options.ts";
import { type Database, openDatabase } from "./database.ts";
import { freePort, writeSite } from "./site.ts";
import { type Outcome, summaryText } from "./summary.ts";
import { complaints, judgeDatabase, judgeLedger } from "./verdict.ts";
import { type SimIo, Watch } from "./watch.ts";

/** Longest wait for the broker's last acknowledgements, ms. */
const LAST_ACKS = 30_000;
/** Longest wait for the gateway to come to rest, beyond what its windows may take, ms. */
const PATIENCE = 60_000;
/** Pause between two looks whether it has. */
const BEAT = 100;

/** Whether nothing is on its way any more. */
function atRest(gateway: SimGateway): boolean {
  const { messages, readings, points } = gateway.ledger();
  return messages.waiting + readings.open + readings.waiting + points.waiting === 0 &&
    gateway.backlog().points === 0;
}

/** Longest time that a window may take to be written after its last reading: idle, then once more, fuller. */
function longestWindow(gateway: SimGateway): number {
  const waits = Object.values(gateway.rules.profiles).flatMap((profile) =>
    profile.fields.map(({ downsample: rule }) => rule.kind === "window" ? rule.every + rule.idleAfter : 0)
  );
  return Math.max(0, ...waits);
}

/** Waits until all that was received is at its place; false if that takes too long. */
async function comeToRest(gateway: SimGateway, fleet: Fleet, io: SimIo): Promise<boolean> {
  const { clock } = io;
  const until = clock.monotonic() + longestWindow(gateway) + PATIENCE;
  while (clock.monotonic() < until) {
    const { messages } = gateway.ledger();
    if (messages.received >= fleet.counts.acknowledged && atRest(gateway)) return true;
    await clock.sleep(BEAT);
  }
  return false;
}

/** Takes the database away in the middle of the run. */
async function outageIn(options: SimOptions, database: Database, watch: Watch, io: SimIo): Promise<number> {
  if (options.outage === 0) return 0;
  await io.clock.sleep((options.duration - options.outage) / 2, io.signal);
  if (io.signal.aborted) return 0;
  const left = io.clock.monotonic();
  database.leave();
  await io.clock.sleep(options.outage, io.signal);
  database.comeBack();
  watch.databaseReturned();
  return io.clock.monotonic() - left;
}

async function simulate(
  options: SimOptions,
  gateway: SimGateway,
  fleet: Fleet,
  database: Database,
  io: SimIo,
): Promise<Outcome> {
  const began = io.clock.monotonic();
  let phase: Phase = "running";
  const watch = new Watch(io, () => ({
    phase: phase === "running" && !database.here ? "outage" : phase,
    elapsed: io.clock.monotonic() - began,
    fleet: fleet.counts,
    ledger: gateway.ledger(),
    backlog: gateway.backlog(),
    databaseHere: database.here,
  }));
  let outage = 0;
  try {
    [outage] = await Promise.all([
      outageIn(options, database, watch, io),
      fleet.run(options.duration, io.signal),
    ]);
    phase = "drain";
    await fleet.settled(LAST_ACKS);
    await comeToRest(gateway, fleet, io);
    phase = "verdict";
  } finally {
    await watch.stop();
  }
  const ledger = gateway.ledger();
  const expectation = expectedPoints(fleet.acknowledged(), gateway.rules);
  const content = await database.content(gateway.rules);
  const found = content.kind === "points"
    ? {
      points: content.points.points,
      values: content.points.values,
      verdict: judgeDatabase(expectation.points, content.points),
    }
    : undefined;
  return {
    fleet: fleet.counts,
    ledger,
    expectation,
    database: found,
    notCompared: content.kind === "unreadable" ? content.why : undefined,
    overwritten: database.overwritten(),
    outage,
    drainTime: watch.drainTime,
    peakPoints: watch.peakPoints,
    peakBytes: watch.peakBytes,
    complaints: complaints(
      fleet.counts,
      judgeLedger(expectation, ledger),
      ledger.balanced && balanced(ledger),
      found?.verdict,
    ),
  };
}

/** Undoes what was begun, the last first. */
async function undo(steps: readonly (() => Promise<void>)[]): Promise<void> {
  for (const step of [...steps].reverse()) await step();
}

/**
 * Runs a whole site: broker, devices, gateway, database; writes a live line, a summary and a verdict.
 *
 * @param options see `USAGE`
 * @param makeGateway builds the gateway from the configuration that the simulator wrote
 * @returns exit code: 0 where every reading is accounted for, 1 otherwise, 2 where the folder cannot be used
 */
export async function runSim(options: SimOptions, makeGateway: MakeGateway, io: SimIo): Promise<number> {
  const folder = await folderFor(options);
  if (typeof folder !== "string") {
    io.error(`${folder.wrong}\n`);
    return 2;
  }
  const steps: (() => Promise<void>)[] = [];
  if (options.dataDir === null && !options.keep) steps.push(() => Deno.remove(folder, { recursive: true }));
  try {
    const run = `seed-${options.seed}-${crypto.randomUUID().slice(0, 8)}`;
    const database = await openDatabase(options.influx, run);
    steps.push(() => database.stop());
    const brokerPort = options.broker === null ? freePort() : 0;
    const configPath = await writeSite({
      folder,
      mqttUrl: options.broker ?? `embedded://127.0.0.1:${brokerPort}`,
      influx: database.target,
      port: options.port ?? freePort(8080),
      rate: options.rate,
      run,
    });
    const gateway = await makeGateway(configPath);
    await gateway.start();
    steps.push(() => gateway.stop());
    const fleet = await Fleet.connect({
      devices: options.devices,
      rate: options.rate,
      seed: options.seed,
      brokerUrl: options.broker ?? `mqtt://127.0.0.1:${brokerPort}`,
      clock: io.clock,
    });
    steps.push(() => fleet.close());
    io.write(
      `${options.devices} devices, ${options.rate} messages/s each, ${options.duration / 1_000} s, ` +
        `seed ${options.seed}\nDashboard ${gateway.address}\nFolder    ${folder}\n`,
    );
    const outcome = await simulate(options, gateway, fleet, database, io);
    io.write(summaryText(outcome));
    return outcome.complaints.length === 0 ? 0 : 1;
  } catch (error) {
    io.error(`The simulation failed: ${error instanceof Error ? error.message : error}\n`);
    return 1;
  } finally {
    await undo(steps);
  }
}

async function folderFor(options: SimOptions): Promise<string | { readonly wrong: string }> {
  if (options.dataDir === null) return await Deno.makeTempDir({ prefix: "sluice-sim-" });
  await Deno.mkdir(options.dataDir, { recursive: true });
  for await (const entry of Deno.readDir(options.dataDir)) {
    return {
      wrong: `The folder "${options.dataDir}" holds "${entry.name}"; a run begins in an empty folder: ` +
        `name another one, or empty it`,
    };
  }
  return await Deno.realPath(options.dataDir);
}
