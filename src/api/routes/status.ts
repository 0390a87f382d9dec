import type { App } from "../app.ts";
import { declare } from "../route.ts";
import { StatusSchema } from "../schemas/status.ts";
import type { Status } from "../schemas/status.ts";
import type { GatewayViews } from "../views.ts";
import { ledgerAnswer } from "./ledger.ts";

const route = declare("viewer", {
  method: "get",
  path: "/api/v1/status",
  summary: "One page of truth",
  responses: {
    200: { description: "The gateway now", content: { "application/json": { schema: StatusSchema } } },
  },
});

/** The status with the ledger of the same moment: both are read in one turn. */
export function statusNow(views: Pick<GatewayViews, "status" | "ledger">): Status {
  return { ...views.status.status(), ledger: ledgerAnswer(views.ledger, null) };
}

/** Adds `/api/v1/status`. */
export function statusRoutes(app: App, views: Pick<GatewayViews, "status" | "ledger">): void {
  app.openapi(route, (c) => c.json(statusNow(views), 200));
}
