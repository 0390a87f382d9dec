import { wordsOf } from "./recognise/confidential.ts";
import type { Path } from "../model/mod.ts";

/** What is written of a window: a field `a` with windows writes `a_mean`, so that no other field may be called so. */
const AGGREGATES = [
  ...["mean", "min", "max", "count", "sum", "first", "last", "stddev", "p50", "p90", "p95", "p99"],
];

/** Names that the database and the gateway keep for themselves. */
const RESERVED = ["time", "_time", "_field", "_measurement", "replayed", "device", "field"];

/** Hands out names, none twice, and none that another one writes. */
export class Names {
  readonly #taken = new Set<string>(RESERVED);

  /** A free name that says what was wished for, made of letters, digits and `_`, with a letter first. */
  take(wish: string): string {
    const plain = wish.replaceAll(/[^A-Za-z0-9_]+/g, "_").replaceAll(/^_+|_+$/g, "").slice(0, 60);
    const base = plain === "" ? "value" : /^[A-Za-z]/.test(plain) ? plain : `n_${plain}`;
    let name = base;
    for (let n = 2; !this.#free(name); n++) name = `${base}_${n}`;
    for (const one of outputsOf(name)) this.#taken.add(one);
    return name;
  }

  #free(name: string): boolean {
    return outputsOf(name).every((one) => !this.#taken.has(one));
  }
}

function outputsOf(name: string): string[] {
  return [name, ...AGGREGATES.map((aggregate) => `${name}_${aggregate}`)];
}

/** What a path would be called by someone who wrote it down: its last key, with the place in a list. */
export function nameOfPath(path: Path): string {
  const lastKey = path.findLastIndex((step) => typeof step === "string");
  return path.slice(Math.max(0, lastKey)).join("_");
}

/** Words as the name of a profile: `boiler-room`. */
export function slugOf(text: string): string {
  return wordsOf(text).join("-").replaceAll(/[^a-z0-9-]/g, "").replaceAll(/^-+|-+$/g, "").slice(0, 40);
}

/** A name that is not taken, by counting up. */
export function freeSlug(wish: string, taken: ReadonlySet<string>): string {
  // What YAML takes for a number or for nothing is no name.
  const base = wish === ""
    ? "device"
    : /^[a-z]/.test(wish) && !/^(?:true|false|null)$/.test(wish)
    ? wish
    : `d-${wish}`;
  let name = base;
  for (let n = 2; taken.has(name); n++) name = `${base}-${n}`;
  return name;
}
