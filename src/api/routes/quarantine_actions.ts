import type { App } from "../app.ts";
import { actorOf } from "../auth/actor.ts";
import { ProblemError } from "../problem.ts";
import { declare } from "../route.ts";
import {
  eraseQuery,
  QuarantineErasedSchema,
  QuarantineGroupsSchema,
  QuarantineReplaySchema,
  ReplayWishSchema,
} from "../schemas/quarantine_actions.ts";
import { query } from "../schemas/query.ts";
import type { GatewayViews, QuarantineChoice } from "../views.ts";
import { unavailable } from "./unavailable.ts";

const groups = declare("viewer", {
  method: "get",
  path: "/api/v1/quarantine/groups",
  summary: "What was refused, by reason, device and field; without what went through at another try",
  responses: {
    200: {
      description: "Most entries first; `complete` is false where not all were looked at",
      content: { "application/json": { schema: QuarantineGroupsSchema } },
    },
  },
});

const replay = declare("operator", {
  method: "post",
  path: "/api/v1/quarantine/replay",
  summary: "Tries entries again under the rules in force; what goes through is never taken twice",
  description: "With `dry_run` it only tells what would become of them: readings, points, alerts.",
  request: { body: { required: true, content: { "application/json": { schema: ReplayWishSchema } } } },
  responses: {
    200: {
      description: "What became of each; `next_cursor` says where to go on",
      content: { "application/json": { schema: QuarantineReplaySchema } },
    },
  },
});

const erase = declare("operator", {
  method: "delete",
  path: "/api/v1/quarantine",
  summary: "Erases entries; their bytes leave the disk with their segment",
  request: { query: query(eraseQuery) },
  responses: {
    200: {
      description: "How many are gone",
      content: { "application/json": { schema: QuarantineErasedSchema } },
    },
  },
});

/** Adds what can be done with the quarantine. Before `/api/v1/quarantine/{id}`, which would take `groups` for one. */
export function quarantineActionRoutes(app: App, views: Pick<GatewayViews, "quarantine" | "audit">): void {
  app.openapi(groups, async (c) => c.json(await views.quarantine.groups(), 200));
  app.openapi(replay, async (c) => {
    const { name, ...actor } = actorOf(c);
    const { ids = null, reason = null, device = null, dry_run, cursor } = c.req.valid("json");
    const choice = { ids, reason, device };
    const after = cursor === undefined ? null : Number(cursor);
    const answer = await views.quarantine.replay({ ...choice, after, dryRun: dry_run, by: name });
    if ("kind" in answer) throw unavailable(answer);
    if (!dry_run) {
      const { entries, accepted, refused } = answer;
      views.audit.record({
        ...{ action: "quarantine_replayed", actor: name, ...actor, target: wordsOf(choice) },
        detail: { entries, accepted, refused },
      });
    }
    return c.json(answer, 200);
  });
  app.openapi(erase, async (c) => {
    const { name, ...actor } = actorOf(c);
    const { ids = null, reason = null, device = null } = c.req.valid("query");
    if ((ids === null) === (reason === null && device === null)) {
      throw new ProblemError("bad_request", {
        detail: "What to erase is not clear; allowed are ids, or a reason, a device, or both of them",
      });
    }
    const choice = { ids, reason, device };
    const outcome = await views.quarantine.erase(choice);
    if (outcome.kind === "unavailable") throw unavailable(outcome);
    const { deleted, complete } = outcome;
    views.audit.record({
      ...{ action: "quarantine_deleted", actor: name, ...actor, target: wordsOf(choice) },
      detail: { deleted, complete },
    });
    return c.json({ deleted }, 200);
  });
}

/** Which entries were meant, short enough for a line of the audit. */
function wordsOf({ ids, reason, device }: QuarantineChoice): string {
  if (ids !== null) {
    const [first] = ids;
    return ids.length === 1 ? `entry ${first}` : `${ids.length} entries from ${first} on`;
  }
  return [reason === null ? "" : `reason ${reason}`, device === null ? "" : `device ${device}`]
    .filter((part) => part !== "").join(", ");
}
