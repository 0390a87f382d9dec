import { z } from "@hono/zod-openapi";
import { EXPOSITION_TYPE } from "../../observe/mod.ts";
import type { App } from "../app.ts";
import { declare } from "../route.ts";
import type { GatewayViews } from "../views.ts";

const metrics = declare("viewer", {
  method: "get",
  path: "/metrics",
  summary: "Prometheus exposition",
  responses: {
    200: {
      description: "Prometheus text format 0.0.4, one consistent cut",
      content: { "text/plain": { schema: z.string() } },
    },
  },
});

/** Adds `/metrics`. */
export function metricsRoutes(app: App, views: Pick<GatewayViews, "metrics">): void {
  app.openapi(metrics, (c) => c.text(views.metrics.exposition(), 200, { "Content-Type": EXPOSITION_TYPE }));
}
