import { systemClock } from "../clock.ts";
import { type GatewayConfig, type InfluxConfig, loadConfig } from "../config/mod.ts";
import { dataKeysOf, keyringOf, makeDestination } from "../gateway/mod.ts";
import { denoFiles, type KeyRing } from "../journal/mod.ts";
import {
  Delivery,
  type JournalView,
  journalView,
  type QuarantineCounts,
  readQuarantined,
  readStretch,
  replayClosed,
  replayLive,
  type ReplayOptions,
  ReplayProblem,
  type ReplaySink,
} from "../replay/mod.ts";
import { type CliIo, EXIT } from "./io.ts";
import { readKeys } from "./read_keys.ts";
import { rangeOf } from "./replay_range.ts";
import { ReplayReport } from "./replay_report.ts";
import { reportProblems, reportWarnings } from "./report_problems.ts";

/** What `replay` is asked. */
export interface ReplayArgs {
  readonly config: string;
  /** The data folder. */
  readonly from: string;
  readonly since: string | undefined;
  readonly until: string | undefined;
  /** Prints the points instead of writing them. */
  readonly dryRun: boolean;
  /** Prints JSON lines. */
  readonly json: boolean;
  /** Replays the quarantine instead of archive and inbox. */
  readonly quarantine: boolean;
  /** Files of the keys that the folder is encrypted with, commas between them. */
  readonly keyFile: string | undefined;
}

/**
 * `replay`: runs what a data folder still holds of the past through the rules of a configuration.
 *
 * @returns 0 done · 1 the folder cannot be read, or the database does not take the points · 2 wrong usage or
 *   configuration
 */
export async function replay(args: ReplayArgs, io: CliIo, now: number): Promise<number> {
  const loaded = await loadConfig(args.config, io.sources);
  if (!loaded.ok) {
    reportProblems(loaded.problems, io);
    return EXIT.usage;
  }
  reportWarnings(loaded.warnings, io);
  const { config, rules } = loaded;
  const range = rangeOf(args.since, args.until, now);
  if (typeof range === "string") return refuse(range, io);
  const read = await keysOf(args.keyFile, config, io);
  if ("problem" in read) return refuse(read.problem, io);
  if (!args.dryRun && config.influxdb === undefined) {
    return refuse(
      `The configuration "${config.file}" names no database; add the section influxdb, or try with --dry-run`,
      io,
    );
  }
  const report = new ReplayReport(io, args, systemClock);
  let delivery: Delivery | undefined;
  try {
    const view = await journalView(denoFiles, args.from, args.quarantine ? "quarantine" : "inbox", read.keys);
    if (!args.dryRun) delivery = await deliveryTo(config.influxdb, report);
    const options = { rules, keyring: keyringOf(config), ...range, onProgress: report.progress.bind(report) };
    await replayed(view, read.keys, options, delivery ?? report, report);
    return EXIT.done;
  } catch (error) {
    if (!(error instanceof ReplayProblem)) throw error;
    report.interrupt();
    io.stderr(`${error.message}\n`);
    return EXIT.failed;
  } finally {
    await delivery?.close();
  }
}

async function replayed(
  view: JournalView,
  keys: KeyRing | undefined,
  options: ReplayOptions,
  sink: ReplaySink,
  report: ReplayReport,
): Promise<void> {
  if (view.name === "inbox") {
    report.end(await replayLive((after) => readStretch(view, keys, after), options, sink));
    return;
  }
  const counts: QuarantineCounts = { entries: 0, repeated: 0, redacted: 0, points: 0 };
  report.end(await replayClosed(readQuarantined(view, keys, counts), options, sink), counts);
}

function refuse(text: string, io: CliIo): number {
  io.stderr(`${text}\n`);
  return EXIT.usage;
}

async function keysOf(
  files: string | undefined,
  config: GatewayConfig,
  io: CliIo,
): ReturnType<typeof readKeys> {
  if (files !== undefined) return await readKeys(files, io);
  return { keys: await dataKeysOf(config.buffer.encryptAtRest) };
}

/** The way to the database, which takes lines. */
async function deliveryTo(
  influxdb: InfluxConfig | undefined,
  report: ReplayReport,
): Promise<Delivery | undefined> {
  if (influxdb === undefined) return undefined;
  const destination = makeDestination(influxdb, systemClock, (path) => Deno.readTextFile(path));
  const probed = await destination.probe();
  if (!probed.ok) {
    destination.close();
    throw new ReplayProblem(probed.text);
  }
  return new Delivery({
    destination,
    maxPoints: influxdb.batch.maxPoints,
    retry: influxdb.retry,
    clock: systemClock,
    random: Math.random,
    onNews: report.news.bind(report),
  });
}
