/**
 * Who did what: an append-only log in which each entry holds a hash over itself and the entry before (CHAIN.md).
 *
 * In: notes of the API and of the gateway. Out: entries, newest first, and the verdict whether a folder's chain is
 * unbroken. It promises that an entry that `settled` has waited for survives a power cut, that a changed, removed,
 * moved or added entry shows, and that neither a full disk nor a flood of refusals stops what people do. It knows
 * nothing of HTTP; the journal and the clock are handed in.
 * @module
 */
export { Audit, type AuditOptions, type AuditTrouble } from "./audit.ts";
export { NO_ENTRY, type StoredEntry } from "./stored_entry.ts";
export { type AuditVerdict, type Break, verifyAudit } from "./verify_audit.ts";
