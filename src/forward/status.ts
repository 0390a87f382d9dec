import type { Clock } from "../clock.ts";
import { Histogram, type HistogramSnapshot } from "./histogram.ts";
import type { Trouble } from "./verdict.ts";

/** Why nothing, or not everything, is being delivered. */
export type WaitReason =
  | Trouble["kind"]
  /** All that was tried is refused: the configuration, not the lines, is to blame. */
  | "configuration"
  /** The search for bad lines pauses because it has spent its requests. */
  | "isolating"
  /** The gateway itself failed; see the text. */
  | "internal";

/** The forwarder's state for people and for readiness. */
export interface DestinationStatus {
  /** `waiting`: will try again by itself soon; `holding`: somebody has to act, nothing is thrown away. */
  readonly state: "idle" | "sending" | "waiting" | "holding";
  /** Why it waits or holds. */
  readonly reason: WaitReason | null;
  /** The sentence that belongs to the reason. */
  readonly text: string | null;
  /** Wall clock of the change to this state and reason, ms. */
  readonly since: number;
  /** Attempts in a row that failed. */
  readonly attempts: number;
  /** Wall clock of the next attempt, ms; `null` when none is planned. */
  readonly nextAttemptAt: number | null;
  /** Wall clock of the last block that was settled, ms. */
  readonly lastDeliveredAt: number | null;
  /** The last failure's sentence; stays after it is over. */
  readonly lastError: string | null;
  /** Wall clock of the last failure, ms. */
  readonly lastErrorAt: number | null;
  /** Duration of the requests that got an answer. */
  readonly latency: HistogramSnapshot;
  /** Since the start of the process. */
  readonly delivered: { readonly blocks: number; readonly points: number };
  /** Points or fields of points given to the dead letters since the start of the process. */
  readonly refused: number;
  /** Blocks sent again after an outcome that is not known. */
  readonly resent: number;
}

/** Reasons that a person has to act on. */
const HELD: ReadonlySet<WaitReason> = new Set([
  "configuration",
  "capacity",
  "unauthorised",
  "not_found",
  "wrong_address",
]);

/** Keeps the status; the forwarder tells it what happens. */
export class StatusKeeper {
  readonly #clock: Clock;
  readonly #latency = new Histogram();
  #state: DestinationStatus["state"] = "idle";
  #reason: WaitReason | null = null;
  #text: string | null = null;
  #since: number;
  #nextAttemptAt: number | null = null;
  #lastDeliveredAt: number | null = null;
  #lastError: string | null = null;
  #lastErrorAt: number | null = null;
  #blocks = 0;
  #points = 0;
  #refused = 0;
  #resent = 0;
  #fullText: string | null = null;
  #fullSince = 0;
  #fullUntil = -Infinity;
  /** Attempts in a row that failed. */
  attempts = 0;

  /** Begins idle. */
  constructor(clock: Clock) {
    this.#clock = clock;
    this.#since = clock.wall();
  }

  /** The database takes no more series: an alarm beside whatever else goes on, for `ms` from now. */
  capacity(text: string, ms: number): void {
    if (this.#clock.monotonic() >= this.#fullUntil) this.#fullSince = this.#clock.wall();
    this.#fullText = text;
    this.#fullUntil = this.#clock.monotonic() + ms;
    this.#failed(text);
  }

  /** Nothing waits. */
  idle(): void {
    this.#change("idle", null, null);
  }

  /** A request is on its way. An alarm stays until something is delivered. */
  sending(): void {
    this.#nextAttemptAt = null;
    if (this.#state === "idle") this.#change("sending", null, null);
  }

  /** An attempt failed, the next one is planned. */
  waiting(reason: WaitReason, text: string, wait: number): void {
    this.#change(HELD.has(reason) ? "holding" : "waiting", reason, text);
    this.#nextAttemptAt = this.#clock.wall() + wait;
    this.#failed(text);
  }

  /** All that waits is put off: the first of it is tried in so many ms. */
  planned(wait: number): void {
    this.#nextAttemptAt = this.#clock.wall() + wait;
  }

  /** The server took something. */
  recovered(): void {
    this.attempts = 0;
    if (this.#reason !== null) this.#change("sending", null, null);
  }

  /** A block is settled. */
  settled(points: number, refused: number): void {
    this.#blocks++;
    this.#points += points;
    this.#refused += refused;
    this.#lastDeliveredAt = this.#clock.wall();
  }

  /** A request got its answer. */
  answered(ms: number): void {
    this.#latency.add(ms);
  }

  /** A block goes out again after an unknown outcome. */
  resent(): void {
    this.#resent++;
  }

  /** The status now. */
  snapshot(): DestinationStatus {
    const full = this.#reason === null && this.#clock.monotonic() < this.#fullUntil;
    return {
      state: full ? "holding" : this.#state,
      reason: full ? "capacity" : this.#reason,
      text: full ? this.#fullText : this.#text,
      since: full ? this.#fullSince : this.#since,
      attempts: this.attempts,
      nextAttemptAt: this.#nextAttemptAt,
      lastDeliveredAt: this.#lastDeliveredAt,
      lastError: this.#lastError,
      lastErrorAt: this.#lastErrorAt,
      latency: this.#latency.snapshot(),
      delivered: { blocks: this.#blocks, points: this.#points },
      refused: this.#refused,
      resent: this.#resent,
    };
  }

  #failed(text: string): void {
    this.#lastError = text;
    this.#lastErrorAt = this.#clock.wall();
  }

  #change(state: DestinationStatus["state"], reason: WaitReason | null, text: string | null): void {
    if (state !== this.#state || reason !== this.#reason) this.#since = this.#clock.wall();
    this.#state = state;
    this.#reason = reason;
    this.#text = text;
    if (reason === null) this.#nextAttemptAt = null;
  }
}
