import { z } from "@hono/zod-openapi";
import { refusalText } from "../../model/mod.ts";
import type { App } from "../app.ts";
import { ProblemError } from "../problem.ts";
import { declare } from "../route.ts";
import { paging } from "../schemas/page.ts";
import {
  type Payload,
  QuarantineDetailSchema,
  type QuarantineEntry,
  QuarantinePageSchema,
  reason,
} from "../schemas/quarantine.ts";
import { query } from "../schemas/query.ts";
import type { GatewayViews, Refused } from "../views.ts";

/** Most of a payload that is answered, bytes. */
const LONGEST_PAYLOAD = 65_536;

const POSITION = "allowed is the number of an entry";

const list = declare("viewer", {
  method: "get",
  path: "/api/v1/quarantine",
  summary: "What was refused, and why",
  request: {
    query: query({
      limit: paging.limit,
      cursor: z.string().regex(/^\d{1,15}$/, "allowed is the next_cursor of an earlier answer").optional(),
      reason: reason.optional(),
      device: z.string().min(1, "allowed is the id of a device").optional(),
    }),
  },
  responses: {
    200: {
      description: "Entries, newest first",
      content: { "application/json": { schema: QuarantinePageSchema } },
    },
  },
});

const one = declare("viewer", {
  method: "get",
  path: "/api/v1/quarantine/{id}",
  summary: "One entry with its payload",
  request: {
    params: z.object({
      id: z.string().regex(/^\d{1,15}$/, POSITION).transform(Number).openapi({ type: "integer", minimum: 0 }),
    }),
  },
  responses: {
    200: { description: "The entry", content: { "application/json": { schema: QuarantineDetailSchema } } },
  },
});

/** Adds `/api/v1/quarantine` and `/api/v1/quarantine/{id}`. */
export function quarantineRoutes(app: App, views: Pick<GatewayViews, "quarantine">): void {
  app.openapi(list, async (c) => {
    const wanted = c.req.valid("query");
    const { items, next } = await views.quarantine.entries({
      limit: wanted.limit,
      before: wanted.cursor === undefined ? null : Number(wanted.cursor),
      reason: wanted.reason ?? null,
      device: wanted.device ?? null,
    });
    return c.json({ items: items.map(entryAnswer), next_cursor: next === null ? null : String(next) }, 200);
  });
  app.openapi(one, async (c) => {
    const { id } = c.req.valid("param");
    const refused = await views.quarantine.entry(id);
    if (refused === undefined) {
      throw new ProblemError("not_found", {
        detail:
          `The quarantine holds no entry "${id}"; old entries are evicted when its share of the disk is full`,
      });
    }
    return c.json({ ...entryAnswer(refused), payload: readable(refused) }, 200);
  });
}

/** An entry as the lists show it. */
export function entryAnswer(refused: Refused): QuarantineEntry {
  return {
    id: refused.position,
    received_at: refused.received_at,
    kind: refused.kind,
    reason: refused.refusal.reason,
    explanation: refusalText(refused.refusal),
    field: refused.refusal.field ?? null,
    device: refused.device,
    profile: refused.profile,
    topic: refused.topic,
    payload_bytes: refused.payload_bytes,
    replayed: refused.replayed,
  };
}

/** The payload as text where it is text. */
function readable(refused: Refused): Payload {
  const bytes = refused.payload.subarray(0, LONGEST_PAYLOAD);
  const truncated = bytes.length < refused.payload_bytes;
  // A cut may go through a character: what it left of it is no sign of binary data.
  const whole = truncated ? withoutCutCharacter(bytes) : bytes;
  try {
    const data = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(whole);
    return { encoding: "utf8", data, truncated };
  } catch {
    return { encoding: "base64", data: bytes.toBase64(), truncated };
  }
}

/** Without the beginning of a UTF-8 sequence (RFC 3629) that the end of the bytes cut off. */
function withoutCutCharacter(bytes: Uint8Array): Uint8Array {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return bytes;
    if (byte < 0xc0) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return length > back ? bytes.subarray(0, bytes.length - back) : bytes;
  }
  return bytes;
}
