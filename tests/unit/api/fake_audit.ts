import type { AuditEntry, AuditNote, AuditView } from "../../../src/api/mod.ts";

/** An audit in memory; `notes` is what was recorded, oldest first. */
export function fakeAudit(notes: AuditNote[] = []): AuditView {
  return {
    record: (note) => void notes.push(note),
    settled: () => Promise.resolve(),
    entries({ limit, after, action }) {
      const all = notes.map((note, at): AuditEntry => ({
        ...note,
        sequence: at + 1,
        at: "2026-07-01T14:12:30.000Z",
        hash: "0".repeat(64),
      })).reverse().filter((entry) =>
        (after === null || entry.sequence < Number(after)) && (action === null || entry.action === action)
      );
      const items = all.slice(0, limit);
      const last = items.at(-1)?.sequence;
      return Promise.resolve({ items, next_cursor: all.length > limit ? `${last}` : null });
    },
  };
}
