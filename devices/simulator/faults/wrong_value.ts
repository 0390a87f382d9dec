import type { Reason } from "../../../src/model/mod.ts";
import type { Dice } from "../dice.ts";
import type { Wrong } from "../models/model.ts";
import { type Draft, type Fate, replaced } from "./draft.ts";

/** Parts of the messages that hold a wrong value. */
const SHARE = 0.06;

/** Drafts of which some say a wrong value: it costs itself or, where it is required, its message. */
export function* withWrongValues(
  drafts: Iterable<Draft>,
  dice: Dice,
  wrongs: readonly Wrong[],
  fault: string,
  reason: Reason,
): Iterable<Draft> {
  let next = 0;
  let number = 0;
  for (const draft of drafts) {
    // One in any case, however short the run.
    const wrong = dice.happens(SHARE) || ++number === 4 ? wrongs[next++ % wrongs.length] : undefined;
    if (wrong === undefined) {
      yield draft;
      continue;
    }
    const kind = wrong.costs === "message" ? "quarantined" : "rejected";
    const fate: Fate = { kind, reason };
    yield { ...draft, fields: replaced(draft.fields, wrong.path, wrong.value), label: { fault, fate } };
  }
}
