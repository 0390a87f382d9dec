import type { Clock } from "../clock.ts";
import type { AlertEvent } from "../model/mod.ts";
import { type Backoff, fullJitter } from "../retry/mod.ts";
import { delaySeconds, type Notification, notificationId } from "./notification.ts";
import type { Notifier, SendResult } from "./notifier.ts";
import { about, type NotifyEvent } from "./notify_event.ts";

/** What every lane of a queue shares. */
export interface LaneOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly backoff: Backoff;
  readonly capacity: number;
  readonly onEvent: (event: NotifyEvent) => void;
}

/** How a notifier fares. */
export interface NotifierStatus {
  /** Name of the notifier. */
  readonly name: string;
  /** Which channel it is. */
  readonly kind: string;
  /** Notifications waiting or on their way. */
  readonly pending: number;
  /** Event time of the oldest of them, ms; `null` when none waits. */
  readonly oldest: number | null;
  /** Notifications delivered since the start. */
  readonly sent: number;
  /** Attempts that failed since the start. */
  readonly failed: number;
  /** Notifications refused for good or dropped since the start. */
  readonly lost: number;
  /** What the last failed attempt said; `null` when none failed, or one succeeded since. */
  readonly lastError: { readonly text: string; readonly at: number } | null;
}

/** The latest state of one alert on its way to one notifier. */
export interface Entry {
  readonly event: AlertEvent;
  readonly id: string;
  attempts: number;
  /** Monotonic time before which it is not tried again, ms. */
  notBefore: number;
}

/**
 * One notifier's queue and its only worker. Waits are kept per entry, so that one which is always refused
 * delays itself and no other; once a second one fails too, the other side is down and the whole lane waits.
 */
export class Lane {
  readonly #name: string;
  readonly #options: LaneOptions;
  #notifier: Notifier;
  /** By alert, in the order of sending. */
  readonly #waiting = new Map<string, Entry>();
  #sending: Entry | undefined;
  /** Alerts that failed since the last success, and how often one did. */
  readonly #failing = new Set<string>();
  #failures = 0;
  #heldUntil = -Infinity;
  #wake: () => void = () => {};
  #draining = false;
  readonly #broken = new AbortController();
  #counts = { sent: 0, failed: 0, lost: 0 };
  #lastError: NotifierStatus["lastError"] = null;

  constructor(name: string, notifier: Notifier, options: LaneOptions) {
    this.#name = name;
    this.#notifier = notifier;
    this.#options = options;
  }

