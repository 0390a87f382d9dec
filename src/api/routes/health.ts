import type { App } from "../app.ts";
import { ProblemError } from "../problem.ts";
import { declare } from "../route.ts";
import { HealthSchema, ReadinessSchema } from "../schemas/health.ts";
import { ProblemSchema } from "../schemas/problem.ts";
import type { GatewayViews } from "../views.ts";

const healthz = declare("none", {
  method: "get",
  path: "/healthz",
  summary: "The process lives",
  responses: {
    200: { description: "It lives", content: { "application/json": { schema: HealthSchema } } },
  },
});

const readyz = declare("none", {
  method: "get",
  path: "/readyz",
  summary: "Whether messages are taken in durably",
  description: "A database out of reach is not unready: that is what the buffer is for.",
  responses: {
    200: { description: "Ready", content: { "application/json": { schema: ReadinessSchema } } },
    503: {
      description: "Not ready, with reasons",
      content: { "application/problem+json": { schema: ProblemSchema } },
    },
  },
});

/** Adds `/healthz` and `/readyz`. */
export function healthRoutes(app: App, views: Pick<GatewayViews, "readiness">): void {
  app.openapi(healthz, (c) => c.json({ status: "ok" as const }, 200));
  app.openapi(readyz, (c) => {
    const { ready, reasons } = views.readiness.readiness();
    if (!ready) {
      throw new ProblemError("not_ready", {
        detail: reasons.map((reason) => reason.detail).join(". ") || "The gateway is not ready",
        notReady: reasons,
      });
    }
    return c.json({ ready, reasons }, 200);
  });
}
