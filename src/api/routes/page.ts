import { z } from "@hono/zod-openapi";
import type { App } from "../app.ts";
import { statusPage } from "../page/status_page.tsx";
import { PAGE_POLICY } from "../page/style.ts";
import { declare } from "../route.ts";
import type { Device } from "../schemas/devices.ts";
import type { DevicesView, GatewayViews } from "../views.ts";
import { entryAnswer } from "./quarantine.ts";
import { statusNow } from "./status.ts";

/** Devices on the page; the rest is a click away. */
const MOST_DEVICES = 100;
/** Alerts on the page. */
const MOST_ALERTS = 12;
/** Refusals on the page. */
const MOST_REFUSED = 6;

const route = declare("viewer", {
  method: "get",
  path: "/",
  summary: "The status page",
  responses: { 200: { description: "A page for people", content: { "text/html": { schema: z.string() } } } },
});

/** Adds `/`. */
export function pageRoutes(app: App, views: GatewayViews): void {
  app.openapi(route, async (c) => {
    const refused = await views.quarantine.entries({
      limit: MOST_REFUSED,
      before: null,
      reason: null,
      device: null,
    });
    c.header("Content-Security-Policy", PAGE_POLICY);
    return c.html(statusPage({
      status: statusNow(views),
      alerts: views.alerts.alerts({ limit: MOST_ALERTS, after: null, state: null }).items,
      devices: devicesToShow(views.devices),
      failing: views.notifiers.notifiers().filter((notifier) => notifier.last_error !== null),
      refused: refused.items.map(entryAnswer),
      local: c.get("principal").kind === "local",
    }));
  });
}

/** Those that need attention first. */
function devicesToShow(view: DevicesView): readonly Device[] {
  const devices: Device[] = [];
  for (const liveness of ["late", "offline", "online", "unknown"] as const) {
    const limit = MOST_DEVICES - devices.length;
    if (limit === 0) break;
    devices.push(...view.devices({ limit, after: null, liveness }).items);
  }
  return devices;
}
