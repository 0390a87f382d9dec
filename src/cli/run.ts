import { systemClock } from "../clock.ts";
import { type GatewayConfig, loadConfig } from "../config/mod.ts";
import { flowOf, Gateway, GatewayProblem, Heartbeat, machine } from "../gateway/mod.ts";
import { type CliIo, EXIT } from "./io.ts";
import { reportProblems, reportWarnings } from "./report_problems.ts";
import { supervision, SystemdNotifier, throughSystemdNotify } from "./systemd.ts";

/**
 * `run`: the gateway, until SIGTERM or SIGINT. SIGHUP loads the configuration again.
 *
 * @returns 0 ended as asked · 1 failed · 2 the configuration is wrong · 3 the data folder is in use
 */
export async function run(args: { readonly config: string }, io: CliIo): Promise<number> {
  const loaded = await loadConfig(args.config, io.sources);
  if (!loaded.ok) {
    reportProblems(loaded.problems, io);
    return EXIT.usage;
  }
  reportWarnings(loaded.warnings, io);
  const config = forTerminal(loaded.config, io);
  const gateway = new Gateway(config, loaded.rules, machine((line) => io.stdout(`${line}\n`), io.color));
  const asked = Promise.withResolvers<"stop">();
  const stop = (): void => asked.resolve("stop");
  const reload = (): void => void reloadNow(gateway, args.config, io);
  // Asked to end while it still starts, it ends when it has started: a replay is not broken off half way.
  Deno.addSignalListener("SIGTERM", stop);
  Deno.addSignalListener("SIGINT", stop);
  Deno.addSignalListener("SIGHUP", reload);
  const systemd = notifierOf(io);
  try {
    systemd?.starting();
    await gateway.start();
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

/** At a terminal the log is text for people, unless the file asks for something else. */
function forTerminal(config: GatewayConfig, io: CliIo): GatewayConfig {
  return io.isTerminal ? { ...config, log: { ...config.log, format: "text" } } : config;
}

async function reloadNow(gateway: Gateway, path: string, io: CliIo): Promise<void> {
  const loaded = await loadConfig(path, io.sources);
  if (!loaded.ok) {
    reportProblems(loaded.problems, io);
    io.stderr("The configuration in force stays\n");
    return;
  }
  reportWarnings(loaded.warnings, io);
  await gateway.reload(loaded.config, loaded.rules);
}
