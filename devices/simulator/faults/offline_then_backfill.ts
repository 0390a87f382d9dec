import type { Draft, Label } from "./draft.ts";
import { Episodes } from "./episodes.ts";
import type { DeviceFault, Patient } from "./fault.ts";

/** What a device remembers of the time without a connection, with the newest message first or last. */
export function* backfilled(
  drafts: Iterable<Draft>,
  episodes: Episodes,
  most: number,
  newestFirst: boolean,
  label: Label,
): Iterable<Draft> {
  let held: Draft[] = [];
  for (const draft of drafts) {
    if (episodes.at(draft.due) !== undefined && held.length < most) {
      held.push({ ...draft, label });
      continue;
    }
    const memory = newestFirst ? held.toReversed() : held;
    // The newest first means also: before its memory it says how things are now.
    if (newestFirst) yield draft;
    for (const late of memory) yield { ...late, due: draft.due };
    if (!newestFirst) yield draft;
    held = [];
  }
}

/** Out of reach for a while, and then all of it at once, often the newest first: each reading where it belongs. */
export const offlineThenBackfill: DeviceFault = {
  name: "offline_then_backfill",
  strike(drafts: Iterable<Draft>, { dice, duration, interval, deviceRate }: Patient): Iterable<Draft> {
    const episodes = new Episodes(dice, duration, Math.max(15_000, 5 * interval));
    const most = Math.max(2, Math.floor(deviceRate / 4));
    return backfilled(drafts, episodes, most, dice.happens(0.6), {
      fault: this.name,
      fate: { kind: "accepted" },
    });
  },
};
