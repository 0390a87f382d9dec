import type { QuarantineChoice } from "../../api/mod.ts";
import type { Quarantine, QuarantineEntry } from "../../buffer/mod.ts";

/** Entries that one choice looks at, at most: a call ends in time, and the next goes on. */
const LOOKED_AT = 50_000;

/** An entry that was chosen, or how far was looked. */
export type Chosen =
  | { readonly kind: "entry"; readonly id: number; readonly entry: QuarantineEntry }
  /** It was named, and there is none. */
  | { readonly kind: "not_found"; readonly id: number }
  /** There may be more behind this one. */
  | { readonly kind: "more"; readonly after: number };

/**
 * The entries of a choice, oldest first.
 *
 * @param after only those behind this one
 * @param end the newest that counts: what is added meanwhile does not
 * @param passed leaves entries out that need not be looked at
 */
export async function* choose(
  quarantine: Quarantine,
  { ids, reason, device }: QuarantineChoice,
  after: number,
  end: number,
  passed: (id: number) => boolean,
): AsyncGenerator<Chosen> {
  if (ids !== null) {
    for (const id of [...new Set(ids)].sort((a, b) => a - b)) {
      if (id <= after) continue;
      const entry = id > end ? undefined : await quarantine.get(id);
      yield entry === undefined ? { kind: "not_found", id } : { kind: "entry", id, entry };
    }
    return;
  }
  let looked = 0;
  for await (const entry of quarantine.list(after + 1)) {
    const id = entry.position;
    if (id > end) return;
    if (++looked > LOOKED_AT) {
      yield { kind: "more", after: id - 1 };
      return;
    }
    const { refused } = entry;
    const wanted = (reason === null || refused.refusal.reason === reason) &&
      (device === null || refused.device === device);
    if (wanted && !passed(id)) yield { kind: "entry", id, entry };
  }
}
