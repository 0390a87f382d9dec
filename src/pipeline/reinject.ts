import {
  type AlertEvent,
  type Command,
  type InboxRecord,
  type Point,
  type ReinjectedEntry,
  type ReinjectedItem,
  type ReinjectResult,
} from "../model/mod.ts";
import { offerPointAgain } from "./offer_point_again.ts";
import { takeMessageAgain } from "./take_message_again.ts";
import { takeReadingsAgain } from "./take_readings_again.ts";
import type { Again } from "./take_again.ts";
import type { River, RiverOutput } from "./river.ts";

/** Entries of the quarantine are tried again. */
export type Reinject = Extract<Command, { kind: "reinject" }>;

/** Points and alerts that are told of a command; of its entries any number may be made. */
const MOST_TOLD = 20;

/**
 * Takes entries of the quarantine in again, each once: what went through is remembered (I1 … I9 of SPEC.md).
 *
 * @returns what became of each, in the order of the command
 */
export function reinject(
  river: River,
  { entries, oldest }: Reinject,
  record: InboxRecord,
  out: RiverOutput,
): ReinjectResult {
  river.reinjected.forgetBelow(oldest);
  const told = { points: 0, alerts: 0 };
  return { kind: "reinject", items: entries.map((entry) => once(river, entry, record, out, told)) };
}

function once(
  river: River,
  entry: ReinjectedEntry,
  record: InboxRecord,
  out: RiverOutput,
  told: { points: number; alerts: number },
): ReinjectedItem {
  const { id } = entry;
  const { reinjected } = river;
  if (id < reinjected.low || reinjected.has(id)) return { id, outcome: "already_replayed" };
  if (reinjected.full) return { id, outcome: "refused", why: { kind: "memory_full" } };
  const points: Point[] = [];
  const alerts: AlertEvent[] = [];
  const taken = again(river, entry, record, {
    point(point, window): void {
      if (told.points++ < MOST_TOLD) points.push(point);
      out.point(point, window);
    },
    refused: (refused) => out.refused(refused),
    alert(event): void {
      if (told.alerts++ < MOST_TOLD) alerts.push(event);
      out.alert(event);
    },
  });
  if ("kind" in taken) return { id, outcome: "refused", why: taken };
  reinjected.add(id);
  river.totals.replayed++;
  if (taken.device !== undefined) taken.device.counts.replayed++;
  return { id, outcome: "accepted", readings: taken.readings, repeated: taken.repeated, points, alerts };
}

function again(river: River, entry: ReinjectedEntry, record: InboxRecord, out: RiverOutput): Again {
  switch (entry.what) {
    case "message":
      return takeMessageAgain(river, entry, record, out);
    case "readings":
      return takeReadingsAgain(river, entry, record, out);
    case "point":
      return offerPointAgain(river, entry, out);
  }
}
