import type { JSX } from "hono/jsx/jsx-runtime";
import type { Alert } from "../schemas/alerts.ts";
import type { NotifierAnswer } from "../schemas/notifiers.ts";
import type { QuarantineEntry } from "../schemas/quarantine.ts";
import type { Status } from "../schemas/status.ts";
import { age, moment, number, plural } from "./words.ts";

/** Alerts: firing first, then what may come, then what was. */
export function AlertsPanel(props: { alerts: readonly Alert[]; status: Status }): JSX.Element {
  const { alerts, status } = props;
  const more = status.alerts_firing - alerts.filter((alert) => alert.state === "firing").length;
  return (
    <section class="panel" aria-labelledby="alerts">
      <h2 id="alerts">Alerts</h2>
      {alerts.length === 0 ? <p class="quiet">Nothing needs attention.</p> : null}
      {alerts.map((alert) => (
        <div class={alert.state === "firing" ? "entry look" : "entry"}>
          <b>{alert.summary}</b>
          <p>{standing(alert, status.now)}</p>
        </div>
      ))}
      {more > 0 ? <p class="quiet">and {plural(more, "more alert")} at /api/v1/alerts</p> : null}
    </section>
  );
}

function standing(alert: Alert, now: string): string {
  const what = `${alert.severity}, rule ${alert.rule}`;
  if (alert.state === "pending") return `${what}, holds for ${age(now, alert.since)}, not long enough yet`;
  if (alert.state === "firing") return `${what}, firing for ${age(now, alert.fired_at ?? alert.since)}`;
  const why = alert.resolved_because === null ? "resolved" : alert.resolved_because.replaceAll("_", " ");
  return `${what}, ${why} at ${moment(now, alert.resolved_at ?? alert.since)}`;
}

/** Channels that fail: people may not have heard of the alerts. */
export function NotifiersPanel(props: { failing: readonly NotifierAnswer[]; now: string }): JSX.Element {
  const { failing, now } = props;
  return (
    <section class="panel" aria-labelledby="notifiers">
      <h2 id="notifiers">People are not told</h2>
      {failing.map(({ name, kind, pending, lost, last_error }) => (
        <div class="entry look">
          <b>
            {name} ({kind}): {number(pending)} waiting{lost === 0 ? "" : `, ${number(lost)} lost`}
          </b>
          <p>{last_error === null ? "" : `${last_error.text}, ${age(now, last_error.at)} ago`}</p>
        </div>
      ))}
    </section>
  );
}

/** What was refused last, with its reason. */
export function QuarantinePanel(props: { refused: readonly QuarantineEntry[]; status: Status }): JSX.Element {
  const { refused, status } = props;
  const { entries } = status.quarantine;
  return (
    <section class="panel" aria-labelledby="quarantine">
      <h2 id="quarantine">Quarantine</h2>
      {refused.length === 0 ? <p class="quiet">Nothing was refused.</p> : null}
      {refused.map((entry) => (
        <div class="entry">
          {entry.explanation}
          <p>
            {[entry.device ?? entry.topic ?? "unknown origin", `${age(status.now, entry.received_at)} ago`]
              .join(", ")}
            {entry.replayed ? ", replayed" : ""}
          </p>
        </div>
      ))}
      {entries > refused.length
        ? (
          <p class="quiet">
            <b>{number(entries)}</b> in all at /api/v1/quarantine
          </p>
        )
        : null}
    </section>
  );
}
