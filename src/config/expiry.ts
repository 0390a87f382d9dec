import { iso8601 } from "../model/mod.ts";

/** What an expiry may be, for people. */
export const EXPIRY_TEXT: string =
  "a day such as 2027-01-01, from whose beginning on (UTC) it holds no more, or a time such as " +
  "2027-01-01T12:00:00Z";

/** The same as a pattern, for editors. */
export const EXPIRY_PATTERN = "^\\d{4}-\\d{2}-\\d{2}([Tt ].+)?$";

/** When something expires, wall clock in ms; `undefined` where the text is no such time. */
export function parseExpiry(text: string): number | undefined {
  return iso8601(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text)?.ms;
}
