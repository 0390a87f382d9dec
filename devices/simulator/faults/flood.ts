import type { Draft } from "./draft.ts";
import { type Episode, Episodes } from "./episodes.ts";
import type { DeviceFault, Patient } from "./fault.ts";

/** Longest flood, ms. */
const LONGEST = 2_000;
/** How many times as much as is allowed. */
const TIMES = 5;
/** How long the device is silent after it, ms: until it is certainly within the allowed rate again. */
const REST = 5_000;

function* repeated(last: Draft, { from, to }: Episode, pause: number): Iterable<Draft> {
  const label = { fault: flood.name, fate: { kind: "limited" } } as const;
  for (let due = Math.max(from, last.due); due < to; due += pause) yield { ...last, due, label };
}

/**
 * One device hangs in a loop: it sends its newest message word for word, far above the allowed rate, until it is
 * started anew.
 *
 * Which of the copies are beyond the rate depends on their receipt and cannot be known beforehand; how many must be is
 * bounded. Those within it are duplicates, so that what is in the database does not hang on it: one seed gives the same
 * points again.
 */
export const flood: DeviceFault = {
  name: "flood",
  // Without a count a copy is a reading; and a refused message of personal data is not kept as it came, so that nobody
  // could tell whether it was one.
  fits: (model) => model.counts && model.personal !== true,
  most: 2,
  *strike(drafts: Iterable<Draft>, { dice, duration, deviceRate }: Patient): Iterable<Draft> {
    const episodes = new Episodes(dice, duration, LONGEST);
    const pause = 1_000 / (TIMES * deviceRate);
    let episode = episodes.after(0);
    let last: Draft | undefined;
    let silentUntil = 0;
    let unmade = 0;
    for (const draft of drafts) {
      while (last !== undefined && episode !== undefined && episode.from <= draft.due) {
        yield* repeated(last, episode, pause);
        silentUntil = episode.to + REST;
        episode = episodes.after(episode.to);
      }
      if (draft.due < silentUntil) unmade++;
      else yield last = { ...draft, sequence: draft.sequence - unmade };
    }
  },
};
