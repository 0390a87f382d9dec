/** The number of a record, from 1; 0 stands for "before all". Never an offset in a file. */
export type Position = number & { readonly brand: "position" };

/**
 * Makes a position of a number.
 *
 * @param n a whole number from 0 to 2^53 − 1
 * @throws RangeError where it is not
 */
export function position(n: number): Position {
  if (!Number.isSafeInteger(n) || n < 0) {
    throw new RangeError(`A position was "${n}"; allowed is a whole number from 0 to 2^53 − 1`);
  }
  return n as Position;
}

/** One record as it was appended. */
export interface Entry {
  /** Its number. */
  readonly position: Position;
  /** The caller's own byte, 0 to 127. */
  readonly flags: number;
  /** The caller's bytes: a view of a chunk that is never written again, so it may be kept (and keeps the chunk). */
  readonly body: Uint8Array<ArrayBuffer>;
}
