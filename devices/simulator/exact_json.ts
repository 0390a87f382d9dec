/**
 * Reads JSON in which an integer that no double holds becomes a bigint, digit by digit: times in nanoseconds.
 *
 * @throws {SyntaxError} where the text is no JSON
 */
export function parseExactJson(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown, context?: { readonly source?: string }) => {
    const source = context?.source;
    const exact = typeof value !== "number" || Number.isSafeInteger(value) || source === undefined;
    return exact || !/^-?\d+$/.test(source) ? value : BigInt(source);
  });
}
