/** Units in which a device may state its time. */
export type TimeUnit = "s" | "ms" | "us" | "ns" | "iso8601";

/**
 * A moment to the nanosecond without floating point: whole milliseconds since 1970-01-01T00:00:00Z and the
 * nanoseconds within that millisecond (0 … 999 999).
 */
export interface Moment {
  /** Milliseconds since the epoch, an integer. */
  readonly ms: number;
  /** Nanoseconds beyond `ms`, 0 … 999 999. */
  readonly ns: number;
}

/** The digits of a moment as nanoseconds since the epoch, as the database wants them. */
export function nanoseconds(ms: number, ns: number): string {
  if (ms < 0) return (BigInt(ms) * 1_000_000n + BigInt(ns)).toString();
  if (ns === 0) return ms === 0 ? "0" : `${ms}000000`;
  const digits = String(ns).padStart(6, "0");
  return ms === 0 ? String(ns) : `${ms}${digits}`;
}

/** RFC 3339 in UTC, to the millisecond; `null` for a moment that no calendar holds. */
export function rfc3339(ms: number): string | null {
  if (!(Math.abs(ms) <= 8.64e15)) return null;
  const days = Math.floor(ms / 86_400_000);
  const rest = ms - days * 86_400_000;
  // Civil-from-days, H. Hinnant, "chrono-Compatible Low-Level Date Algorithms".
  const z = days + 719_468;
  const era = Math.floor(z / 146_097);
  const doe = z - era * 146_097;
  const yoe = Math.floor(
    (doe - Math.floor(doe / 1_460) + Math.floor(doe / 36_524) - Math.floor(doe / 146_096)) / 365,
  );
  const doy = doe - (365 * yoe + Math.floor(yoe / 4) - Math.floor(yoe / 100));
  const mp = Math.floor((5 * doy + 2) / 153);
  const day = doy - Math.floor((153 * mp + 2) / 5) + 1;
  const month = mp < 10 ? mp + 3 : mp - 9;
  const year = yoe + era * 400 + (month <= 2 ? 1 : 0);
  const two = (n: number): string => String(n).padStart(2, "0");
  const hours = Math.floor(rest / 3_600_000);
  const minutes = Math.floor(rest / 60_000) % 60;
  const seconds = Math.floor(rest / 1_000) % 60;
  const millis = String(Math.floor(rest % 1_000)).padStart(3, "0");
  const shown = year >= 0 && year <= 9999 ? String(year).padStart(4, "0") : String(year);
  return `${shown}-${two(month)}-${two(day)}T${two(hours)}:${two(minutes)}:${two(seconds)}.${millis}Z`;
}
