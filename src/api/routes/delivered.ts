import { z } from "@hono/zod-openapi";
import type { App } from "../app.ts";
import { declare } from "../route.ts";
import { day, DeliveredSchema } from "../schemas/delivered.ts";
import { query } from "../schemas/query.ts";
import type { GatewayViews } from "../views.ts";

/** Rows are small and many. */
const MOST = 5_000;
const LIMIT = `allowed is a whole number from 1 to ${MOST}`;

const list = declare("viewer", {
  method: "get",
  path: "/api/v1/delivered",
  summary: "Which values were delivered, by device, measurement and day",
  description: "What a database can be asked for: see the command `verify`.",
  request: {
    query: query({
      since: day.optional().openapi({ description: "only this UTC day and later ones" }),
      until: day.optional().openapi({ description: "only days before this UTC day" }),
      limit: z.coerce.number({ error: LIMIT }).int(LIMIT).min(1, LIMIT).max(MOST, LIMIT).default(1_000)
        .openapi({ type: "integer", minimum: 1, maximum: MOST, default: 1_000 }),
      cursor: z.string().regex(/^\d{1,15}$/, "allowed is the next_cursor of an earlier answer").optional(),
    }),
  },
  responses: {
    200: { description: "The account", content: { "application/json": { schema: DeliveredSchema } } },
  },
});

/** Adds `/api/v1/delivered`. */
export function deliveredRoutes(app: App, views: Pick<GatewayViews, "delivered">): void {
  app.openapi(list, (c) => {
    const { since, until, limit, cursor } = c.req.valid("query");
    const after = cursor === undefined ? null : Number(cursor);
    return c.json(
      views.delivered.delivered({ since: since ?? null, until: until ?? null, limit, after }),
      200,
    );
  });
}
