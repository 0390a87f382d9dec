/** No clock and no counter has more digits; beyond it a text is not worth the work of an exact integer. */
const MOST_DIGITS = 40;

/**
 * The exact integer that a text writes without fraction and exponent, as a bigint where a number cannot carry
 * it; else the number that was read from it.
 */
export function integerOf(text: string, read: number): number | bigint {
  if (Number.isSafeInteger(read) || text.length > MOST_DIGITS || !/^-?\d+$/.test(text)) return read;
  return BigInt(text);
}
