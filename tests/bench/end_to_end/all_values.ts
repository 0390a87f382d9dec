import { until } from "../../support/until.ts";
import { PATIENCE, type Place } from "./taker.ts";

/** Fields of a message of the site. */
export const FIELDS = 3;

/**
 * Waits until the database has every field of every message: what a client without aggregation writes.
 * Where the database does not tell, nothing is waited for.
 */
export async function allValues({ database, messages }: Place): Promise<void> {
  if (!database.counts) return;
  let last: number | undefined;
  await until(`the database has ${messages * FIELDS} values`, async () => {
    last = await database.values();
    return last !== undefined && last >= messages * FIELDS;
  }, { ...PATIENCE, every: 200, state: () => last });
}
