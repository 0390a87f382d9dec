/**
 * A person who has messages tried again, whether they were refused or not, whole or in part, once or many times:
 * whatever is asked, the accounts hold.
 * @module
 */
import fc from "fast-check";
import type { Command, InboxRecord, ReinjectedEntry } from "../../src/model/mod.ts";

/** A person has something tried again. */
export interface ReinjectHappening {
  readonly kind: "reinject";
  /** Journal time since the happening before, ms. */
  readonly after: number;
  /** Numbers of the entries; few, so that some are asked for again. */
  readonly ids: readonly number[];
  /** Which message it is about, counted back from the newest. */
  readonly back: number;
  readonly what: ReinjectedEntry["what"];
  readonly reason: "range" | "late" | "type";
  /** Of which fields; `null`: of all. */
  readonly fields: readonly string[] | null;
  /** Of which record; `null`: it is not said. */
  readonly record: number | null;
  /** The lowest number that the quarantine still holds. */
  readonly oldest: number;
}

/** What such a person may ask for. */
export const reinjectHappening: fc.Arbitrary<ReinjectHappening> = fc.record({
  kind: fc.constant("reinject" as const),
  after: fc.constantFrom(0, 0, 30, 9_000),
  ids: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 3 }),
  back: fc.integer({ min: 1, max: 12 }),
  what: fc.constantFrom("message", "message", "readings", "readings", "point"),
  reason: fc.constantFrom("range", "late", "type"),
  fields: fc.constantFrom(null, null, ["t"], ["t", "n"], ["raw"]),
  record: fc.constantFrom(null, null, 0, 1),
  oldest: fc.constantFrom(0, 0, 0, 2, 4),
});

/** The command of a happening, about one of the messages so far. */
export function reinjectOf(
  { ids, back, what, reason, fields, record, oldest }: ReinjectHappening,
  sent: readonly InboxRecord[],
): Command {
  const messages = sent.flatMap(({ position, stamp, content }) =>
    content.kind === "message" ? [{ position, stamp, message: content.message }] : []
  );
  const found = messages.at(-back);
  const { topic, payload, retain, userProperties } = found?.message ?? NOTHING;
  const device = /^\w+\/(d\d)/.exec(topic)?.[1] ?? null;
  const entry: Omit<ReinjectedEntry, "id"> = {
    what,
    reason,
    inboxPosition: found?.position ?? 0,
    topic,
    payload: what === "point" ? new TextEncoder().encode(LINES[back % LINES.length]) : payload,
    // A refused line is its own device's: that of the lines below.
    device: what === "point" ? "d0" : device,
    retain,
    userProperties,
    receivedAt: found?.stamp.receivedAt ?? 0,
    implausible: false,
    readings: what === "point" ? 0 : 1,
    ...(fields === null ? {} : { fields }),
    ...(record === null ? {} : { record }),
  };
  return { kind: "reinject", by: "anna", oldest, entries: ids.map((id) => ({ ...entry, id })) };
}

const NOTHING = { topic: "plant/d0", payload: new Uint8Array(0), retain: false, userProperties: [] };
const LINES = ["kiln,device=d0 refused=1i 1800003600000000000", 'kiln,replayed=true text="a b" 1', "no line"];
