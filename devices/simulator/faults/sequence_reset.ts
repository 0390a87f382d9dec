import type { Draft } from "./draft.ts";
import { type Episode, Episodes } from "./episodes.ts";
import type { DeviceFault, Patient } from "./fault.ts";

/** The device starts anew and counts from the beginning: the same numbers, other content, so each message is taken. */
export const sequenceReset: DeviceFault = {
  name: "sequence_reset",
  // Who sends its memory backwards would count below the beginning.
  fits: (model) => model.counts && model.roams !== true,
  *strike(drafts: Iterable<Draft>, { dice, duration, interval }: Patient): Iterable<Draft> {
    const episodes = new Episodes(dice, duration, Math.max(5_000, 3 * interval));
    let last: Episode | undefined;
    let before = 0;
    for (const draft of drafts) {
      const episode = episodes.at(draft.due);
      if (episode !== undefined && episode !== last) {
        last = episode;
        before = draft.sequence - 1;
      }
      const sequence = draft.sequence - before;
      yield episode === undefined
        ? { ...draft, sequence }
        : { ...draft, sequence, label: { fault: this.name, fate: { kind: "accepted" } } };
    }
  },
};
