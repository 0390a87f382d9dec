import type { App } from "../app.ts";
import { limitWords } from "../limits.ts";
import { completeOperation } from "./complete_operation.ts";
import { problemComponents } from "./problems.ts";
import { TAGS } from "./tags.ts";
import type { OpenapiDocument } from "./types.ts";

const METHODS = ["get", "post", "put", "patch", "delete"] as const;

/** OpenAPI 3.1 of all routes of an app, each with everything that is true of it. */
export function openapiDocument(app: App, version: string): OpenapiDocument {
  const document = app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "Sluice",
      version,
      description: about(),
      license: { name: "MIT", url: "https://spdx.org/licenses/MIT.html" },
    },
    servers: [{ url: "/", description: "This gateway" }],
  });
  const used = new Set<string>();
  for (const [path, item] of Object.entries(document.paths ?? {})) {
    for (const method of METHODS) {
      const operation = item[method];
      if (operation === undefined) continue;
      const complete = item[method] = completeOperation(method, path, operation);
      for (const tag of complete.tags ?? []) used.add(tag);
    }
  }
  const { responses, headers } = problemComponents();
  return {
    ...document,
    tags: TAGS.filter(({ name }) => used.has(name)).map((tag) => ({ ...tag })),
    components: {
      ...document.components,
      responses: { ...document.components?.responses, ...responses },
      headers: { ...document.components?.headers, ...headers },
    },
  };
}

/** What holds for every route. */
function about(): string {
  return [
    "An edge telemetry gateway that accounts for every reading.",
    "JSON in snake_case; times are RFC 3339 in UTC. A list is `items` and `next_cursor`: pass that as `cursor` for the " +
    "next stretch. An error is a problem document (RFC 9457): `reason` is the word for programs, `detail` the " +
    "sentence for people. Every answer names its request in `X-Request-Id`. Unknown parameters are refused.",
    "`x-role` names the role that a route needs: viewer, operator, admin; each may what those before it may. Send " +
    "`Authorization: Bearer TOKEN`. On this machine without tokens everyone is an operator.",
    "Limits:",
    limitWords().map(([name, words]) => `- ${name}: ${words}`).join("\n"),
  ].join("\n\n");
}
