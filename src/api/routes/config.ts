import type { App } from "../app.ts";
import { actorOf } from "../auth/actor.ts";
import { ProblemError } from "../problem.ts";
import { declare } from "../route.ts";
import {
  type ConfigFault,
  ConfigReloadSchema,
  ConfigSchema,
  ConfigTextSchema,
  ConfigValidationSchema,
} from "../schemas/config.ts";
import { ProblemSchema } from "../schemas/problem.ts";
import type { GatewayViews } from "../views.ts";
import { unavailable } from "./unavailable.ts";

const show = declare("admin", {
  method: "get",
  path: "/api/v1/config",
  summary: "The configuration in force, without secrets",
  responses: {
    200: { description: "The configuration", content: { "application/json": { schema: ConfigSchema } } },
  },
});

const validate = declare("admin", {
  method: "post",
  path: "/api/v1/config/validate",
  summary: "Whether a configuration is right, and what it would change",
  description:
    "Judges the file on disk, or a text in its place, with its profiles and secrets. Changes nothing.",
  request: { body: { required: false, content: { "application/json": { schema: ConfigTextSchema } } } },
  responses: {
    200: {
      description:
        "Everything that is wrong with it, or everything in which it differs from the one in force",
      content: { "application/json": { schema: ConfigValidationSchema } },
    },
  },
});

const reload = declare("admin", {
  method: "post",
  path: "/api/v1/config/reload",
  summary: "Puts the file on disk in force",
  description: "As SIGHUP does: no message and no open window is lost. A wrong file changes nothing.",
  responses: {
    200: {
      description: "It is in force, but for what takes effect at the next start",
      content: { "application/json": { schema: ConfigReloadSchema } },
    },
    422: {
      description: "The file is wrong, with everything that is; the configuration in force stays",
      content: { "application/problem+json": { schema: ProblemSchema } },
    },
  },
});

/** Adds `/api/v1/config`, `/api/v1/config/validate` and `/api/v1/config/reload`. */
export function configRoutes(app: App, views: Pick<GatewayViews, "config">): void {
  app.openapi(show, (c) => c.json(views.config.config(), 200));
  app.openapi(validate, async (c) => {
    const { text } = c.req.valid("json");
    const outcome = await views.config.validate(text ?? null);
    if ("kind" in outcome) throw unavailable(outcome);
    return c.json(outcome, 200);
  });
  app.openapi(reload, async (c) => {
    const outcome = await views.config.reload(actorOf(c));
    if (outcome.kind === "unavailable") throw unavailable(outcome);
    if (outcome.kind === "refused") throw configInvalid(outcome.problems);
    const { differences } = outcome;
    const restart = differences.filter(({ effect }) => effect === "restart").map(({ path }) => path);
    return c.json({ differences, restart_needed: restart }, 200);
  });
}

/** The answer to a configuration that is wrong, with each place. */
export function configInvalid(problems: readonly ConfigFault[]): ProblemError {
  const count = `${problems.length} problem${problems.length === 1 ? "" : "s"}`;
  return new ProblemError("config_invalid", {
    detail: `The configuration has ${count}; the one in force stays`,
    errors: problems.map(({ file, line, column, path, message }) => ({
      ...{ in: "file" as const, name: path, detail: message },
      ...{ file, line, column },
    })),
  });
}
