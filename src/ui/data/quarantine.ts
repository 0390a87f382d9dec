import type {
  Answer,
  Ask,
  Page,
  QuarantineDetail,
  QuarantineEntry,
  QuarantineGroups,
} from "../../api/mod.ts";

/** Entries on one page. */
const MOST_ENTRIES = 50;

/** Which refusals the page is about. */
export interface QuarantineFilter {
  readonly reason?: string;
  readonly device?: string;
  readonly cursor?: string;
  /** The entry that is shown whole. */
  readonly id?: string;
}

/** What the page of the quarantine shows. */
export interface QuarantineData {
  readonly filter: QuarantineFilter;
  readonly groups: Answer<QuarantineGroups>;
  readonly entries: Answer<Page<QuarantineEntry>>;
  /** The entry that is shown whole, where one is. */
  readonly entry: Answer<QuarantineDetail> | undefined;
}

/** The filter that a page's query says. */
export function filterOf(query: URLSearchParams): QuarantineFilter {
  const said = ["reason", "device", "cursor", "id"].flatMap((name) => {
    const value = query.get(name)?.trim() ?? "";
    return value === "" ? [] : [[name, value]];
  });
  return Object.fromEntries(said);
}

/** The page's address with another filter. */
export function addressOf(filter: QuarantineFilter): string {
  const query = new URLSearchParams(Object.entries(filter)).toString();
  return query === "" ? "/quarantine" : `/quarantine?${query}`;
}

/** Asks for all of it. */
export async function loadQuarantine(ask: Ask, filter: QuarantineFilter): Promise<QuarantineData> {
  const { id, ...about } = filter;
  const wanted = new URLSearchParams({ limit: String(MOST_ENTRIES), ...about });
  const [groups, entries, entry] = await Promise.all([
    ask<QuarantineGroups>("/api/v1/quarantine/groups"),
    ask<Page<QuarantineEntry>>(`/api/v1/quarantine?${wanted}`),
    id === undefined ? undefined : ask<QuarantineDetail>(`/api/v1/quarantine/${encodeURIComponent(id)}`),
  ]);
  return { filter, groups, entries, entry };
}
