import {
  iso8601,
  type Moment,
  type Path,
  pathReader,
  pathText,
  type Refusal,
  shown,
  type TimeUnit,
} from "../model/mod.ts";

/** Reads a record's time. */
export type TimeReader = (record: object) => Moment | Refusal;

/** Decimal places from a unit to nanoseconds. */
const PLACES: Readonly<Record<Exclude<TimeUnit, "iso8601">, number>> = { s: 9, ms: 6, us: 3, ns: 0 };

const ALLOWED: Readonly<Record<TimeUnit, string>> = {
  s: "seconds since 1970",
  ms: "milliseconds since 1970",
  us: "microseconds since 1970",
  ns: "nanoseconds since 1970",
  iso8601: "a date and time with its zone, as 2026-03-01T12:00:00Z",
};

/**
 * The furthest moment that is read at all, in ms: nanoseconds taken for seconds lie about there. What is
 * plausible is judged later, against the receipt.
 */
const FURTHEST = 1e22;

/**
 * The reader of a device's time. Exact to the nanosecond: a fraction is taken from its decimal digits, and what
 * is finer than a nanosecond is cut off.
 */
export function timeReader(path: Path, unit: TimeUnit): TimeReader {
  const read = pathReader(path);
  const field = pathText(path);
  const moment = unit === "iso8601" ? ofText : numeric(PLACES[unit]);
  return (record) => {
    const raw = read(record);
    if (raw === undefined || raw === null) {
      const hint = "the profile takes the time from this field";
      return { reason: "missing_field", field, allowed: ALLOWED[unit], hint };
    }
    return moment(raw) ?? badTime(field, unit, raw);
  };
}

function badTime(field: string, unit: TimeUnit, raw: unknown): Refusal {
  const refusal: Refusal = { reason: "bad_time", field, found: shown(raw), allowed: ALLOWED[unit] };
  if (unit === "iso8601") {
    if (typeof raw === "number" || typeof raw === "bigint") {
      return { ...refusal, hint: "it is a number: the profile must name its unit (s, ms, us, ns)" };
    }
    if (typeof raw === "string" && iso8601(`${raw}Z`) !== undefined) {
      return { ...refusal, hint: "the zone is missing: append Z or an offset" };
    }
  } else if (typeof raw === "string" && iso8601(raw) !== undefined) {
    return { ...refusal, hint: "looks like iso8601" };
  }
  return refusal;
}

function ofText(raw: unknown): Moment | undefined {
  return typeof raw === "string" ? iso8601(raw) : undefined;
}

function numeric(places: number): (raw: unknown) => Moment | undefined {
  /** Units in a millisecond, or milliseconds in a unit. */
  const finer = places < 6 ? 10 ** (6 - places) : 1;
  const coarser = places > 6 ? 10 ** (places - 6) : 1;
  const toNanoseconds = 10 ** places;

  return (raw) => {
    if (typeof raw === "string") return ofDecimal(raw, places);
    if (typeof raw === "bigint") return ofBigint(raw, places);
    if (typeof raw !== "number") return undefined;
    if (Number.isSafeInteger(raw)) {
      if (finer === 1) return { ms: raw * coarser + 0, ns: 0 };
      const rest = ((raw % finer) + finer) % finer;
      return { ms: (raw - rest) / finer + 0, ns: rest * toNanoseconds };
    }
    // A whole number beyond 2^53 came with an exponent; a fraction below 10^-6 would be written with one.
    if (Number.isInteger(raw)) return ofBigint(BigInt(raw), places);
    return ofDecimal(Math.abs(raw) < 1e-6 ? raw.toFixed(9) : String(raw), places);
  };
}

function ofBigint(value: bigint, places: number): Moment | undefined {
  return value < 0n ? ofDigits(true, String(-value), "", places) : ofDigits(false, String(value), "", places);
}

function ofDecimal(text: string, places: number): Moment | undefined {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = "", fraction = ""] = match;
  return ofDigits(sign === "-", whole, fraction, places);
}

/** The moment that decimal digits say, without floating point. */
function ofDigits(negative: boolean, whole: string, fraction: string, places: number): Moment | undefined {
  const digits = (whole + fraction.slice(0, places).padEnd(places, "0")).padStart(7, "0");
  const ms = Number(digits.slice(0, -6));
  const ns = Number(digits.slice(-6));
  if (ms > FURTHEST) return undefined;
  if (!negative) return { ms, ns };
  return ns === 0 ? { ms: 0 - ms, ns } : { ms: -ms - 1, ns: 1_000_000 - ns };
}
