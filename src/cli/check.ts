import { formatDuration, formatSize, type GatewayConfig, loadConfig } from "../config/mod.ts";
import { failingExamples } from "../explain/mod.ts";
import type { Rules } from "../model/mod.ts";
import { type CliIo, EXIT } from "./io.ts";
import { reportProblems, reportWarnings } from "./report_problems.ts";

/** What trying one other side gave. */
export interface ProbeResult {
  /** Who was tried: `broker`, `database`. */
  readonly what: string;
  /** It would take what the gateway sends. */
  readonly ok: boolean;
  /** The sentence for people; holds no secret. */
  readonly text: string;
}

/** Tries the broker and the database of a configuration. */
export type Probe = (config: GatewayConfig) => Promise<readonly ProbeResult[]>;

/**
 * `check`: validates everything that can be known without running, runs the examples of all profiles, and with `probe` also tries the broker and
 * the database. A valid configuration gives one short summary; a wrong one every problem at once.
 *
 * @returns 0 valid · 1 a probe failed · 2 the configuration is wrong
 */
export async function check(
  args: { readonly config: string; readonly probe: boolean },
  io: CliIo,
  probe: Probe,
): Promise<number> {
  const loaded = await loadConfig(args.config, io.sources);
  if (!loaded.ok) {
    reportProblems(loaded.problems, io);
    return EXIT.usage;
  }
  const failing = failingExamples(loaded.rules, loaded.examples);
  if (failing.length > 0) {
    reportProblems(failing, io);
    return EXIT.usage;
  }
  reportWarnings(loaded.warnings, io);
  const facts = factsOf(loaded.config, loaded.rules, loaded.examples.length);
  io.stdout(
    io.isTerminal
      ? inWords(loaded.config, facts)
      : `${JSON.stringify({ valid: true, ...Object.fromEntries(facts) })}\n`,
  );
  if (!args.probe) return EXIT.done;
  const results = await probe(loaded.config);
  for (const { what, ok, text } of results) {
    io.stdout(
      io.isTerminal
        ? `${ok ? "ok    " : "failed"} ${what}: ${text}\n`
        : `${JSON.stringify({ what, ok, text })}\n`,
    );
  }
  return results.every((result) => result.ok) ? EXIT.done : EXIT.failed;
}

type Facts = readonly (readonly [name: string, value: string | number])[];

/** What a valid configuration comes to. */
function factsOf(config: GatewayConfig, rules: Rules, examples: number): Facts {
  const { buffer, mqtt } = config;
  const profiles = Object.keys(rules.profiles);
  return [
    ["file", config.file],
    ["subscriptions", rules.subscriptions.length],
    ["profiles", `${profiles.length} (${profiles.join(", ")})`],
    ["examples", examples],
    ["alerts", rules.alerts.length],
    [
      "data_folder",
      `${config.gateway.dataDir}, up to ${formatSize(buffer.maxBytes)} and ${formatDuration(buffer.maxAge)}`,
    ],
    ["broker", `${mqtt.url} as ${mqtt.clientId}`],
    ["database", database(config)],
    ["api", `${config.api.tls === undefined ? "http" : "https"}://${listen(config)}`],
  ];
}

function inWords(config: GatewayConfig, facts: Facts): string {
  const rows = facts.slice(1).map(([name, value]) => `  ${name.replace("_", " ").padEnd(13)}  ${value}\n`);
  return `${config.file} is valid\n${rows.join("")}${config.mqtt.embedded === undefined ? BROKER_QUEUE : ""}`;
}

/** What the gateway cannot see from its side of the broker. */
const BROKER_QUEUE =
  "  note: while the gateway is away the broker keeps its messages. mosquitto as it comes keeps 1000 and drops\n" +
  "  the rest in silence, and keeps none over its own restart: see deploy/mosquitto/mosquitto.conf\n";

function database({ influxdb }: GatewayConfig): string {
  if (influxdb === undefined) return "none, nothing is forwarded";
  const place = influxdb.version === 2
    ? `bucket "${influxdb.bucket}" of "${influxdb.org}"`
    : `database "${influxdb.database}"`;
  return `${influxdb.url} version ${influxdb.version}, ${place}`;
}

function listen({ api }: GatewayConfig): string {
  const { hostname, port } = api.listen;
  return hostname.includes(":") ? `[${hostname}]:${port}` : `${hostname}:${port}`;
}
