import type { Facts, Level, Time } from "./facts.ts";
import type { Logger } from "./logger.ts";
import type { Counter, Metrics } from "./metrics.ts";
import { Repeats } from "./repeats.ts";

/** What an observer writes to and counts in. */
export interface ObserverOptions {
  /** Takes the lines. */
  readonly logger: Logger;
  /** Takes the counter `sluice_events_total`. */
  readonly metrics: Metrics;
  /** Measures how close together events are. */
  readonly time: Pick<Time, "monotonic">;
}

/**
 * One named event is a log line and a counter together, so that neither is forgotten. A flood of identical
 * events is short in the log and exact in the counter.
 */
export class Observer {
  readonly #counter: Counter;
  readonly #logger: Logger;
  readonly #repeats: Repeats;

  /** An observer; adds its counter to the metrics. */
  constructor(options: ObserverOptions) {
    this.#logger = options.logger;
    this.#counter = options.metrics.counter(
      "sluice_events_total",
      "Named events, as they stand in the log.",
      ["event"],
    );
    this.#repeats = new Repeats(
      (level, event, facts) => options.logger.log(level, event, facts),
      () => options.time.monotonic(),
    );
  }

  /**
   * Says that something happened.
   *
   * @param name of the event in snake_case; one of a fixed set in the code, never made from data
   * @param level how much it matters; below the logger's level it is only counted
   * @param facts what there is to say of it, no secrets
   */
  event(name: string, level: Level, facts: Facts = {}): void {
    this.#counter.add([name]);
    if (this.#logger.enabled(level)) this.#repeats.log(level, name, facts);
  }

  /** Writes the counts of repeated events that are still owed; at shutdown and now and then. */
  flush(): void {
    this.#repeats.flush();
  }
}
