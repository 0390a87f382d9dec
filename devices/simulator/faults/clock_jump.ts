import type { Draft } from "./draft.ts";
import { type Episode, Episodes } from "./episodes.ts";
import type { DeviceFault, Patient } from "./fault.ts";

/** Where clocks wake up that have lost their battery, and where they land when a counter wraps. */
const PAST = Date.UTC(1970, 0, 1);
const FUTURE = Date.UTC(2099, 11, 31);

/** The clock jumps to 1970, or to the end of the century, and back after a while: no reading of such a time is taken. */
export const clockJump: DeviceFault = {
  name: "clock_jump",
  *strike(drafts: Iterable<Draft>, { dice, duration, interval }: Patient): Iterable<Draft> {
    const episodes = new Episodes(dice, duration, Math.max(8_000, 4 * interval));
    let last: Episode | undefined;
    let ahead = dice.happens(0.5);
    for (const draft of drafts) {
      const episode = episodes.at(draft.due);
      if (episode === undefined) {
        yield draft;
        continue;
      }
      if (episode !== last) ahead = !ahead;
      last = episode;
      const time = (ahead ? FUTURE : PAST) + draft.at;
      const reason = ahead ? "future" : "too_old";
      yield {
        ...draft,
        clock: () => time,
        label: { fault: this.name, fate: { kind: "rejected", reason } },
      };
    }
  },
};
