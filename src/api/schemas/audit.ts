import { z } from "@hono/zod-openapi";
import { AUDIT_ACTIONS, type AuditEntry } from "../../model/mod.ts";
import type { Page } from "./page.ts";
import { time, wire } from "./wire.ts";

export const auditAction = z.enum(AUDIT_ACTIONS, { error: `allowed is one of ${AUDIT_ACTIONS.join(", ")}` });

const entry = wire<AuditEntry>()(
  z.object({
    sequence: z.number().int().positive().openapi({ description: "counts up from 1, without a gap" }),
    at: time,
    action: auditAction,
    actor: z.string().openapi({ description: "name of a token, local, anonymous, or gateway itself" }),
    role: z.enum(["viewer", "operator", "admin"]).nullable(),
    address: z.string().nullable(),
    request_id: z.string().nullable(),
    target: z.string().nullable(),
    detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).readonly(),
    hash: z.string().openapi({ description: "SHA-256 over the hash of the entry before and this one" }),
  }).openapi("AuditEntry"),
);

export const AuditPageSchema = wire<Page<AuditEntry>>()(
  z.object({ items: z.array(entry).readonly(), next_cursor: z.string().nullable() }).openapi("AuditPage"),
);
