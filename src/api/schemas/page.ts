import { z } from "@hono/zod-openapi";

/** A stretch of a list. */
export interface Page<T> {
  /** The entries, in the list's order. */
  readonly items: readonly T[];
  /** What to pass as `cursor` for the next stretch; `null` at the end. */
  readonly next_cursor: string | null;
}

/** Which stretch of a list is wanted. */
export interface PageQuery {
  /** At most so many entries, 1 … 500. */
  readonly limit: number;
  /** Id of the last entry of the stretch before; `null` for the first. It may be gone by now. */
  readonly after: string | null;
}

const LIMIT = "allowed is a whole number from 1 to 500";

/** `limit` and `cursor` as they stand in a query, to be spread into its schema. */
export const paging = {
  limit: z.coerce.number({ error: LIMIT }).int(LIMIT).min(1, LIMIT).max(500, LIMIT).default(100)
    .openapi({ type: "integer", minimum: 1, maximum: 500, default: 100 }),
  cursor: z.string().min(1, "allowed is the next_cursor of an earlier answer").max(512).optional(),
};

/** The query of a list as its view wants it. */
export function pageQuery(query: { limit: number; cursor?: string | undefined }): PageQuery {
  return { limit: query.limit, after: query.cursor ?? null };
}
