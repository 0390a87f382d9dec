/**
 * Accounts and databases made of few words.
 * @module
 */
import {
  type Account,
  accountOf,
  type AccountPage,
  type Database,
  type Found,
} from "../../../src/verify/mod.ts";

/** The day of most rows. */
export const DAY = "2026-03-01";

/** A row as the API tells it. */
export type Item = AccountPage["items"][number];

/** A row: 10 values with the sum 55. */
export function item(device: string, change: Partial<Item> = {}): Item {
  return {
    device,
    measurement: "climate",
    day: DAY,
    values: 10,
    uncertain: 0,
    waiting: 0,
    not_delivered: 0,
    rewritten: 0,
    sum: 55,
    magnitude: 55,
    ...change,
  };
}

/** What the API answers. */
export function page(items: readonly Item[], change: Partial<AccountPage> = {}): AccountPage {
  const names = [...new Set(items.map(({ measurement }) => measurement))];
  return {
    since: "2026-02-20T09:12:04.000Z",
    whole_from: null,
    measurements: names.map((name) => ({
      name,
      fields: [{ name: "t_mean", numbers: true, others: false }, {
        name: "text",
        numbers: false,
        others: true,
      }],
      finer_than_ms: false,
    })),
    items: [...items],
    next_cursor: null,
    ...change,
  };
}

/** An account of these rows. */
export function account(...items: readonly Item[]): Account {
  return accountOf([page(items)]);
}

/** What a database holds of a device. */
export function found(device: string, change: Partial<Found> = {}): Found {
  return { device, day: DAY, values: 10, sum: 55, ...change };
}

/** A database that holds this, in one measurement. */
export function database(content: () => readonly Found[], change: Partial<Database> = {}): Database {
  return {
    title: "The database",
    keeps: "double",
    content: () => Promise.resolve(content()),
    retention: () => Promise.resolve(undefined),
    ...change,
  };
}

/** Accounts one after another; the last one stays. */
export function accountsInTurn(accounts: readonly Account[], onAsked: () => void): () => Promise<Account> {
  let next = 0;
  return () => {
    onAsked();
    const at = Math.min(next++, accounts.length - 1);
    const chosen = accounts[at];
    return chosen === undefined ? Promise.reject(new Error("There is no account")) : Promise.resolve(chosen);
  };
}
