import type { Page, PageQuery } from "../../api/mod.ts";

/** A stretch of a list that is sorted by id. */
export function pageOf<T>(sorted: readonly T[], id: (item: T) => string, query: PageQuery): Page<T> {
  const { after, limit } = query;
  const rest = after === null ? sorted : sorted.filter((item) => id(item) > after);
  return stretch(rest, id, limit);
}

/** A stretch of a list in an order of its own: it goes on behind the entry named, or begins anew if it is gone. */
export function pageAfter<T>(items: readonly T[], id: (item: T) => string, query: PageQuery): Page<T> {
  const { after, limit } = query;
  const at = after === null ? -1 : items.findIndex((item) => id(item) === after);
  return stretch(items.slice(at + 1), id, limit);
}

function stretch<T>(rest: readonly T[], id: (item: T) => string, limit: number): Page<T> {
  const items = rest.slice(0, limit);
  const last = items[items.length - 1];
  return { items, next_cursor: rest.length > limit && last !== undefined ? id(last) : null };
}
