/**
 * Audits over files in memory, for the tests of this folder.
 * @module
 */
import { Audit, type AuditOptions } from "../../../src/audit/mod.ts";
import { Journal, type JournalOptions } from "../../../src/journal/mod.ts";
import type { AuditNote } from "../../../src/model/mod.ts";
import { MemoryFiles } from "../../support/memory_files.ts";
import { rig } from "../journal/rig.ts";

/** Where the audits of these tests lie. */
export const FOLDER = "/audit";

/** What someone did; `change` replaces facts. */
export function note(change: Partial<AuditNote> = {}): AuditNote {
  return {
    ...{ action: "alert_acknowledged", actor: "ops", role: "operator", address: "10.0.0.7" },
    ...{ request_id: "request-1", target: "too-hot/kiln-3", detail: { note: "on my way" } },
    ...change,
  };
}

/** An open audit with its journal. */
export interface Opened {
  readonly audit: Audit;
  readonly journal: Journal;
}

/** Opens the audit of a file system. */
export async function openAudit(
  files: MemoryFiles = new MemoryFiles(),
  more: Partial<JournalOptions> = {},
  options: Partial<AuditOptions> = {},
): Promise<Opened> {
  const { options: journalOptions } = rig(files, { folder: FOLDER, segmentBytes: 1_000_000, ...more });
  const journal = await Journal.open(journalOptions);
  const audit = await Audit.open(journal, { wall: () => 1_782_914_400_000, maxBytes: Infinity, ...options });
  return { audit, journal };
}

/** A file system with an audit of so many entries, closed. */
export async function written(entries: number): Promise<MemoryFiles> {
  const files = new MemoryFiles();
  const { audit, journal } = await openAudit(files);
  for (let i = 1; i <= entries; i++) audit.record(note({ target: `alert-${i}` }));
  await audit.settled();
  await journal.close();
  return files;
}
