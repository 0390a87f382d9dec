import type { Draft } from "./draft.ts";
import { Episodes } from "./episodes.ts";
import type { DeviceFault, Patient } from "./fault.ts";

/** Longest flood, ms. */
const LONGEST = 2_000;
/** How many times as much as is allowed. */
const TIMES = 5;

/**
 * One device speaks far above the allowed rate. Which of its messages are beyond it depends on their receipt and
 * cannot be known beforehand, so that from the first flood on every message of the device may be taken or refused;
 * how many must be is bounded.
 */
export const flood: DeviceFault = {
  name: "flood",
  // A refused message of these is not kept as it came, so that nobody could tell which of them it was.
  fits: (model) => model.personal !== true,
  most: 2,
  *strike(drafts: Iterable<Draft>, { dice, duration, deviceRate }: Patient): Iterable<Draft> {
    const episodes = new Episodes(dice, duration, LONGEST);
    const pause = 1_000 / (TIMES * deviceRate);
    const label = { fault: this.name, fate: { kind: "limited" } } as const;
    let flooding: { readonly from: Draft; due: number } | undefined;
    let more = 0;
    let begun = false;
    for (const draft of drafts) {
      while (flooding !== undefined && flooding.due + pause < draft.due) {
        flooding.due += pause;
        if (episodes.at(flooding.due) === undefined) {
          flooding = undefined;
          break;
        }
        const at = Math.floor(flooding.due);
        yield { ...flooding.from, due: flooding.due, at, sequence: flooding.from.sequence + ++more, label };
      }
      const own = { ...draft, sequence: draft.sequence + more };
      const episode = episodes.at(draft.due);
      begun ||= episode !== undefined;
      flooding = episode === undefined
        ? undefined
        : { from: { ...draft, sequence: draft.sequence }, due: draft.due };
      yield begun ? { ...own, label } : own;
    }
  },
};
