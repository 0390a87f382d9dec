import { z } from "@hono/zod-openapi";
import type { App } from "../app.ts";
import { actorOf } from "../auth/actor.ts";
import { ProblemError } from "../problem.ts";
import { declare } from "../route.ts";
import { LearnedAcceptedSchema, LearnedPageSchema, LearnedWishSchema } from "../schemas/learned.ts";
import { pageQuery, paging } from "../schemas/page.ts";
import { ProblemSchema } from "../schemas/problem.ts";
import { query } from "../schemas/query.ts";
import type { GatewayViews } from "../views.ts";
import { configInvalid } from "./config.ts";
import { unavailable } from "./unavailable.ts";

const PATH = "/api/v1/learned";
const params = z.object({ id: z.string() });

const list = declare("viewer", {
  method: "get",
  path: PATH,
  summary:
    "What no subscription takes, as it is understood, with profiles and subscriptions that would take it",
  description: "Needs learn in the configuration. All of it is in memory and begins anew with the process.",
  request: { query: query(paging) },
  responses: {
    200: {
      description: "Kinds of messages, in the order in which they were met",
      content: { "application/json": { schema: LearnedPageSchema } },
    },
  },
});

const accept = declare("admin", {
  method: "post",
  path: `${PATH}/{id}/accept`,
  summary: "Writes a profile and a subscription to the configuration and puts them in force",
  description:
    "What came before stays filtered; what comes from then on is read. Also without tokens, from this machine. " +
    "Variables of the environment, anchors and aliases are not allowed in the YAML.",
  "x-local": true,
  request: {
    params,
    body: { required: false, content: { "application/json": { schema: LearnedWishSchema } } },
  },
  responses: {
    200: {
      description: "They are in force",
      content: { "application/json": { schema: LearnedAcceptedSchema } },
    },
    422: {
      description: "Profile or subscription is wrong, with each place; nothing was written",
      content: { "application/problem+json": { schema: ProblemSchema } },
    },
  },
});

const dismiss = declare("operator", {
  method: "delete",
  path: `${PATH}/{id}`,
  summary: "Shows a kind of message no more, until the next start",
  request: { params },
  responses: { 204: { description: "It is not shown any more" } },
});

/** Adds `/api/v1/learned`, `/api/v1/learned/{id}/accept` and `/api/v1/learned/{id}`. */
export function learnedRoutes(app: App, views: Pick<GatewayViews, "learned" | "audit">): void {
  app.openapi(list, (c) => {
    const page = views.learned.learned(pageQuery(c.req.valid("query")));
    return c.json({ ...page, how_to: views.learned.howTo() }, 200);
  });
  app.openapi(accept, async (c) => {
    const { id } = c.req.valid("param");
    const { profile_yaml: profileYaml = null, subscription_yaml: subscriptionYaml = null } = c.req.valid(
      "json",
    );
    const by = actorOf(c);
    const outcome = await views.learned.accept(id, { profileYaml, subscriptionYaml }, by);
    if (outcome.kind !== "accepted") throw refusalOf(outcome, id);
    const { profile, topics, files } = outcome;
    const subscription = topics.join(", ");
    const { name, ...actor } = by;
    views.audit.record({
      ...{ action: "learned_accepted", actor: name, ...actor, target: id },
      detail: { profile, subscription, files: files.join(", ") },
    });
    return c.json({ profile, subscription }, 200);
  });
  app.openapi(dismiss, (c) => {
    const { id } = c.req.valid("param");
    const topic = views.learned.dismiss(id);
    if (topic === undefined) throw unknownKind(id);
    const { name, ...actor } = actorOf(c);
    views.audit.record({ action: "learned_dismissed", actor: name, ...actor, target: id, detail: { topic } });
    return c.body(null, 204);
  });
}

function refusalOf(
  outcome: Exclude<Awaited<ReturnType<GatewayViews["learned"]["accept"]>>, { kind: "accepted" }>,
  id: string,
): ProblemError {
  switch (outcome.kind) {
    case "refused":
      return configInvalid(outcome.problems);
    case "unavailable":
      return unavailable(outcome);
    case "unknown":
      return unknownKind(id);
    case "not_writable":
      return new ProblemError("conflict", { detail: outcome.detail });
    case "not_proposed":
      return new ProblemError("conflict", {
        detail:
          "Nothing is proposed for it yet; wait for more messages, or send profile_yaml and subscription_yaml",
      });
  }
}

function unknownKind(id: string): ProblemError {
  return new ProblemError("not_found", {
    detail: `Nothing is known as "${id}"; it may have been accepted or dismissed, or the gateway began anew`,
  });
}
