import type { AuditView } from "../../api/mod.ts";
import type { Parts } from "../parts.ts";

/** The audit. */
export function auditView({ core: { audit } }: Parts): AuditView {
  return {
    record: (note) => audit.record(note),
    settled: () => audit.settled(),
    async entries({ limit, after, action }) {
      const before = after === null ? null : Number(after);
      const { items, next } = await audit.entries({
        limit,
        // A cursor that is none of ours finds nothing.
        before: before === null || Number.isSafeInteger(before) ? before : 0,
        action,
      });
      return { items, next_cursor: next === null ? null : String(next) };
    },
  };
}
