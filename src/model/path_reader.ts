import type { Path } from "./profile.ts";

/** Reads one place of a record; `undefined` where there is nothing. */
export type Reader = (record: object) => unknown;

/**
 * A path as a function. Object keys find own members only (`constructor` and `__proto__` are keys like any
 * other), indices only elements of arrays.
 */
export function pathReader(path: Path): Reader {
  const [first, second] = path;
  if (typeof first === "string" && second === undefined) return (record) => member(record, first);
  return (record) => {
    let value: unknown = record;
    for (const step of path) {
      if (typeof value !== "object" || value === null) return undefined;
      value = typeof step === "number" ? element(value, step) : member(value, step);
    }
    return value;
  };
}

/** A path as people write it: `["sensors", "vib", 0]` → `sensors.vib[0]`. */
export function pathText(path: Path): string {
  return path.map((step, at) => typeof step === "number" ? `[${step}]` : at === 0 ? step : `.${step}`).join(
    "",
  );
}

function member(record: object, key: string): unknown {
  if (Array.isArray(record) || !Object.hasOwn(record, key)) return undefined;
  return (record as Readonly<Record<string, unknown>>)[key];
}

function element(record: object, index: number): unknown {
  return Array.isArray(record) ? record[index] : undefined;
}
