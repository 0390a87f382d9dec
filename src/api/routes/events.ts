import { z } from "@hono/zod-openapi";
import type { App } from "../app.ts";
import type { LiveHub } from "../live/live_hub.ts";
import { ProblemError } from "../problem.ts";
import { declare } from "../route.ts";
import { EventSchema, type Topic, TOPICS } from "../schemas/live.ts";
import { query } from "../schemas/query.ts";

const ALLOWED = `allowed are ${TOPICS.join(", ")}, with commas between them`;
const isTopic = (word: string): word is Topic => TOPICS.some((topic) => topic === word);

const topics = z.string().max(200)
  .transform((text) => text.split(","))
  .pipe(z.array(z.custom<Topic>((word) => typeof word === "string" && isTopic(word), ALLOWED)).min(1))
  .optional();

const route = declare("viewer", {
  method: "get",
  path: "/api/v1/events",
  summary: "What happens, as it happens",
  description:
    "Server-Sent Events. `status` comes every second, `reading` for the newest value of a series at most " +
    "once a second and 200 in all. `alert`, `device`, `config` and `learned` have an id and are kept: a client that " +
    "returns with `Last-Event-ID` is told what it has missed, or `reset` where that is no longer known, and then asks " +
    "the lists anew. A stream ends after 15 minutes; a browser's EventSource comes back by itself. A client that does " +
    "not take what it is told is cut off.",
  request: {
    query: query({
      topics: topics.openapi({
        type: "string",
        description: `What to hear of; all where it is left out: ${ALLOWED}`,
        example: "status,alerts",
      }),
      device: z.string().min(1).max(512).optional().openapi({ description: "readings of this device alone" }),
    }),
    headers: z.object({
      "last-event-id": z.string().max(64).optional().openapi({
        description: "the newest event that was seen",
      }),
    }),
  },
  responses: {
    200: {
      description: "Events, until either side ends it; `data` is as the schema of the event's name says",
      content: { "text/event-stream": { schema: EventSchema } },
    },
  },
});

/** Adds `/api/v1/events`. */
export function eventRoutes(app: App, hub: LiveHub): void {
  app.openapi(route, (c) => {
    const headers = { "Content-Type": "text/event-stream", "X-Accel-Buffering": "no" };
    // Nobody would read its body.
    if (c.req.method === "HEAD") return c.body(null, 200, headers);
    const { topics: wanted, device } = c.req.valid("query");
    const stream = hub.open({
      topics: new Set(wanted ?? TOPICS),
      device: device ?? null,
      seen: seenOf(c.req.valid("header")["last-event-id"]),
      address: c.env.address,
      stillIn: c.get("stillIn"),
    });
    if (stream === undefined) {
      throw new ProblemError("too_many_streams", {
        detail: `${hub.size} clients look on already; close one, or ask /api/v1/status now and then`,
        headers: { "Retry-After": "15" },
      });
    }
    return c.body(stream, 200, headers);
  });
}

/** What is no number of ours is one that we do not know: a gap. */
function seenOf(header: string | undefined): number | null {
  if (header === undefined || header === "") return null;
  return /^\d{1,15}$/.test(header) ? Number(header) : -1;
}
