import { Fleet } from "./fleet.ts";
import { comeToRest } from "./come_to_rest.ts";
import type { MakeGateway, SimGateway } from "./gateway.ts";
import type { Phase } from "./live_line.ts";
import type { SimOptions } from "./options.ts";
import { type Database, openDatabase } from "./database.ts";
import { writePoints } from "./points_file.ts";
import type { ReadBack } from "./read_back.ts";
import { freePort, RUN_TAG, writeSite } from "./site.ts";
import { FAULTS, listed } from "./faults/registry.ts";
import { planOf } from "./plan.ts";
import { reckon } from "./reckon.ts";
import { readRecording, Recorder, type Recording } from "./recording.ts";
import { type Outcome, summaryText } from "./summary.ts";
import { type SimIo, Watch } from "./watch.ts";

/** Longest wait for the broker's last acknowledgements, ms. */
const LAST_ACKS = 30_000;
/** Length of a day, ms. */
const DAY = 86_400_000;

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
  deviceRate: number,
  io: SimIo,
): Promise<{ readonly outcome: Outcome; readonly content: ReadBack }> {
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
  let complete = false;
  try {
    [outage, complete] = await Promise.all([
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
  const content = await database.content(gateway.rules);
  const outcome = await reckon(gateway, fleet, {
    complete,
    content,
    overwritten: database.overwritten(),
    outage,
    drainTime: watch.drainTime,
    peakPoints: watch.peakPoints,
    peakBytes: watch.peakBytes,
    elapsed: io.clock.monotonic() - began,
    deviceRate,
  });
  return { outcome, content };
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
    const recording = await published(options, io);
    const { plan, rate, duration } = recording;
    const run = `seed-${options.seed}-${crypto.randomUUID().slice(0, 8)}`;
    const database = await openDatabase(options.influx, run);
    steps.push(() => database.stop());
    const brokerPort = options.broker === null ? freePort() : 0;
    const configPath = await writeSite({
      folder,
      mqttUrl: options.broker ?? `embedded://127.0.0.1:${brokerPort}`,
      influx: database.target,
      port: options.port ?? freePort(8080),
      rate,
      run,
      longAgo: options.start !== "now" || options.replay !== null,
      ...(plan.closed ? { devices: plan.devices } : {}),
      ...(options.faults.length > 0 || options.replay !== null ? { deviceRate: plan.deviceRate } : {}),
    });
    const gateway = await makeGateway(configPath);
    await gateway.start();
    steps.push(() => gateway.stop());
    const recorder = options.record === null ? undefined : await Recorder.create(options.record, recording);
    if (recorder !== undefined) steps.push(() => recorder.close());
    const fleet = await Fleet.connect({
      devices: plan.scripts.length,
      rate,
      seed: options.seed,
      brokerUrl: options.broker ?? `mqtt://127.0.0.1:${brokerPort}`,
      clock: io.clock,
      scripts: plan.scripts,
      startedAt: recording.startedAt,
      ...(recorder === undefined ? {} : { onPlanned: recorder.add.bind(recorder) }),
    });
    steps.push(() => fleet.close());
    const goes = options.dataDir === null && !options.keep;
    const kept = goes ? " (removed at the end; --keep leaves it)" : "";
    io.write(`${beginning(options, recording)}\nDashboard ${gateway.address}\nFolder    ${folder}${kept}\n`);
    const { outcome, content } = await simulate(
      { ...options, duration },
      gateway,
      fleet,
      database,
      plan.deviceRate,
      io,
    );
    io.write(summaryText(outcome));
    const unwritten = options.points === null
      ? undefined
      : await writePoints(options.points, content, RUN_TAG);
    if (unwritten !== undefined) io.error(`The points are not in "${options.points}": ${unwritten}\n`);
    return outcome.complaints.length === 0 && unwritten === undefined ? 0 : 1;
  } catch (error) {
    io.error(`The simulation failed: ${error instanceof Error ? error.message : error}\n`);
    return 1;
  } finally {
    await undo(steps);
  }
}

/** What the run publishes: what its options decide, or what an earlier one published. */
async function published(options: SimOptions, io: SimIo): Promise<Recording> {
  const recording = options.replay === null ? planned(options, io) : await readRecording(options.replay);
  // Before the run, not after it: whether that file can be written.
  if (options.points !== null) await Deno.writeTextFile(options.points, "");
  const { duration } = recording;
  if (options.outage < duration) return recording;
  throw new Error(`The outage must be shorter than the recorded run of ${duration / 1_000} s`);
}

function planned(options: SimOptions, io: SimIo): Recording {
  const now = Math.round(io.clock.wall());
  const { start, rate, duration } = options;
  const startedAt = start === "now" ? now : start === "midnight" ? now - now % DAY : start;
  if (startedAt <= now) return { plan: planOf(options), rate, duration, startedAt };
  throw new Error(
    `The devices cannot begin at "${new Date(startedAt).toISOString()}": that is still to come`,
  );
}

/** What begins, for people; with the time it says all that a second run needs to be the same. */
function beginning(options: SimOptions, { plan, rate, duration, startedAt }: Recording): string {
  const length = `${duration / 1_000} s from ${new Date(startedAt).toISOString()}`;
  if (options.replay !== null) return `Replay of ${options.replay}: ${plan.devices} devices, ${length}`;
  const { faults, seed } = options;
  const what = `${plan.devices} devices, ${rate} messages/s each, ${length}, seed ${seed}`;
  if (faults.length === 0) return what;
  return `${what}\nFaults    ${faults.length === FAULTS.length ? "all" : listed(faults, 10)}`;
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
