import type { IntakeEvent } from "../ingest/mod.ts";
import type { River } from "../pipeline/mod.ts";

/** What stands for the name of a client where device ids are personal. */
const NOT_SHOWN = "[not shown]";

/** An event of the intake as the log may hold it: the intake knows topics and clients, and not what is personal. */
export function shownIntakeEvent(event: IntakeEvent, river: River): IntakeEvent {
  if (event.kind === "oversized") {
    return { ...event, topic: river.routes.routeOf(event.topic)?.topic ?? event.topic };
  }
  if (
    event.kind === "client_refused" && river.rules.subscriptions.some(({ redact }) => redact !== undefined)
  ) {
    return { ...event, client: NOT_SHOWN, text: event.text.replaceAll(event.client, NOT_SHOWN) };
  }
  return event;
}
