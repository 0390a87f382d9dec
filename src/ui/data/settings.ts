import type { Answer, Ask, AuditEntry, ConfigAnswer, Page } from "../../api/mod.ts";

/** Entries of the audit on one page. */
const MOST_ENTRIES = 50;

/** What the page of settings shows. */
export interface SettingsData {
  readonly config: Answer<ConfigAnswer>;
  readonly audit: Answer<Page<AuditEntry>>;
}

/**
 * Asks for all of it.
 *
 * @param older the cursor of an earlier stretch of the audit; `null` for the newest
 */
export async function loadSettings(ask: Ask, older: string | null): Promise<SettingsData> {
  const cursor = older === null ? "" : `&cursor=${encodeURIComponent(older)}`;
  const [config, audit] = await Promise.all([
    ask<ConfigAnswer>("/api/v1/config"),
    ask<Page<AuditEntry>>(`/api/v1/audit?limit=${MOST_ENTRIES}${cursor}`),
  ]);
  return { config, audit };
}
