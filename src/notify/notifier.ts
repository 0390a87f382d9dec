import type { Notification } from "./notification.ts";

/** What became of one attempt. The text is for people and holds no secret. */
export type SendResult =
  /** The other side has it. */
  | { readonly kind: "sent" }
  /** Not now: try again, no sooner than `after` ms where the other side named a time. */
  | { readonly kind: "retry"; readonly after?: number; readonly text: string }
  /** Never: this notification is refused for good, trying again would be refused alike. */
  | { readonly kind: "give_up"; readonly text: string };

/**
 * A channel to people: one file a channel, all behind this interface.
 *
 * The queue calls `send` with one notification at a time and waits for its result before the next; after
 * `retry` it comes back with the same notification under the same `id`, or with a newer state of the same
 * alert under another. So a receiver can be told the same news more than once, and tells them apart by `id`.
 *
 * A notifier
 * - answers `sent` only when the other side has said that it took the notification;
 * - keeps a time limit of its own, and answers `retry` when it has passed;
 * - answers soon after `signal` aborts, with `retry`: whether the other side has it is then unknown;
 * - never throws and never rejects: what goes wrong is a result;
 * - holds nothing back: no queue, no retry, no state that would have to outlive the process.
 *
 * `tests/contract/notifier_test.ts` holds every implementation to this.
 */
export interface Notifier {
  /** Which channel it is, e.g. `webhook`. */
  readonly kind: string;
  /** Makes one attempt. */
  send(notification: Notification, signal: AbortSignal): Promise<SendResult>;
}
