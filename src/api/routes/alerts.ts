import { z } from "@hono/zod-openapi";
import type { App } from "../app.ts";
import { actorOf } from "../auth/actor.ts";
import { ProblemError } from "../problem.ts";
import { declare } from "../route.ts";
import { AcknowledgeSchema, AlertPageSchema, AlertSchema, alertState } from "../schemas/alerts.ts";
import { pageQuery, paging } from "../schemas/page.ts";
import { query } from "../schemas/query.ts";
import type { GatewayViews } from "../views.ts";
import { unavailable } from "./unavailable.ts";

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

const acknowledge = declare("operator", {
  method: "post",
  path: "/api/v1/alerts/{id}/ack",
  summary: "Takes care of an alert that fires; the first one who does stays",
  request: {
    params: z.object({ id: z.string() }),
    body: { content: { "application/json": { schema: AcknowledgeSchema } } },
  },
  responses: {
    200: {
      description: "The alert, with who takes care of it",
      content: { "application/json": { schema: AlertSchema } },
    },
  },
});

/** Adds `/api/v1/alerts` and `/api/v1/alerts/{id}/ack`. */
export function alertRoutes(app: App, views: Pick<GatewayViews, "alerts" | "alertActions" | "audit">): void {
  app.openapi(list, (c) => {
    const wanted = c.req.valid("query");
    return c.json(views.alerts.alerts({ ...pageQuery(wanted), state: wanted.state ?? null }), 200);
  });
  app.openapi(acknowledge, async (c) => {
    const { name, ...actor } = actorOf(c);
    const { id } = c.req.valid("param");
    const note = c.req.valid("json").note ?? null;
    const outcome = await views.alertActions.acknowledge(id, name, note);
    switch (outcome.kind) {
      case "unavailable":
        throw unavailable(outcome);
      case "unknown":
        throw new ProblemError("not_found", {
          detail: `No alert "${id}" fires; it may have ended by now`,
        });
      case "not_firing":
        throw new ProblemError("conflict", {
          detail: `The alert "${id}" is pending; allowed is one that fires`,
        });
      case "already":
        return c.json(outcome.alert, 200);
    }
    const { rule, device } = outcome.alert;
    views.audit.record({
      ...{ action: "alert_acknowledged", actor: name, ...actor, target: id },
      detail: { rule, device, note },
    });
    return c.json(outcome.alert, 200);
  });
}
