import { type GatewayConfig, loadConfig } from "../config/mod.ts";
import { machine, testNotification, type TestOutcome } from "../gateway/mod.ts";
import { type CliIo, EXIT } from "./io.ts";
import { reportProblems, reportWarnings } from "./report_problems.ts";

/** Sends a test notification through a notifier; `undefined`: there is none of this name. */
export type SendTest = (config: GatewayConfig, name: string, io: CliIo) => Promise<TestOutcome | undefined>;

/**
 * `notify test NAME`: sends one test notification through a notifier of the configuration and tells the outcome.
 *
 * @returns 0 taken · 1 not taken · 2 wrong usage or configuration
 */
export async function notify(
  args: { readonly action: string; readonly name: string; readonly config: string },
  io: CliIo,
  send: SendTest = sendTest,
): Promise<number> {
  if (args.action !== "test" || args.name === "") {
    io.stderr(`The words were "${`${args.action} ${args.name}`.trim()}"; allowed is: notify test NAME\n`);
    return EXIT.usage;
  }
  const loaded = await loadConfig(args.config, io.sources);
  if (!loaded.ok) {
    reportProblems(loaded.problems, io);
    return EXIT.usage;
  }
  reportWarnings(loaded.warnings, io);
  const outcome = await send(loaded.config, args.name, io);
  if (outcome === undefined) {
    const known = Object.keys(loaded.config.notifiers).join(", ");
    const allowed = known === "" ? "the configuration names none" : `allowed are ${known}`;
    io.stderr(`There is no such notifier, found "${args.name}", ${allowed}\n`);
    return EXIT.usage;
  }
  const { kind, ok, text } = outcome;
  io.stdout(
    io.isTerminal
      ? `${ok ? "ok    " : "failed"} ${args.name} (${kind}): ${text}\n`
      : `${JSON.stringify({ notifier: args.name, kind, ok, text })}\n`,
  );
  return ok ? EXIT.done : EXIT.failed;
}

function sendTest(config: GatewayConfig, name: string, io: CliIo): Promise<TestOutcome | undefined> {
  const ports = machine((line) => io.stdout(`${line}\n`), io.color);
  return testNotification(config, name, ports, (_, { id, event }) => {
    io.stdout(`${event.severity} ${event.summary} (${id})\n`);
  });
}
