import { z } from "@hono/zod-openapi";
import type { App } from "../app.ts";
import { declare } from "../route.ts";
import { pageQuery, paging } from "../schemas/page.ts";
import { query } from "../schemas/query.ts";
import { SeriesPageSchema } from "../schemas/series.ts";
import type { GatewayViews } from "../views.ts";

const list = declare("viewer", {
  method: "get",
  path: "/api/v1/series",
  summary: "The series known",
  request: {
    query: query({ ...paging, device: z.string().min(1, "allowed is the id of a device").optional() }),
  },
  responses: {
    200: {
      description: "Series in order of their ids",
      content: { "application/json": { schema: SeriesPageSchema } },
    },
  },
});

/** Adds `/api/v1/series`. */
export function seriesRoutes(app: App, views: Pick<GatewayViews, "series">): void {
  app.openapi(list, (c) => {
    const wanted = c.req.valid("query");
    return c.json(views.series.series({ ...pageQuery(wanted), device: wanted.device ?? null }), 200);
  });
}
