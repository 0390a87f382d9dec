import { z } from "@hono/zod-openapi";
import type { App } from "../app.ts";
import { actorOf } from "../auth/actor.ts";
import { ProblemError } from "../problem.ts";
import { declare } from "../route.ts";
import { pageQuery, paging } from "../schemas/page.ts";
import { query } from "../schemas/query.ts";
import { type Silence, SilencePageSchema, SilenceSchema, SilenceWishSchema } from "../schemas/silences.ts";
import type { GatewayViews, SilenceOutcome } from "../views.ts";
import { unavailable } from "./unavailable.ts";

const PATH = "/api/v1/silences";

const list = declare("viewer", {
  method: "get",
  path: PATH,
  summary: "Of which alerts nobody is told for a while",
  request: { query: query(paging) },
  responses: {
    200: {
      description: "In the order in which they were asked for",
      content: { "application/json": { schema: SilencePageSchema } },
    },
  },
});

const add = declare("operator", {
  method: "post",
  path: PATH,
  summary: "Nobody is told of the alerts of a rule, of some devices or of both for a while",
  request: { body: { required: true, content: { "application/json": { schema: SilenceWishSchema } } } },
  responses: {
    201: { description: "It is in force", content: { "application/json": { schema: SilenceSchema } } },
  },
});

const remove = declare("operator", {
  method: "delete",
  path: `${PATH}/{id}`,
  summary: "Ends a silence: what fired under it and still fires is told now",
  request: { params: z.object({ id: z.string() }) },
  responses: { 204: { description: "It has ended" } },
});

/** Adds `/api/v1/silences` and `/api/v1/silences/{id}`. */
export function silenceRoutes(app: App, views: Pick<GatewayViews, "alertActions" | "audit">): void {
  app.openapi(list, (c) => c.json(views.alertActions.silences(pageQuery(c.req.valid("query"))), 200));
  app.openapi(add, async (c) => {
    const { name, ...actor } = actorOf(c);
    const { rule = null, device = null, reason = null, minutes = 0, until } = c.req.valid("json");
    const lasts = until === undefined ? { ms: minutes * 60_000 } : { until };
    const outcome = await views.alertActions.silence({ rule, device, reason, lasts }, name);
    if (outcome.kind !== "silenced") throw refusalOf(outcome, rule, until);
    const { silence } = outcome;
    views.audit.record({
      ...{ action: "silence_added", actor: name, ...actor, target: silence.id },
      detail: detailOf(silence),
    });
    return c.json(silence, 201);
  });
  app.openapi(remove, async (c) => {
    const { name, ...actor } = actorOf(c);
    const { id } = c.req.valid("param");
    const outcome = await views.alertActions.unsilence(id, name);
    if (outcome.kind === "unavailable") throw unavailable(outcome);
    if (outcome.kind === "unknown") {
      throw new ProblemError("not_found", {
        detail: `There is no silence "${id}"; it may have ended by now`,
      });
    }
    const detail = detailOf(outcome.silence);
    views.audit.record({ action: "silence_removed", actor: name, ...actor, target: id, detail });
    return c.body(null, 204);
  });
}

function detailOf({ rule, device, reason, until }: Silence): Record<string, string | null> {
  return { rule, device, reason, until };
}

function refusalOf(
  outcome: Exclude<SilenceOutcome, { kind: "silenced" }>,
  rule: string | null,
  until: string | undefined,
): ProblemError {
  switch (outcome.kind) {
    case "unavailable":
      return unavailable(outcome);
    case "too_many":
      return new ProblemError("conflict", {
        detail: "There are as many silences as there may be; remove one first, or use a glob for the devices",
      });
    case "unknown_rule":
      return wrong("rule", rule, `allowed is the name of a rule: ${outcome.rules.join(", ")}`);
    case "bad_end":
      return wrong("until", until, `allowed is a time after ${outcome.now}, by at most 366 days`);
  }
}

function wrong(name: string, found: string | null | undefined, allowed: string): ProblemError {
  const detail = `The field "${name}" is "${found}"; ${allowed}`;
  return new ProblemError("bad_request", { detail, errors: [{ in: "body", name, detail }] });
}
