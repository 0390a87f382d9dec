import type { Alert, Answer, Ask, Page, Silence } from "../../api/mod.ts";

/** Ended alerts on one page. */
const MOST_ENDED = 50;

/** What the page of alerts shows. */
export interface AlertsData {
  readonly firing: Answer<Page<Alert>>;
  readonly pending: Answer<Page<Alert>>;
  readonly ended: Answer<Page<Alert>>;
  readonly silences: Answer<Page<Silence>>;
}

/**
 * Asks for all of it.
 *
 * @param older the cursor of an earlier stretch of ended alerts; `null` for the newest
 */
export async function loadAlertsPage(ask: Ask, older: string | null): Promise<AlertsData> {
  const cursor = older === null ? "" : `&cursor=${encodeURIComponent(older)}`;
  const [firing, pending, ended, silences] = await Promise.all([
    ask<Page<Alert>>("/api/v1/alerts?state=firing&limit=200"),
    ask<Page<Alert>>("/api/v1/alerts?state=pending&limit=100"),
    ask<Page<Alert>>(`/api/v1/alerts?state=resolved&limit=${MOST_ENDED}${cursor}`),
    ask<Page<Silence>>("/api/v1/silences"),
  ]);
  return { firing, pending, ended, silences };
}
