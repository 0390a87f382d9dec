import type { App } from "../app.ts";
import { ProblemError } from "../problem.ts";
import { declare } from "../route.ts";
import { type ExplainAnswer, ExplainAnswerSchema, ExplainWishSchema } from "../schemas/explain.ts";
import type { ExplainView, GatewayViews } from "../views.ts";
import { unavailable } from "./unavailable.ts";

const route = declare("viewer", {
  method: "post",
  path: "/api/v1/explain",
  summary: "The way of a message, of an entry of the quarantine, or of a reading of the past",
  description:
    "Through the very same stages as a live message, under the rules in force. Nothing changes by it.",
  request: { body: { required: true, content: { "application/json": { schema: ExplainWishSchema } } } },
  responses: {
    200: {
      description: "Step by step; what is not known any more is said to be so",
      content: { "application/json": { schema: ExplainAnswerSchema } },
    },
  },
});

/** Adds `/api/v1/explain`. */
export function explainRoutes(app: App, views: Pick<GatewayViews, "explain">): void {
  app.openapi(route, async (c) => {
    const wish = c.req.valid("json");
    if ("topic" in wish) {
      const { topic, payload, encoding } = wish;
      return c.json(views.explain.message(topic, bytesOf(payload, encoding)), 200);
    }
    if ("quarantine_id" in wish) return c.json(await entryOf(views.explain, wish.quarantine_id), 200);
    const { device, time, field = null } = wish;
    const answer = await views.explain.reading(device, Date.parse(time), field);
    if ("kind" in answer) throw unavailable(answer);
    return c.json(answer, 200);
  });
}

async function entryOf(explain: ExplainView, id: number): Promise<ExplainAnswer> {
  const answer = await explain.quarantined(id);
  if (answer !== undefined) return answer;
  throw new ProblemError("not_found", {
    detail:
      `The quarantine holds no entry "${id}"; old entries are evicted when its share of the disk is full`,
  });
}

function bytesOf(payload: string, encoding: "utf8" | "base64"): Uint8Array {
  if (encoding === "utf8") return new TextEncoder().encode(payload);
  try {
    return Uint8Array.fromBase64(payload);
  } catch {
    throw new ProblemError("bad_request", {
      detail: "The payload is no base64; allowed is RFC 4648, section 4",
    });
  }
}
