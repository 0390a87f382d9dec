import { z } from "@hono/zod-openapi";
import type { Reason } from "../../model/mod.ts";
import { reason } from "./quarantine.ts";
import { count, time, wire } from "./wire.ts";

/** Entries that are alike. */
export interface QuarantineGroup {
  /** The word for programs. */
  readonly reason: Reason;
  /** The device id, where it is known. */
  readonly device: string | null;
  /** The field that they are about. */
  readonly field: string | null;
  /** How many there are. */
  readonly entries: number;
  /** Receipt of the oldest. RFC 3339, UTC. */
  readonly first_at: string;
  /** Receipt of the newest. RFC 3339, UTC. */
  readonly last_at: string;
  /** The newest. */
  readonly last_id: number;
  /** The sentence for people, of the newest. */
  readonly explanation: string;
}

/** What the quarantine holds, in groups. */
export interface QuarantineGroups {
  /** Most entries first. */
  readonly items: readonly QuarantineGroup[];
  /** Entries that were looked at, newest first. */
  readonly scanned: number;
  /** Whether these are all there are. */
  readonly complete: boolean;
}

/** What became of an entry that was tried again. */
export interface ReplayedEntry {
  /** The entry. */
  readonly id: number;
  /** `refused`: it stays where it is; `already_replayed`: it went through before, and nothing was done. */
  readonly outcome: "accepted" | "refused" | "already_replayed" | "not_found";
  /** The sentence for people; `null`: nothing is to be said. */
  readonly explanation: string | null;
  /** Readings that it made. */
  readonly readings: number;
  /**
   * Points that it makes, in line protocol; in a dry run its windows as if they closed right then. At most 20 in an
   * answer.
   */
  readonly points: readonly string[];
  /** Alerts that it caused. */
  readonly alerts: readonly string[];
}

/** What became of entries that were tried again. */
export interface QuarantineReplay {
  /** Nothing was changed. */
  readonly dry_run: boolean;
  /** How many were tried. */
  readonly entries: number;
  /** How many went through. */
  readonly accepted: number;
  /** How many are refused under the rules in force, too. */
  readonly refused: number;
  /** The first 100. */
  readonly items: readonly ReplayedEntry[];
  /** Where to go on: one call takes so many at most; `null`: that were all. */
  readonly next_cursor: string | null;
}

export const QuarantineGroupsSchema = wire<QuarantineGroups>()(
  z.object({
    items: z.array(z.object({
      reason,
      device: z.string().nullable(),
      field: z.string().nullable(),
      entries: count,
      first_at: time,
      last_at: time,
      last_id: count,
      explanation: z.string(),
    })).readonly(),
    scanned: count,
    complete: z.boolean(),
  }).openapi("QuarantineGroups"),
);

const ID = "allowed is the number of an entry";
const id = z.number({ error: ID }).int(ID).nonnegative(ID);
/** Entries that can be named in one call. */
const MOST_IDS = 1_000;

const DEVICE = "allowed is the id of a device";

export const ReplayWishSchema = z.strictObject({
  ids: z.array(id).min(1).max(MOST_IDS).optional(),
  reason: reason.optional(),
  device: z.string().min(1, DEVICE).optional(),
  dry_run: z.boolean().default(false),
  cursor: z.string().regex(/^\d{1,15}$/, "allowed is the next_cursor of an earlier answer").optional(),
}, {
  error: (issue) =>
    issue.code === "unrecognized_keys" ? "allowed are ids, reason, device, dry_run, cursor" : undefined,
}).refine(
  ({ ids, reason, device }) => (ids !== undefined) !== (reason !== undefined || device !== undefined),
  {
    path: ["ids"],
    error: "allowed are ids, or a reason, a device, or both of them",
  },
).openapi("QuarantineReplayWish");

export const QuarantineReplaySchema = wire<QuarantineReplay>()(
  z.object({
    dry_run: z.boolean(),
    entries: count,
    accepted: count,
    refused: count,
    items: z.array(z.object({
      id: count,
      outcome: z.enum(["accepted", "refused", "already_replayed", "not_found"]),
      explanation: z.string().nullable(),
      readings: count,
      points: z.array(z.string()).readonly(),
      alerts: z.array(z.string()).readonly(),
    })).readonly(),
    next_cursor: z.string().nullable(),
  }).openapi("QuarantineReplay"),
);

const IDS = `allowed are numbers of at most ${MOST_IDS} entries, commas between them`;

/** What `DELETE /api/v1/quarantine` is told. */
export const eraseQuery = {
  ids: z.string().regex(/^\d{1,15}(,\d{1,15})*$/, IDS).transform((text) => text.split(",").map(Number))
    .refine((ids) => ids.length <= MOST_IDS, IDS).optional().openapi({ type: "string" }),
  reason: reason.optional(),
  device: z.string().min(1, DEVICE).optional(),
};

/** How many entries were erased. */
export interface QuarantineErased {
  /** Entries that are gone. */
  readonly deleted: number;
}

export const QuarantineErasedSchema = wire<QuarantineErased>()(
  z.object({ deleted: count }).openapi("QuarantineErased"),
);
