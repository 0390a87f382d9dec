import type { Draft } from "./draft.ts";
import type { DeviceFault, Patient } from "./fault.ts";

/** Parts of the messages that are overtaken. */
const SHARE = 0.1;
/** Furthest that a message falls behind, ms: well within what every profile holds its windows for. */
const FURTHEST = 5_000;

/** A message is overtaken by the next one or two: it is taken all the same, and its window is the same. */
export const outOfOrder: DeviceFault = {
  name: "out_of_order",
  *strike(drafts: Iterable<Draft>, { dice, interval }: Patient): Iterable<Draft> {
    let held: Draft | undefined;
    let behind = 0;
    for (const draft of drafts) {
      if (held === undefined && 3 * interval < FURTHEST && dice.happens(SHARE)) {
        held = draft;
        behind = dice.happens(0.5) ? 1 : 2;
        continue;
      }
      yield draft;
      if (held === undefined || --behind > 0) continue;
      yield { ...held, due: draft.due, label: { fault: this.name, fate: { kind: "accepted" } } };
      held = undefined;
    }
  },
};
