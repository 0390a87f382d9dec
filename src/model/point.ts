import type { StreamIdentity, Value } from "./reading.ts";

/** Kind of a value on the wire: the database fixes a field's type at its first point. */
export type WireType = "float" | "int" | "boolean" | "string";

/** One field of a point. */
export interface PointField {
  /** Name in the database, e.g. `temperature_mean`. */
  readonly name: string;
  /** Kind on the wire. */
  readonly type: WireType;
  /** The value, of that kind. */
  readonly value: Value;
}

/**
 * What earlier points have written where a point goes: under the same series, time and names. A database overwrites
 * it, so that the point brings no new values.
 */
export type Earlier =
  /** These fields. */
  | { readonly kind: "known"; readonly fields: readonly PointField[] }
  /** It is not remembered whether there was one. */
  | { readonly kind: "unknown" };

/** One line to the database. */
export interface Point {
  /** Measurement and tags. */
  readonly stream: StreamIdentity;
  /** At least one; no name twice. */
  readonly fields: readonly PointField[];
  /** Event time, ms. */
  readonly ms: number;
  /** Nanoseconds beyond `ms`. */
  readonly ns: number;
  /** Tags beside the stream's, e.g. `replayed=true`; sorted. */
  readonly extraTags?: readonly (readonly [string, string])[];
  /** Readings that this point accounts for and no earlier point did. */
  readonly readings: number;
  /** Not newer than the newest point of its series: must not overtake an earlier one. */
  readonly correction: boolean;
  /** What it overwrites; left out: nothing. */
  readonly earlier?: Earlier;
  /** The database refused it before, and is offered it again. */
  readonly again?: OfferedAgain;
}

/** A point that the database has refused before. */
export interface OfferedAgain {
  /** Its line as it was. */
  readonly line: string;
  /** The rest of it was taken: the point counts as delivered, and this one beside it. */
  readonly partial: boolean;
}
