import type { Draft } from "./draft.ts";
import type { DeviceFault, Patient } from "./fault.ts";

/** Parts of the messages that are sent twice. */
const SHARE = 0.1;

/**
 * A message is published a second time, word for word. A device that counts its messages gives it away; of one that
 * does not, a second message is a second reading.
 */
export const duplicate: DeviceFault = {
  name: "duplicate",
  *strike(drafts: Iterable<Draft>, { dice, model }: Patient): Iterable<Draft> {
    const fate = { kind: model.counts ? "duplicate" : "accepted" } as const;
    for (const draft of drafts) {
      yield draft;
      if (dice.happens(SHARE)) yield { ...draft, label: { fault: this.name, fate } };
    }
  },
};
