import { z } from "@hono/zod-openapi";
import type { App } from "../app.ts";
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
  let document: Record<string, unknown> | undefined;
  app.openapi(route, (c) => c.json(document ??= describe(app, version), 200));
}

/** What every route may answer instead. */
const FAILED = {
  description: "An error, RFC 9457",
  content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
};

function describe(app: App, version: string): Record<string, unknown> {
  const document = app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "Sluice",
      version,
      description: "An edge telemetry gateway that accounts for every reading.",
      license: { name: "MIT" },
    },
  });
  for (const path of Object.values(document.paths ?? {})) {
    if (path.get !== undefined) path.get.responses = { ...path.get.responses, default: FAILED };
  }
  return { ...document };
}
