import { systemClock } from "../clock.ts";
import { flowOf, Gateway, GatewayProblem, Heartbeat, machine } from "../gateway/mod.ts";
import { configFiles } from "./config_files.ts";
import { configSource } from "./config_source.ts";
import { findConfig } from "./find_config.ts";
import { type CliIo, EXIT } from "./io.ts";
import { reportProblems, reportWarnings } from "./report_problems.ts";
import { underlaid } from "./overlay.ts";
import { GROWN_PROFILES, isFreePort, makeStarter, type Starter, starterWords } from "./starter.ts";
import { supervision, SystemdNotifier, throughSystemdNotify } from "./systemd.ts";

/**
 * `run`: the gateway, until SIGTERM or SIGINT. SIGHUP loads the configuration again. Where none is named and none is
 * found, it runs with the starter.
 *
 * @returns 0 ended as asked · 1 failed · 2 the configuration is wrong · 3 the data folder is in use
 */
export async function run(args: { readonly config: string | undefined }, io: CliIo): Promise<number> {
  const found = args.config ?? await findConfig(io.sources);
  if (found !== undefined) return await runWith(found, io, undefined);
  const starter = makeStarter(isFreePort);
  const sources = underlaid(io.sources, starter.file, GROWN_PROFILES);
  return await runWith(starter.file.path, { ...io, sources }, starter);
}

async function runWith(path: string, io: CliIo, starter: Starter | undefined): Promise<number> {
  const source = configSource(path, io);
  const read = await source.read();
  if ("problems" in read) {
    reportProblems(read.problems, io);
    return EXIT.usage;
  }
  reportWarnings(read.warnings, io);
  const ports = {
    ...machine((line) => io.stdout(`${line}\n`), io.color),
    configSource: source,
    configFiles: configFiles(path, io),
  };
  const gateway = new Gateway(read.config, read.rules, ports);
  const started = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<"stop">();
  const stop = (): void => asked.resolve("stop");
  // Asked while it still starts, it reads the file again when it has started.
  const reload = (): void => void started.promise.then(() => reloadNow(gateway, io));
  // Asked to end while it still starts, it ends when it has started: a replay is not broken off half way.
  Deno.addSignalListener("SIGTERM", stop);
  Deno.addSignalListener("SIGINT", stop);
  Deno.addSignalListener("SIGHUP", reload);
  const systemd = notifierOf(io);
  try {
    systemd?.starting();
    await gateway.start();
    started.resolve();
    if (starter !== undefined) io.stderr(starterWords(starter, gateway.address, read.config));
    const heartbeat = new Heartbeat(() => flowOf(gateway.parts));
    systemd?.ready(() => heartbeat.look());
    const end = await Promise.race([asked.promise, gateway.failed]);
    if (end instanceof GatewayProblem) {
      // Nothing may touch the journals any more: the next start replays from the last checkpoint.
      io.stderr(`error ${end.message}\n`);
      return end.exit;
    }
    await Promise.all([systemd?.stopping(), gateway.stop()]);
    return EXIT.done;
  } catch (error) {
    if (!(error instanceof GatewayProblem)) throw error;
    io.stderr(`error ${error.message}\n`);
    return error.exit;
  } finally {
    await systemd?.close();
    Deno.removeSignalListener("SIGTERM", stop);
    Deno.removeSignalListener("SIGINT", stop);
    Deno.removeSignalListener("SIGHUP", reload);
  }
}

/** Who tells systemd of this process; `undefined` where another supervisor, or none, runs it. */
function notifierOf(io: CliIo): SystemdNotifier | undefined {
  const asked = supervision((name) => io.env(name), Deno.pid);
  if (asked === undefined) return undefined;
  return new SystemdNotifier({
    notify: throughSystemdNotify("systemd-notify"),
    clock: systemClock,
    watchdog: asked.watchdog,
    onError: (words) => io.stderr(`systemd is not told: ${words}\n`),
  });
}

async function reloadNow(gateway: Gateway, io: CliIo): Promise<void> {
  try {
    const outcome = await gateway.reload();
    if (outcome.kind === "reloaded") return reportWarnings(outcome.warnings, io);
    if (outcome.kind === "refused") reportProblems(outcome.problems, io);
    else io.stderr(`${outcome.detail}\n`);
  } catch (error) {
    io.stderr(`error The reload failed: ${error instanceof Error ? error.message : String(error)}\n`);
  }
  io.stderr("The configuration in force stays\n");
}
