import type { Draft } from "./draft.ts";
import { Episodes } from "./episodes.ts";
import type { DeviceFault, Patient } from "./fault.ts";

/** Nothing is sent for a while, and what was measured is lost: a counting device's gap must be noticed. */
export const dropout: DeviceFault = {
  name: "dropout",
  // Who sends its memory backwards makes gaps of its own, for a while.
  fits: (model) => model.roams !== true,
  *strike(drafts: Iterable<Draft>, { dice, duration, interval, model }: Patient): Iterable<Draft> {
    const episodes = new Episodes(dice, duration, Math.max(10_000, 4 * interval));
    for (const draft of drafts) {
      yield episodes.at(draft.due) === undefined
        ? draft
        : { ...draft, label: { fault: this.name, fate: { kind: "unsent", counted: model.counts } } };
    }
  },
};
