import type { Moment } from "./time.ts";

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/**
 * A date and time as RFC 3339 §5.6 writes it, the profile of ISO 8601 that devices use:
 * `2026-03-01T12:00:00.123456789+01:00`. Besides it: a space instead of the `T`, a decimal comma, seconds left
 * out, an offset without its colon or minutes. Up to nine digits of a second, and a leap second is the second
 * after it. The zone must be there.
 *
 * @returns `undefined` where the text is no such time, or names a day that no calendar has
 */
export function iso8601(text: string): Moment | undefined {
  const scan = new Scan(text);
  const year = scan.number(4);
  if (!scan.take("-")) return undefined;
  const month = scan.number(2);
  if (!scan.take("-")) return undefined;
  const day = scan.number(2);
  if (!scan.takeOne("Tt ")) return undefined;
  const hour = scan.number(2);
  if (!scan.take(":")) return undefined;
  const minute = scan.number(2);
  const second = scan.take(":") ? scan.number(2) : 0;
  const fraction = scan.takeOne(".,") ? scan.fraction() : 0;
  const offset = zone(scan);
  if (offset === undefined || !scan.done) return undefined;
  if (month < 1 || month > 12 || day < 1 || day > daysOf(year, month)) return undefined;
  if (hour > 23 || minute > 59 || second > 60) return undefined;
  const minutes = daysSinceEpoch(year, month, day) * 1_440 + hour * 60 + minute - offset;
  const milliseconds = Math.floor(fraction / 1_000_000);
  return { ms: minutes * 60_000 + second * 1_000 + milliseconds, ns: fraction % 1_000_000 };
}

/** The zone's minutes ahead of UTC; `undefined` where there is none. */
function zone(scan: Scan): number | undefined {
  if (scan.takeOne("Zz")) return 0;
  const sign = scan.take("+") ? 1 : scan.take("-") ? -1 : undefined;
  if (sign === undefined) return undefined;
  const hours = scan.number(2);
  const minutes = scan.take(":") || !scan.done ? scan.number(2) : 0;
  return hours > 23 || minutes > 59 ? undefined : sign * (hours * 60 + minutes);
}

function daysOf(year: number, month: number): number {
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return (DAYS[month - 1] ?? 0) + (leap ? 1 : 0);
}

/** Days-from-civil, H. Hinnant, "chrono-Compatible Low-Level Date Algorithms". */
function daysSinceEpoch(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yoe = y - era * 400;
  const doy = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const doe = yoe * 365 + Math.floor(yoe / 4) - Math.floor(yoe / 100) + doy;
  return era * 146_097 + doe - 719_468;
}

/** Goes once over a text. A number that is not there makes it fail, which shows in `done`. */
class Scan {
  readonly #text: string;
  #at = 0;
  #failed = false;

  constructor(text: string) {
    this.#text = text;
  }

  /** The whole text was taken, and nothing was missing. */
  get done(): boolean {
    return !this.#failed && this.#at === this.#text.length;
  }

  take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  takeOne(of: string): boolean {
    const character = this.#text[this.#at];
    return character !== undefined && of.includes(character) && this.take(character);
  }

  /** Exactly so many digits. */
  number(digits: number): number {
    let value = 0;
    for (let left = digits; left > 0; left--) {
      const digit = this.#digit();
      if (digit < 0) this.#failed = true;
      value = value * 10 + digit;
    }
    return value;
  }

  /** One to nine digits after the decimal sign, as billionths. */
  fraction(): number {
    let value = 0;
    let digits = 0;
    for (let digit = this.#digit(); digit >= 0; digit = this.#digit()) {
      value = value * 10 + digit;
      digits++;
    }
    if (digits < 1 || digits > 9) this.#failed = true;
    return value * 10 ** (9 - digits);
  }

  #digit(): number {
    const digit = this.#text.charCodeAt(this.#at) - 48;
    if (!(digit >= 0 && digit <= 9)) return -1;
    this.#at++;
    return digit;
  }
}
