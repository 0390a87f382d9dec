import type { App } from "../app.ts";
import { declare } from "../route.ts";
import { ConfigSchema } from "../schemas/config.ts";
import type { GatewayViews } from "../views.ts";

const route = declare("admin", {
  method: "get",
  path: "/api/v1/config",
  summary: "The configuration in force, without secrets",
  responses: {
    200: { description: "The configuration", content: { "application/json": { schema: ConfigSchema } } },
  },
});

/** Adds `/api/v1/config`. */
export function configRoutes(app: App, views: Pick<GatewayViews, "config">): void {
  app.openapi(route, (c) => c.json(views.config.config(), 200));
}
