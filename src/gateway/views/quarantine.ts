import type { QuarantineView, Refused } from "../../api/mod.ts";
import type { QuarantineEntry } from "../../buffer/mod.ts";
import { rfc3339 } from "../../model/mod.ts";
import type { Parts } from "../parts.ts";
import { eraseQuarantined } from "../quarantine/erase.ts";
import { groupsOfQuarantine } from "../quarantine/groups.ts";
import { replayQuarantine } from "../quarantine/replay.ts";

/** Entries looked at for one answer: a rare reason in a large quarantine comes page by page. */
const LOOKED_AT = 20_000;
/** Entries read forward at once on the way back. */
const STRIDE = 500;

/** What was refused and is kept, newest first. */
export function quarantineView(parts: Parts): QuarantineView {
  return {
    async entries(query): ReturnType<QuarantineView["entries"]> {
      const { quarantine } = parts.core;
      const items: Refused[] = [];
      let before = Math.min(query.before ?? Infinity, quarantine.end + 1);
      let looked = 0;
      while (before > quarantine.first && items.length < query.limit && looked < LOOKED_AT) {
        const from = Math.max(quarantine.first, before - STRIDE);
        const stretch: QuarantineEntry[] = [];
        for await (const entry of quarantine.list(from)) {
          if (entry.position >= before) break;
          stretch.push(entry);
        }
        for (const entry of stretch.reverse()) {
          looked++;
          before = entry.position;
          const { refusal, device } = entry.refused;
          if (query.reason !== null && refusal.reason !== query.reason) continue;
          if (query.device !== null && device !== query.device) continue;
          items.push(describe(parts, entry));
          if (items.length === query.limit) break;
        }
        if (items.length < query.limit) before = from;
      }
      return { items, next: before > quarantine.first ? before : null };
    },
    async entry(position): Promise<Refused | undefined> {
      const { quarantine } = parts.core;
      if (position < quarantine.first || position > quarantine.end) return undefined;
      const entry = await quarantine.get(position);
      return entry === undefined ? undefined : describe(parts, entry);
    },
    groups: () => groupsOfQuarantine(parts),
    replay: (wish) => replayQuarantine(parts, wish),
    erase: (choice) => eraseQuarantined(parts, choice),
  };
}

function describe(parts: Parts, { position, refused }: QuarantineEntry): Refused {
  const { what, refusal, device, topic, payload, originalBytes } = refused;
  return {
    position,
    received_at: rfc3339(refused.receivedAt) ?? "",
    kind: what === "readings" ? "reading" : what,
    refusal,
    device,
    profile: what === "point" ? null : parts.core.driver.river.routes.profileOf(topic) ?? null,
    topic: what === "point" ? null : topic,
    payload_bytes: originalBytes ?? payload.length,
    payload,
    replayed: parts.core.driver.river.reinjected.has(position),
  };
}
