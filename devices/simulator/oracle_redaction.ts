import type { FieldRule } from "../../src/model/mod.ts";
import type { Value } from "./point_table.ts";

/**
 * What a database may see of a value: all but its end hidden, or the nearest multiple of a step, worked out in decimal
 * digits. Hashes need the gateway's key, which nobody else has.
 */
export function redacted({ redact, name }: FieldRule, value: Value): Value {
  if (redact === undefined) return value;
  if (redact.kind === "mask" && typeof value === "string") {
    const shown = [...value].map((_, index, all) =>
      all.length > redact.keep && index >= all.length - redact.keep
    );
    return [...value].map((character, index) => shown[index] === true ? character : "*").join("");
  }
  if (redact.kind === "grid" && typeof value === "number") {
    const decimals = (/\.(\d+)$/.exec(String(redact.to))?.[1] ?? "").length;
    return Number((Math.round(value / redact.to) * redact.to).toFixed(decimals)) + 0;
  }
  throw new Error(`The oracle cannot redact ${name}: ${redact.kind}`);
}
