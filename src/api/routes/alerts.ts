import type { App } from "../app.ts";
import { declare } from "../route.ts";
import { AlertPageSchema, alertState } from "../schemas/alerts.ts";
import { pageQuery, paging } from "../schemas/page.ts";
import { query } from "../schemas/query.ts";
import type { GatewayViews } from "../views.ts";

const list = declare("viewer", {
  method: "get",
  path: "/api/v1/alerts",
  summary: "Alerts that stand, and those that ended lately",
  request: { query: query({ ...paging, state: alertState.optional() }) },
  responses: {
    200: {
      description: "Firing first, then pending, then resolved",
      content: { "application/json": { schema: AlertPageSchema } },
    },
  },
});

/** Adds `/api/v1/alerts`. */
export function alertRoutes(app: App, views: Pick<GatewayViews, "alerts">): void {
  app.openapi(list, (c) => {
    const wanted = c.req.valid("query");
    return c.json(views.alerts.alerts({ ...pageQuery(wanted), state: wanted.state ?? null }), 200);
  });
}
