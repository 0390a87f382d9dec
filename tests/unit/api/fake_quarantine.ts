/**
 * What can be done with the quarantine of the fake gateway: entries from 0 to 4 are there, of which 4 went through
 * before and 3 is refused again.
 * @module
 */
import type { QuarantineChoice, QuarantineView, ReplayedEntry, ReplayWish } from "../../../src/api/mod.ts";

/** Answers as a gateway would, and keeps what it was asked. */
export function fakeQuarantineActions(
  asked: (ReplayWish | QuarantineChoice)[] = [],
): Pick<QuarantineView, "groups" | "replay" | "erase"> {
  return {
    groups: () =>
      Promise.resolve({
        items: [{
          reason: "range",
          device: "press-2",
          field: "temperature",
          entries: 3,
          first_at: "2026-07-01T14:00:00.000Z",
          last_at: "2026-07-01T14:00:00.000Z",
          last_id: 4,
          explanation: 'The value is out of range (temperature): found "-300"; allowed is -40 … 125',
        }],
        scanned: 5,
        complete: true,
      }),
    replay(wish) {
      asked.push(wish);
      const items = (wish.ids ?? [2, 3]).map(replayed);
      const count = (outcome: ReplayedEntry["outcome"]) =>
        items.filter((item) => item.outcome === outcome).length;
      return Promise.resolve({
        dry_run: wish.dryRun,
        entries: items.length,
        accepted: count("accepted"),
        refused: count("refused"),
        items,
        next_cursor: wish.ids === null && wish.after === null ? "3" : null,
      });
    },
    erase(choice) {
      asked.push(choice);
      return Promise.resolve({ kind: "erased", deleted: choice.ids?.length ?? 3, complete: true });
    },
  };
}

function replayed(id: number): ReplayedEntry {
  const nothing = { id, explanation: null, readings: 0, points: [], alerts: [] };
  if (id > 4) return { ...nothing, outcome: "not_found" };
  if (id === 4) return { ...nothing, outcome: "already_replayed" };
  if (id === 3) return { ...nothing, outcome: "refused", explanation: "The value is out of range" };
  return {
    ...nothing,
    outcome: "accepted",
    readings: 2,
    points: ["climate,device=press-2 temperature=-300 1"],
  };
}
