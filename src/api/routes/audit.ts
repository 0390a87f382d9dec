import type { App } from "../app.ts";
import { declare } from "../route.ts";
import { auditAction, AuditPageSchema } from "../schemas/audit.ts";
import { pageQuery, paging } from "../schemas/page.ts";
import { query } from "../schemas/query.ts";
import type { GatewayViews } from "../views.ts";

const list = declare("admin", {
  method: "get",
  path: "/api/v1/audit",
  summary: "Who did what",
  request: { query: query({ ...paging, action: auditAction.optional() }) },
  responses: {
    200: {
      description: "Newest first",
      content: { "application/json": { schema: AuditPageSchema } },
    },
  },
});

/** Adds `/api/v1/audit`. */
export function auditRoutes(app: App, views: Pick<GatewayViews, "audit">): void {
  app.openapi(list, async (c) => {
    const wanted = c.req.valid("query");
    return c.json(await views.audit.entries({ ...pageQuery(wanted), action: wanted.action ?? null }), 200);
  });
}
