import type { Clock } from "../clock.ts";
import type { AlertEvent } from "../model/mod.ts";
import type { Backoff } from "../retry/mod.ts";
import { Lane, type LaneOptions, type NotifierStatus } from "./lane.ts";
import { notificationId } from "./notification.ts";
import type { Notifier } from "./notifier.ts";
import { about, type NotifyEvent } from "./notify_event.ts";

/** What is not delivered yet: plain data, part of the checkpoint. */
export interface PendingNotifications {
  /** In the order of sending, notifier by notifier. */
  readonly entries: readonly {
    /** Name of the notifier. */
    readonly notifier: string;
    /** What people are to hear. */
    readonly event: AlertEvent;
    /** Attempts made so far. */
    readonly attempts: number;
  }[];
}

/** What the queue needs of the world. */
export interface NotifyOptions {
  /** For waits and for the delay that is shown. */
  readonly clock: Clock;
  /** Dice in `[0, 1)`, for the jitter. */
  readonly random: () => number;
  /** Takes every decision of the queue, at once. */
  readonly onEvent: (event: NotifyEvent) => void;
  /** Bounds of the waits between attempts; 1 s … 5 min by default. */
  readonly backoff?: Backoff;
  /** Most notifications that may wait per notifier; beyond it the oldest is dropped. 10,000 by default. */
  readonly capacity?: number;
}

/**
 * Carries alert events to people, at least once, each under a stable key.
 *
 * Per notifier and alert only the latest state is kept: a `resolved` that overtakes its unsent `firing` is sent
 * alone (it says when the alert fired). It is sent even if the firing never was, because an attempt that timed
 * out may well have arrived. Each notifier has a lane of its own, so a slow one holds no other.
 *
 * Feed it from durable records only, and after a crash with what the replay gives again: what was delivered
 * since the checkpoint is then sent once more under the same key. That, and no more, is the promise.
 */
export class NotifyQueue {
  readonly #options: LaneOptions;
  readonly #lanes = new Map<string, Lane>();
  readonly #running = new Set<Promise<void>>();
  #started = false;

  /**
   * Makes the queue; nothing is sent before `start`.
   *
   * @param notifiers by the name that rules use
   * @param pending what a checkpoint holds
   */
  constructor(
    notifiers: ReadonlyMap<string, Notifier>,
    options: NotifyOptions,
    pending?: PendingNotifications,
  ) {
    this.#options = {
      clock: options.clock,
      random: options.random,
      onEvent: options.onEvent,
      backoff: options.backoff ?? { initial: 1_000, max: 5 * 60_000 },
      capacity: options.capacity ?? 10_000,
    };
    this.replaceNotifiers(notifiers);
    for (const { notifier, event, attempts } of pending?.entries ?? []) this.#add(notifier, event, attempts);
  }

  /** Takes in an event of a durable record, for every notifier that its rule names. */
  add(event: AlertEvent): void {
    for (const name of event.notify) this.#add(name, event, 0);
  }

  /**
   * Tells one notifier again what the other side has forgotten, under the same key as before; what still waits for
   * it is on its way anyhow.
   */
  tell(name: string, event: AlertEvent): void {
    const id = notificationId(event);
    const waits = this.#lanes.get(name)?.pending().some((entry) => entry.id === id) ?? false;
    if (!waits) this.#add(name, event, 0);
  }

  /** Begins to send; call it when the replay is through, so that only the latest states go out. */
  start(): void {
    if (this.#started) return;
    this.#started = true;
    for (const lane of this.#lanes.values()) this.#run(lane);
  }

  /**
   * Ends: sends what can be sent now, and breaks off what is still on its way after `grace` ms. What was not
   * delivered stays in `snapshot`.
   */
  async stop(grace: number): Promise<void> {
    const timer = this.#options.clock.after(grace, () => {
      for (const lane of this.#lanes.values()) lane.abort();
    });
    for (const lane of this.#lanes.values()) lane.drain();
    await Promise.all(this.#running);
    timer.cancel();
  }

  /**
   * Puts other notifiers in force, at a reload. A name that stays keeps what waits for it; what waits for a name
   * that is gone is dropped.
   */
  replaceNotifiers(notifiers: ReadonlyMap<string, Notifier>): void {
    for (const [name, lane] of this.#lanes) {
      if (notifiers.has(name)) continue;
      this.#lanes.delete(name);
      for (const { event } of lane.pending()) this.#unknown(name, event);
      lane.abort();
    }
    for (const [name, notifier] of notifiers) {
      const known = this.#lanes.get(name);
      if (known !== undefined) {
        known.use(notifier);
        continue;
      }
      const lane = new Lane(name, notifier, this.#options);
      this.#lanes.set(name, lane);
      if (this.#started) this.#run(lane);
    }
  }

  /** What is not delivered, for the checkpoint. */
  snapshot(): PendingNotifications {
    return {
      entries: [...this.#lanes].flatMap(([notifier, lane]) =>
        lane.pending().map(({ event, attempts }) => ({ notifier, event, attempts }))
      ),
    };
  }

  /** How each notifier fares, in the order of the configuration. */
  status(): NotifierStatus[] {
    return Array.from(this.#lanes.values(), (lane) => lane.status());
  }

  #add(name: string, event: AlertEvent, attempts: number): void {
    const lane = this.#lanes.get(name);
    if (lane === undefined) this.#unknown(name, event);
    else lane.add(event, attempts);
  }

  #unknown(name: string, event: AlertEvent): void {
    const told = about(name, notificationId(event), event);
    this.#options.onEvent({ kind: "dropped", reason: "unknown_notifier", ...told });
  }

  #run(lane: Lane): void {
    const running = lane.run();
    this.#running.add(running);
    void running.then(() => this.#running.delete(running));
  }
}
