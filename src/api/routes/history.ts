import { z } from "@hono/zod-openapi";
import type { App } from "../app.ts";
import { ProblemError } from "../problem.ts";
import { declare } from "../route.ts";
import { SeriesHistorySchema, SparklinesSchema } from "../schemas/history.ts";
import { query } from "../schemas/query.ts";
import { RuleTrialSchema, RuleWishSchema } from "../schemas/rule_trial.ts";
import { time } from "../schemas/wire.ts";
import type { GatewayViews, NoHistoryKept, Unavailable } from "../views.ts";
import { unavailable } from "./unavailable.ts";

/** Most points of a chart, and devices of one question. */
const MOST_POINTS = 2_000;
const MOST_DEVICES = 100;
const POINTS = `allowed are 3 to ${MOST_POINTS}`;

const history = declare("viewer", {
  method: "get",
  path: "/api/v1/series/{id}/history",
  summary: "The past of a series",
  description:
    "From the local history, in the finest resolution that fits: 10 s, a minute or 15 minutes. Where that " +
    "has more stretches than points are asked for, some stand for others: with the smallest and largest value of all.",
  request: {
    params: z.object({ id: z.string() }),
    query: query({
      from: time.optional().openapi({ description: "Default: an hour before `to`" }),
      to: time.optional().openapi({ description: "Default: now" }),
      points: z.coerce.number(POINTS).int(POINTS).min(3, POINTS).max(MOST_POINTS, POINTS).default(500),
    }),
  },
  responses: {
    200: { description: "Its points", content: { "application/json": { schema: SeriesHistorySchema } } },
  },
});

const sparklines = declare("viewer", {
  method: "get",
  path: "/api/v1/sparklines",
  summary: "The last ten minutes of some devices, 60 values each",
  request: {
    query: query({
      device: z.string().min(1, "allowed are ids of devices, with commas between them")
        .transform((text) => text.split(","))
        .refine((ids) => ids.length <= MOST_DEVICES, `allowed are at most ${MOST_DEVICES} devices`)
        .openapi({
          type: "string",
          description: `Ids of at most ${MOST_DEVICES} devices, with commas between them`,
        }),
    }),
  },
  responses: {
    200: {
      description: "Of each device the first number that it sends",
      content: { "application/json": { schema: SparklinesSchema } },
    },
  },
});

const trial = declare("operator", {
  method: "post",
  path: "/api/v1/rules/test",
  summary: "What an alert rule would have done",
  description:
    "Runs one rule through the gateway's own alert stage, over the local history; default: the last day. " +
    "Nothing changes and nobody is told.",
  request: { body: { required: true, content: { "application/json": { schema: RuleWishSchema } } } },
  responses: {
    200: {
      description: "The alerts that there would have been",
      content: { "application/json": { schema: RuleTrialSchema } },
    },
  },
});

/** Adds `/api/v1/series/{id}/history`, `/api/v1/sparklines` and `/api/v1/rules/test`. */
export function historyRoutes(app: App, views: Pick<GatewayViews, "history">): void {
  app.openapi(history, async (c) => {
    const { id } = c.req.valid("param");
    const { points, ...wanted } = c.req.valid("query");
    const found = given(await views.history.history({ series: id, points, ...span(wanted) }));
    if (found === undefined) {
      throw new ProblemError("not_found", {
        detail: `The series "${id}" is not known; /api/v1/series lists them`,
      });
    }
    return c.json(found, 200);
  });
  app.openapi(sparklines, async (c) => {
    return c.json(given(await views.history.sparklines(c.req.valid("query").device)), 200);
  });
  app.openapi(trial, async (c) => {
    const { rule, ...wanted } = c.req.valid("json");
    const found = given(await views.history.tryRule(rule, span(wanted)));
    if (!("kind" in found)) return c.json(found, 200);
    throw new ProblemError("bad_request", {
      detail: "The rule cannot be tried; line and column are those of its text",
      errors: found.problems.map(({ line, column, path, message }) => ({
        ...{ in: "body" as const, name: path === "" ? "rule" : path, detail: message },
        ...{ line, column },
      })),
    });
  });
}

/** A stretch of time as it was asked for. */
function span({ from, to }: { from?: string | undefined; to?: string | undefined }): {
  from: number | null;
  to: number | null;
} {
  const [begin, end] = [from, to].map((text) => text === undefined ? null : Date.parse(text));
  if (begin !== null && end !== null && Number(begin) >= Number(end)) {
    throw new ProblemError("bad_request", {
      detail: `"from" is "${from}", allowed is a time before "to", "${to}"`,
    });
  }
  return { from: begin ?? null, to: end ?? null };
}

function given<T>(result: T | Unavailable | NoHistoryKept): T {
  if (!isTold(result)) return result;
  if (result.kind === "unavailable") throw unavailable(result);
  throw new ProblemError("not_found", {
    detail: "This gateway keeps no local history; its configuration says so, or leaves it too little room",
  });
}

function isTold<T>(result: T | Unavailable | NoHistoryKept): result is Unavailable | NoHistoryKept {
  if (typeof result !== "object" || result === null || !("kind" in result)) return false;
  return result.kind === "unavailable" || result.kind === "none_kept";
}
