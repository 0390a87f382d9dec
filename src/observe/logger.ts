import { type Facts, type Level, RANK, type Time } from "./facts.ts";
import { jsonLine, textLine } from "./log_line.ts";
import type { Sink } from "./sink.ts";

/** How a logger writes. */
export interface LoggerOptions {
  /** Where the lines go. */
  readonly sink: Sink;
  /** What the lines are stamped with. */
  readonly time: Pick<Time, "wall">;
  /** Lines below this level are not written. */
  readonly level: Level;
  /** `json`: one object a line; `text`: for people at a terminal. */
  readonly format: "json" | "text";
  /** Colours in `text`; only for a terminal. */
  readonly colour?: boolean;
  /**
   * Secrets in force, asked for each line: wherever one stands in a fact, `[redacted]` is written instead.
   * A second net below careful facts: texts of libraries may quote an address with its password.
   */
  readonly secrets?: () => readonly string[];
}

/** Shortest secret that is looked for: shorter ones would blacken ordinary words. */
const SHORTEST_SECRET = 4;

/** Writes events as lines. Knows no other logger and is no singleton: whoever logs is handed one. */
export class Logger {
  readonly #options: LoggerOptions;

  /** A logger that writes as `options` say. */
  constructor(options: LoggerOptions) {
    this.#options = options;
  }

  /** Whether lines of this level are written. */
  enabled(level: Level): boolean {
    return RANK[level] >= RANK[this.#options.level];
  }

  /**
   * Writes one line.
   *
   * @param level how much it matters
   * @param event name of the event in snake_case, e.g. `mqtt_connected`
   * @param facts what there is to say of it
   */
  log(level: Level, event: string, facts: Facts = {}): void {
    if (!this.enabled(level)) return;
    const { sink, time, format, colour } = this.#options;
    const entry = { at: time.wall(), level, event, facts: this.#withoutSecrets(facts) };
    sink.write(format === "json" ? jsonLine(entry) : textLine(entry, colour ?? false));
  }

  #withoutSecrets(facts: Facts): Facts {
    const secrets = (this.#options.secrets?.() ?? []).filter((secret) => secret.length >= SHORTEST_SECRET);
    if (secrets.length === 0) return facts;
    // Longest first: a secret that begins with another must not leave its tail behind.
    secrets.sort((a, b) => b.length - a.length);
    const clean = (text: string): string =>
      secrets.reduce((rest, secret) => rest.replaceAll(secret, "[redacted]"), text);
    return Object.fromEntries(
      Object.entries(facts).map(([name, value]) => [name, typeof value === "string" ? clean(value) : value]),
    );
  }
}
