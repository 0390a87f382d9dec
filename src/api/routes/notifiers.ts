import type { App } from "../app.ts";
import { declare } from "../route.ts";
import { NotifierListSchema } from "../schemas/notifiers.ts";
import type { GatewayViews } from "../views.ts";

const list = declare("viewer", {
  method: "get",
  path: "/api/v1/notifiers",
  summary: "How the channels to people fare",
  responses: {
    200: {
      description: "Notifiers in the configuration's order",
      content: { "application/json": { schema: NotifierListSchema } },
    },
  },
});

/** Adds `/api/v1/notifiers`. */
export function notifierRoutes(app: App, views: Pick<GatewayViews, "notifiers">): void {
  app.openapi(list, (c) => c.json({ items: views.notifiers.notifiers() }, 200));
}
