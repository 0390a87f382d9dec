import { shown, type Value } from "../model/mod.ts";

/** A number for people: at most 12 significant digits, so that 0.1 + 0.2 reads 0.3. */
export function numberText(value: number): string {
  return String(Number(value.toPrecision(12)));
}

/** A value for people: a device's text is shortened and its control characters are made visible. */
export function valueText(value: Value | null): string {
  if (value === null) return "";
  return typeof value === "number" ? numberText(value) : shown(value);
}

const UNITS: readonly (readonly [string, number])[] = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1_000],
];

/** A duration as the configuration writes it, in the largest unit that divides it: 90000 is `90s`. */
export function durationText(ms: number): string {
  for (const [unit, length] of UNITS) {
    if (ms >= length && ms % length === 0) return `${ms / length}${unit}`;
  }
  return `${ms}ms`;
}
