import { z } from "@hono/zod-openapi";
import type { App } from "../app.ts";
import { SESSION_COOKIE } from "../auth/session_cookie.ts";
import { PAGE_HEADER, PAGE_HEADER_VALUE } from "../guard/from_page.ts";
import { openapiDocument } from "../openapi/document.ts";
import { declare } from "../route.ts";
import { ProblemSchema } from "../schemas/problem.ts";

const route = declare("viewer", {
  method: "get",
  path: "/openapi.json",
  summary: "This document",
  responses: {
    200: {
      description: "OpenAPI 3.1; x-role names the role that a route needs",
      content: { "application/json": { schema: z.record(z.string(), z.unknown()) } },
    },
  },
});

/** Adds `/openapi.json`: the document of all routes of the app, made at the first request. */
export function openapiRoutes(app: App, version: string): void {
  app.openAPIRegistry.register("Problem", ProblemSchema);
  app.openAPIRegistry.registerComponent("securitySchemes", "bearer", { type: "http", scheme: "bearer" });
  app.openAPIRegistry.registerComponent("securitySchemes", "session", {
    type: "apiKey",
    in: "cookie",
    name: SESSION_COOKIE,
    description:
      "A session of a browser, begun with POST /api/v1/session. What changes something needs the header " +
      `${PAGE_HEADER}: ${PAGE_HEADER_VALUE} besides it.`,
  });
  let document: Record<string, unknown> | undefined;
  app.openapi(route, (c) => c.json(document ??= describe(app, version), 200));
}

/** What whoever changes something by a session sends besides. */
const FROM_PAGE = {
  in: "header" as const,
  name: PAGE_HEADER,
  required: false,
  description: "Needed without a bearer token",
  schema: { type: "string" as const, enum: [PAGE_HEADER_VALUE] },
};

/** The document with the header that whoever changes something by a session sends besides. */
function describe(app: App, version: string): Record<string, unknown> {
  const document = openapiDocument(app, version);
  for (const path of Object.values(document.paths ?? {})) {
    for (const method of ["post", "put", "patch", "delete"] as const) {
      const operation = path[method];
      if (operation?.security === undefined || operation.security.length === 0) continue;
      operation.parameters = [...operation.parameters ?? [], FROM_PAGE];
    }
  }
  return { ...document };
}
