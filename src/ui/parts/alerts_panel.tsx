import type { JSX } from "hono/jsx/jsx-runtime";
import type { Alert, Answer, Page, Status, Viewer } from "../../api/mod.ts";
import { AlertEntry } from "./alert_entry.tsx";
import { may } from "./role.ts";
import { Unavailable } from "./unavailable.tsx";
import { plural } from "./words.ts";

/** Alerts: firing first, then what may come, then what was. */
export function AlertsPanel(
  { alerts, status, viewer }: {
    alerts: Answer<Page<Alert>>;
    status: Status;
    viewer: Viewer | null;
  },
): JSX.Element {
  const items = alerts.ok ? alerts.value.items : [];
  const more = status.alerts_firing - items.filter((alert) => alert.state === "firing").length;
  return (
    <section class="panel" aria-labelledby="alerts-title">
      <div class="heading">
        <h2 id="alerts-title">Alerts</h2>
        <a href="/alerts">all alerts</a>
      </div>
      <Unavailable answer={alerts} what="Alerts" />
      {alerts.ok && items.length === 0 ? <p class="quiet">Nothing needs attention.</p> : null}
      {items.map((alert) => (
        <AlertEntry
          key={alert.id}
          alert={alert}
          now={status.now}
          operate={may(viewer, "operator")}
          note={false}
        />
      ))}
      {more > 0
        ? (
          <p class="quiet">
            <a href="/alerts">and {plural(more, "more alert")}</a>
          </p>
        )
        : null}
    </section>
  );
}