  /** From now on this notifier sends, and whatever waits is tried at once. */
  use(notifier: Notifier): void {
    this.#notifier = notifier;
    this.#heldUntil = -Infinity;
    for (const entry of this.#waiting.values()) entry.notBefore = -Infinity;
    this.#wake();
  }

  /** Takes in the newest state of an alert; it takes the place of an older one that still waits. */
  add(event: AlertEvent, attempts = 0): void {
    const id = notificationId(event);
    const older = this.#waiting.get(event.alert);
    if (older !== undefined && older.id !== id) {
      this.#say({ kind: "superseded", ...about(this.#name, older.id, older.event) });
    }
    this.#waiting.set(event.alert, { event, id, attempts, notBefore: -Infinity });
    if (this.#waiting.size > this.#options.capacity) this.#dropOldest();
    this.#wake();
  }

  /** Sends until `drain` or `abort`; never rejects. */
  async run(): Promise<void> {
    const { clock } = this.#options;
    while (!this.#broken.signal.aborted) {
      const entry = this.#next();
      const wait = entry === undefined
        ? Infinity
        : Math.max(entry.notBefore, this.#heldUntil) - clock.monotonic();
      if (entry !== undefined && wait <= 0) await this.#attempt(entry);
      else if (this.#draining) return;
      else await this.#pause(wait);
    }
  }

  /** Goes on while there is something to send now, then ends. What waits for another try stays. */
  drain(): void {
    this.#draining = true;
    this.#wake();
  }

  /** Ends now; what is on its way counts as not sent. */
  abort(): void {
    this.#draining = true;
    this.#broken.abort();
    this.#wake();
  }

  /** Everything not delivered, in the order of sending. */
  pending(): Entry[] {
    const sending = this.#sending;
    const superseded = sending === undefined || this.#waiting.has(sending.event.alert);
    return superseded ? [...this.#waiting.values()] : [sending, ...this.#waiting.values()];
  }

  /** How it fares. */
  status(): NotifierStatus {
    const pending = this.pending();
    return {
      name: this.#name,
      kind: this.#notifier.kind,
      pending: pending.length,
      oldest: pending.length === 0 ? null : Math.min(...pending.map((entry) => entry.event.at)),
      ...this.#counts,
      lastError: this.#lastError,
    };
  }

  async #attempt(entry: Entry): Promise<void> {
    const { clock } = this.#options;
    this.#waiting.delete(entry.event.alert);
    this.#sending = entry;
    entry.attempts++;
    const { event, id, attempts: attempt } = entry;
    const notification: Notification = { id, event, attempt, sentAt: clock.wall() };
    const result = await this.#send(notification);
    this.#sending = undefined;
    const told = about(this.#name, id, event);
    if (this.#broken.signal.aborted && result.kind !== "sent") {
      if (!this.#waiting.has(event.alert)) this.#waiting.set(event.alert, entry);
      return;
    }
    if (result.kind === "retry") return this.#again(entry, result);
    this.#failing.clear();
    this.#failures = 0;
    this.#heldUntil = -Infinity;
    if (result.kind === "sent") {
      this.#counts.sent++;
      this.#lastError = null;
      this.#say({ kind: "sent", ...told, attempt, delaySeconds: delaySeconds(notification) });
    } else {
      this.#counts.failed++;
      this.#counts.lost++;
      this.#lastError = { text: result.text, at: clock.wall() };
      this.#say({ kind: "gave_up", ...told, attempt, text: result.text });
    }
  }

  #again(entry: Entry, result: Extract<SendResult, { kind: "retry" }>): void {
    const { clock, backoff, random } = this.#options;
    const { event, id, attempts: attempt } = entry;
    const now = clock.monotonic();
    const own = result.after ?? fullJitter(attempt, backoff, random);
    this.#counts.failed++;
    this.#lastError = { text: result.text, at: clock.wall() };
    this.#failing.add(event.alert);
    this.#failures++;
    if (result.after !== undefined) this.#heldUntil = now + result.after;
    else if (this.#failing.size > 1) this.#heldUntil = now + fullJitter(this.#failures, backoff, random);
    entry.notBefore = now + own;
    const told = about(this.#name, id, event);
    // A newer state came while this one was on its way: it alone is sent, at once and in its own right.
    if (this.#waiting.has(event.alert)) return this.#say({ kind: "superseded", ...told });
    this.#waiting.set(event.alert, entry);
    if (this.#waiting.size > this.#options.capacity) this.#dropOldest();
    const wait = Math.max(entry.notBefore, this.#heldUntil) - now;
    this.#say({ kind: "retry", ...told, attempt, wait, text: result.text });
  }

  /** One attempt that ends when the lane is broken off, even if the notifier does not, and never throws. */
  async #send(notification: Notification): Promise<SendResult> {
    const { signal } = this.#broken;
    const broken = Promise.withResolvers<SendResult>();
    const abort = (): void =>
      broken.resolve({ kind: "retry", text: "The gateway stopped during the attempt" });
    signal.addEventListener("abort", abort);
    try {
      return await Promise.race([this.#notifier.send(notification, signal), broken.promise]);
    } catch (error) {
      const name = error instanceof Error ? error.name : typeof error;
      return { kind: "retry", text: `The notifier "${this.#name}" broke its contract and threw "${name}"` };
    } finally {
      signal.removeEventListener("abort", abort);
    }
  }

  /** The entry whose turn comes first; of equals the one that waits longest. */
  #next(): Entry | undefined {
    let first: Entry | undefined;
    for (const entry of this.#waiting.values()) {
      if (first === undefined || entry.notBefore < first.notBefore) first = entry;
      if (first.notBefore === -Infinity) return first;
    }
    return first;
  }

  #dropOldest(): void {
    const [alert, entry] = this.#waiting.entries().next().value ?? [];
    if (alert === undefined || entry === undefined) return;
    this.#waiting.delete(alert);
    this.#counts.lost++;
    this.#say({ kind: "dropped", reason: "queue_full", ...about(this.#name, entry.id, entry.event) });
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = ms === Infinity ? undefined : this.#options.clock.after(ms, () => this.#wake());
      this.#wake = (): void => {
        this.#wake = () => {};
        timer?.cancel();
        resolve();
      };
    });
  }

  #say(event: NotifyEvent): void {
    this.#options.onEvent(event);
  }
}
