import type { AlertEvent } from "../model/mod.ts";

/** What every event of the queue names. */
export interface NotifyAbout {
  /** Name of the notifier, as the rule wrote it. */
  readonly notifier: string;
  /** The idempotency key. */
  readonly id: string;
  /** Identity of the alert. */
  readonly alert: string;
  /** What people were to hear. */
  readonly transition: AlertEvent["transition"];
}

/** What the queue decided, with its reason; a log line and a counter each. Holds no secret. */
export type NotifyEvent =
  /** Taken by the other side. */
  | (NotifyAbout & { readonly kind: "sent"; readonly attempt: number; readonly delaySeconds: number })
  /** Failed for now; comes again in `wait` ms. */
  | (NotifyAbout & {
    readonly kind: "retry";
    readonly attempt: number;
    readonly wait: number;
    readonly text: string;
  })
  /** Refused for good. */
  | (NotifyAbout & { readonly kind: "gave_up"; readonly attempt: number; readonly text: string })
  /** A newer state of the same alert came before this one was delivered: only the newer is sent. */
  | (NotifyAbout & { readonly kind: "superseded" })
  /** Not sent: no notifier has this name, or the queue was full and this was its oldest. */
  | (NotifyAbout & { readonly kind: "dropped"; readonly reason: "unknown_notifier" | "queue_full" });

/** The part of an event that is the same for all kinds. */
export function about(notifier: string, id: string, event: AlertEvent): NotifyAbout {
  return { notifier, id, alert: event.alert, transition: event.transition };
}
