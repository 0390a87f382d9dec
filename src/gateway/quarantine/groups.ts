import type { QuarantineGroup, QuarantineGroups } from "../../api/mod.ts";
import type { QuarantineEntry } from "../../buffer/mod.ts";
import { refusalText, rfc3339 } from "../../model/mod.ts";
import type { Parts } from "../parts.ts";

/** Entries that are looked at, newest first, and groups that are kept apart. */
const LOOKED_AT = 50_000;
const MOST_GROUPS = 2_000;
/** Groups that are answered. */
const MOST_ANSWERED = 200;

/** What the quarantine holds, by reason, device and field; entries that went through at another try are left out. */
export async function groupsOfQuarantine({ core }: Parts): Promise<QuarantineGroups> {
  const { quarantine, driver } = core;
  const { reinjected } = driver.river;
  const { end } = quarantine;
  const from = Math.max(quarantine.first, end - LOOKED_AT + 1);
  const groups = new Map<string, QuarantineGroup>();
  let scanned = 0;
  let complete = from === quarantine.first;
  for await (const entry of quarantine.list(from)) {
    if (entry.position > end) break;
    scanned++;
    if (reinjected.has(entry.position)) continue;
    const { refusal, device } = entry.refused;
    const key = JSON.stringify([refusal.reason, device, refusal.field]);
    const known = groups.get(key);
    if (known === undefined && groups.size >= MOST_GROUPS) complete = false;
    else groups.set(key, withEntry(known, entry));
  }
  const items = [...groups.values()].sort((a, b) => b.entries - a.entries || b.last_id - a.last_id);
  return {
    items: items.slice(0, MOST_ANSWERED),
    scanned,
    complete: complete && items.length <= MOST_ANSWERED,
  };
}

function withEntry(
  group: QuarantineGroup | undefined,
  { position, refused }: QuarantineEntry,
): QuarantineGroup {
  const { refusal, device } = refused;
  const at = rfc3339(refused.receivedAt) ?? "";
  return {
    reason: refusal.reason,
    device,
    field: refusal.field ?? null,
    entries: (group?.entries ?? 0) + 1,
    first_at: group?.first_at ?? at,
    last_at: at,
    last_id: position,
    explanation: refusalText(refusal),
  };
}
