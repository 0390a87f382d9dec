import { z } from "@hono/zod-openapi";
import { balanced, shown } from "../../model/mod.ts";
import type { App } from "../app.ts";
import { ProblemError } from "../problem.ts";
import { declare } from "../route.ts";
import { type LedgerAnswer, LedgerSchema } from "../schemas/ledger.ts";
import { query } from "../schemas/query.ts";
import type { GatewayViews, LedgerView } from "../views.ts";

const route = declare("viewer", {
  method: "get",
  path: "/api/v1/ledger",
  summary: "Where every message, reading and point is",
  description: "One consistent cut through all counters, and whether each identity holds.",
  request: {
    query: query({
      device: z.string().min(1, "allowed is the id of a device").optional()
        .openapi({ description: "only this device's accounts" }),
    }),
  },
  responses: {
    200: { description: "The accounts", content: { "application/json": { schema: LedgerSchema } } },
  },
});

/**
 * The accounts with their verdict.
 *
 * @throws ProblemError `not_found` where the device is not known
 */
export function ledgerAnswer(view: LedgerView, device: string | null): LedgerAnswer {
  const cut = view.ledger(device);
  if (cut === undefined) {
    throw new ProblemError("not_found", { detail: `The device "${shown(device)}" is not known` });
  }
  const { messages, readings, points, beside } = cut.counts;
  return {
    messages,
    readings,
    points,
    beside,
    balanced: balanced(cut.counts),
    since: cut.since,
    rebased: cut.rebased,
  };
}

/** Adds `/api/v1/ledger`. */
export function ledgerRoutes(app: App, views: Pick<GatewayViews, "ledger">): void {
  app.openapi(route, (c) => c.json(ledgerAnswer(views.ledger, c.req.valid("query").device ?? null), 200));
}
