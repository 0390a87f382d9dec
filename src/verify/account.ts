import { z } from "zod";
import { dayOf } from "./days.ts";

/** What the gateway says of one device, measurement and UTC day. */
export interface AccountRow {
  /** The device id. */
  readonly device: string;
  /** The measurement. */
  readonly measurement: string;
  /** The day, `YYYY-MM-DD`. */
  readonly day: string;
  /** Values delivered, each counted once. */
  readonly values: number;
  /** Values that there may be beyond that. */
  readonly uncertain: number;
  /** Values on their way. */
  readonly waiting: number;
  /** Values refused or given up. */
  readonly notDelivered: number;
  /** Values delivered over earlier ones. */
  readonly rewritten: number;
  /** Sum of the numbers; `null`: not known. */
  readonly sum: number | null;
  /** Sum of the absolute values of all that went into it. */
  readonly magnitude: number;
}

/** A measurement as the gateway writes it. */
export interface Measurement {
  /** Its name. */
  readonly name: string;
  /** Names of all its fields. */
  readonly fields: readonly string[];
  /** Names of those that are always numbers. */
  readonly numbers: readonly string[];
  /** It has points at parts of a millisecond. */
  readonly finerThanMs: boolean;
}

/** The delivery account at one moment. */
export interface Account {
  /** Since when it is kept. RFC 3339. */
  readonly since: string;
  /** The first day that is whole in it, `YYYY-MM-DD`; `null`: nothing was let go. */
  readonly wholeFrom: string | null;
  /** The measurements. */
  readonly measurements: readonly Measurement[];
  /** The rows, by `rowKey`. */
  readonly rows: ReadonlyMap<string, AccountRow>;
}

/** A row as `GET /api/v1/delivered` tells it. */
export interface AccountItem extends Omit<AccountRow, "notDelivered"> {
  /** Values refused or given up. */
  readonly not_delivered: number;
}

/** A stretch of the account as `GET /api/v1/delivered` tells it. */
export interface AccountPage {
  /** Since when the account is kept. RFC 3339. */
  readonly since: string;
  /** The first day that is whole in it; `null`: nothing was let go. */
  readonly whole_from: string | null;
  /** The measurements, with their fields. */
  readonly measurements: readonly {
    /** Its name. */
    readonly name: string;
    /** Its fields, each with whether it had numbers, and whether it had texts or booleans. */
    readonly fields: readonly {
      readonly name: string;
      readonly numbers: boolean;
      readonly others: boolean;
    }[];
    /** It has points at parts of a millisecond. */
    readonly finer_than_ms: boolean;
  }[];
  /** The rows. */
  readonly items: readonly AccountItem[];
  /** What to ask for next; `null`: this was the last stretch. */
  readonly next_cursor: string | null;
}

const count = z.number().int().nonnegative();
const pageSchema: z.ZodType<AccountPage> = z.object({
  since: z.string(),
  whole_from: z.string().nullable(),
  measurements: z.array(z.object({
    name: z.string(),
    fields: z.array(z.object({ name: z.string(), numbers: z.boolean(), others: z.boolean() })),
    finer_than_ms: z.boolean(),
  })),
  items: z.array(z.object({
    device: z.string(),
    measurement: z.string(),
    day: z.string(),
    values: count,
    uncertain: count,
    waiting: count,
    not_delivered: count,
    rewritten: count,
    sum: z.number().nullable(),
    magnitude: z.number(),
  })),
  next_cursor: z.string().nullable(),
});

/** Reads an answer of `GET /api/v1/delivered`; `undefined` where it is none. */
export function readPage(json: unknown): AccountPage | undefined {
  const parsed = pageSchema.safeParse(json);
  return parsed.success ? parsed.data : undefined;
}

/** Puts the stretches of an account together, at least one. */
export function accountOf(pages: readonly AccountPage[]): Account {
  const head = pages[pages.length - 1];
  const rows = new Map<string, AccountRow>();
  for (const { items } of pages) {
    for (const { not_delivered: notDelivered, ...row } of items) {
      rows.set(rowKey(row.device, row.measurement, row.day), { ...row, notDelivered });
    }
  }
  return {
    since: head?.since ?? dayOf(0),
    wholeFrom: head?.whole_from ?? null,
    measurements: (head?.measurements ?? []).map(({ name, fields, finer_than_ms: finerThanMs }) => ({
      name,
      fields: fields.map((field) => field.name),
      numbers: fields.filter((field) => field.numbers && !field.others).map((field) => field.name),
      finerThanMs,
    })),
    rows,
  };
}

/** What a row is found by. */
export function rowKey(device: string, measurement: string, day: string): string {
  return JSON.stringify([measurement, device, day]);
}
