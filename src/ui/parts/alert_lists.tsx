import type { JSX } from "hono/jsx/jsx-runtime";
import type { Alert, Answer, Page, Viewer } from "../../api/mod.ts";
import { AlertEntry } from "./alert_entry.tsx";
import { may } from "./role.ts";
import { Unavailable } from "./unavailable.tsx";
import { duration, moment, number, plural } from "./words.ts";

/** A list of alerts, and at what moment it is shown to whom. */
export interface AlertListProps {
  readonly alerts: Answer<Page<Alert>>;
  readonly now: string;
  readonly viewer: Viewer | null;
}

/** Alerts that fire: those that nobody has taken up first. */
export function FiringAlerts({ alerts, now, viewer }: AlertListProps): JSX.Element {
  if (!alerts.ok) return <Unavailable answer={alerts} what="Alerts" />;
  const { items } = alerts.value;
  const open = items.filter((alert) => !alert.acknowledged && !alert.silenced_until);
  const taken = items.filter((alert) => alert.acknowledged || alert.silenced_until);
  return (
    <>
      <h1 class={open.length > 0 ? "look" : undefined}>{headline(items.length, open.length)}</h1>
      {[...open, ...taken].map((alert) => (
        <AlertEntry key={alert.id} alert={alert} now={now} operate={may(viewer, "operator")} note />
      ))}
    </>
  );
}

function headline(firing: number, open: number): string {
  if (firing === 0) return "Nothing needs attention.";
  if (open === 0) {
    return `${plural(firing, "alert fires", "alerts fire")}, and somebody looks after all of it.`;
  }
  return `${plural(open, "alert needs", "alerts need")} attention.`;
}

/** Conditions that hold, but not yet for long enough. */
export function PendingAlerts({ alerts, now, viewer }: AlertListProps): JSX.Element {
  if (!alerts.ok) return <Unavailable answer={alerts} what="Alerts" />;
  if (alerts.value.items.length === 0) return <p class="quiet">No condition is about to fire.</p>;
  return (
    <>
      {alerts.value.items.map((alert) => (
        <AlertEntry key={alert.id} alert={alert} now={now} operate={may(viewer, "operator")} note={false} />
      ))}
    </>
  );
}

/** Alerts that ended, newest first. */
export function EndedAlerts({ alerts, now }: Omit<AlertListProps, "viewer">): JSX.Element {
  if (!alerts.ok) return <Unavailable answer={alerts} what="Alerts" />;
  const { items, next_cursor } = alerts.value;
  if (items.length === 0) return <p class="quiet">No alert has ended yet.</p>;
  return (
    <>
      <table>
        <thead>
          <tr>
            <th scope="col">what</th>
            <th scope="col" class="wide">rule</th>
            <th scope="col" class="n">fired</th>
            <th scope="col" class="n wide">lasted</th>
            <th scope="col">ended</th>
          </tr>
        </thead>
        <tbody>
          {items.map((alert) => <Ended key={`${alert.id} ${alert.fired_at}`} alert={alert} now={now} />)}
        </tbody>
      </table>
      {next_cursor === null ? null : (
        <p class="quiet">
          <a href={`/alerts?older=${encodeURIComponent(next_cursor)}`}>older ones</a>
        </p>
      )}
      <p class="quiet">{number(items.length)} shown; times are UTC.</p>
    </>
  );
}

function Ended({ alert, now }: { alert: Alert; now: string }): JSX.Element {
  const { fired_at, resolved_at, resolved_because, acknowledged } = alert;
  const lasted = fired_at === null || resolved_at === null
    ? ""
    : duration(Math.max(0, (Date.parse(resolved_at) - Date.parse(fired_at)) / 1_000));
  return (
    <tr>
      <td>
        {alert.summary}
        {acknowledged ? <small>acknowledged by {acknowledged.by}</small> : null}
      </td>
      <td class="wide name">{alert.rule}</td>
      <td class="n">{fired_at === null ? "did not fire" : moment(now, fired_at)}</td>
      <td class="n wide">{lasted}</td>
      <td>
        {resolved_at === null ? "" : moment(now, resolved_at)} {(resolved_because ?? "").replaceAll("_", " ")}
      </td>
    </tr>
  );
}
