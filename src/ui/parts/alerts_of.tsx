import type { JSX } from "hono/jsx/jsx-runtime";
import type { Alert, Answer, Page, Viewer } from "../../api/mod.ts";
import { AlertEntry } from "./alert_entry.tsx";
import { may } from "./role.ts";

/** The alerts of one device that fire now; nothing where none does. */
export function AlertsOf(
  { alerts, device, now, viewer }: {
    alerts: Answer<Page<Alert>>;
    device: string;
    now: string;
    viewer: Viewer | null;
  },
): JSX.Element | null {
  const own = alerts.ok ? alerts.value.items.filter((alert) => alert.device === device) : [];
  if (own.length === 0) return null;
  return (
    <section class="panel look" aria-label="Alerts of this device">
      {own.map((alert) => (
        <AlertEntry key={alert.id} alert={alert} now={now} operate={may(viewer, "operator")} note={false} />
      ))}
    </section>
  );
}
