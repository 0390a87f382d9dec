import type { AuditAction, AuditEntry, AuditNote } from "../../model/mod.ts";
import type { Page, PageQuery } from "../schemas/page.ts";

/** Which entries of the audit are wanted. */
export interface AuditQuery extends PageQuery {
  /** Only these; `null`: all. */
  readonly action: AuditAction | null;
}

/** Who did what. */
export interface AuditView {
  /** Adds an entry. Returns at once; `settled` says when it is on disk. */
  record(note: AuditNote): void;
  /** Resolves when everything recorded so far is on disk, or cannot be written; it never rejects. */
  settled(): Promise<void>;
  /** Newest first; the cursor is the sequence. Reads the disk, hence the promise. */
  entries(query: AuditQuery): Promise<Page<AuditEntry>>;
}
