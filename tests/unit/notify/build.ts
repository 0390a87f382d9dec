import type { AlertEvent } from "../../../src/model/mod.ts";
import {
  type Notification,
  type Notifier,
  type NotifyEvent,
  NotifyQueue,
  type PendingNotifications,
  type SendResult,
} from "../../../src/notify/mod.ts";
import { ManualClock } from "./manual_clock.ts";

/** A firing alert of `kiln-1`. */
export function event(over: Partial<AlertEvent> = {}): AlertEvent {
  const device = over.device ?? "kiln-1";
  return {
    transition: "firing",
    alert: `too-hot:${device}`,
    rule: "too-hot",
    severity: "critical",
    device,
    tags: [["site", "north"]],
    field: "temperature",
    value: 81.5,
    unit: "degC",
    limit: "80",
    at: 1_699_999_990_000,
    firedAt: 1_699_999_990_000,
    receivedAt: 1_699_999_990_100,
    notify: ["ops"],
    summary: `${device} is 81.5 degC (limit 80)`,
    reason: null,
    ...over,
  };
}

/** Its resolution, ten seconds later. */
export function resolution(over: Partial<AlertEvent> = {}): AlertEvent {
  return event({ transition: "resolved", reason: "cleared", value: 20, at: 1_700_000_000_000, ...over });
}

/** A notifier that notes what it is given and answers as told; while `hold` is set it does not answer. */
export class Recorder implements Notifier {
  readonly kind = "recorder";
  readonly seen: Notification[] = [];
  readonly #held: PromiseWithResolvers<SendResult>[] = [];
  hold = false;

  /** @param answer the result of a notification */
  constructor(public answer: (notification: Notification) => SendResult = () => ({ kind: "sent" })) {}

  /** What was sent, in words. */
  get said(): string[] {
    return this.seen.map(({ event }) => `${event.device} ${event.transition}`);
  }

  send(notification: Notification): Promise<SendResult> {
    this.seen.push(notification);
    if (!this.hold) return Promise.resolve(this.answer(notification));
    const held = Promise.withResolvers<SendResult>();
    this.#held.push(held);
    return held.promise;
  }

  /** Answers what is held. */
  release(result: SendResult = { kind: "sent" }): void {
    this.hold = false;
    for (const held of this.#held.splice(0)) held.resolve(result);
  }
}

/** A queue under a manual clock with dice that always show the longest wait. */
export function queue(
  notifiers: Record<string, Notifier>,
  over: { capacity?: number; pending?: PendingNotifications } = {},
): { queue: NotifyQueue; clock: ManualClock; events: NotifyEvent[]; kinds: () => string[] } {
  const clock = new ManualClock();
  const events: NotifyEvent[] = [];
  const options = {
    clock,
    random: () => 1,
    onEvent: (event: NotifyEvent) => events.push(event),
    ...(over.capacity === undefined ? {} : { capacity: over.capacity }),
  };
  return {
    queue: new NotifyQueue(new Map(Object.entries(notifiers)), options, over.pending),
    clock,
    events,
    kinds: () => events.map((event) => event.kind),
  };
}

/** A refusal for now. */
export const later: SendResult = { kind: "retry", text: "The other side is away" };
