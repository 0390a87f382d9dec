import type { Draft } from "./draft.ts";
import type { DeviceFault, Patient } from "./fault.ts";

/** Parts of the messages that break off. */
const SHARE = 0.08;

/** A payload that breaks off somewhere: no JSON. */
export const malformed: DeviceFault = {
  name: "malformed",
  *strike(drafts: Iterable<Draft>, { dice }: Patient): Iterable<Draft> {
    for (const draft of drafts) {
      if (!dice.happens(SHARE)) {
        yield draft;
        continue;
      }
      const part = dice.uniform();
      yield {
        ...draft,
        // Without its last brace an object is none, however much of it is there.
        spoil: (payload) => payload.slice(0, 1 + Math.floor(part * (payload.length - 1))),
        label: { fault: this.name, fate: { kind: "quarantined", reason: "undecodable" } },
      };
    }
  },
};
