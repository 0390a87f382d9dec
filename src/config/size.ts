import type { ValueProblem } from "./duration.ts";

/** Bytes of a unit, the largest first. */
const UNITS: readonly (readonly [string, number])[] = [
  ["TiB", 2 ** 40],
  ["GiB", 2 ** 30],
  ["MiB", 2 ** 20],
  ["KiB", 2 ** 10],
  ["B", 1],
];

/** What a size looks like, for editors. */
export const SIZE_PATTERN = "^[0-9]+(\\.[0-9]+)?(B|KiB|MiB|GiB|TiB)$";

/**
 * Reads a size: one number with one binary unit, `512B`, `64KiB`, `16MiB`, `1GiB`, `2TiB`.
 *
 * @returns whole bytes, or why the text is none
 */
export function parseSize(text: string): number | ValueProblem {
  const problem: ValueProblem = {
    reason: "bad_size",
    found: text,
    allowed: "a number with a unit: 512B, 64KiB, 16MiB, 1GiB, 2TiB",
  };
  const match = /^(\d{1,16}(?:\.\d{1,9})?)(B|KiB|MiB|GiB|TiB)$/.exec(text);
  const unit = UNITS.find(([name]) => name === match?.[2]);
  if (match === null || unit === undefined) return problem;
  const bytes = Math.round(Number(match[1]) * unit[1]);
  return Number.isSafeInteger(bytes) ? bytes : problem;
}

/** The shortest text of a size that `parseSize` reads back: 65536 → `64KiB`, 0 → `0B`. */
export function formatSize(bytes: number): string {
  const unit = bytes === 0 ? undefined : UNITS.find(([, factor]) => bytes % factor === 0);
  return unit === undefined ? `${bytes}B` : `${bytes / unit[1]}${unit[0]}`;
}
