import { badgeNumber } from "../models/access_controller.ts";
import type { Draft } from "./draft.ts";
import { Episodes } from "./episodes.ts";
import type { DeviceFault, Patient } from "./fault.ts";

/** Pause between two badges that somebody holds to the reader, ms. */
const PAUSE = 250;

/**
 * Somebody tries badge after badge on a door. Each refusal of the door is an event that has to be on record, its
 * badge masked as any other.
 */
export const badgeGuessing: DeviceFault = {
  name: "badge_guessing",
  fits: ({ kind }) => kind === "access",
  *strike(drafts: Iterable<Draft>, { dice, duration }: Patient): Iterable<Draft> {
    const episodes = new Episodes(dice, duration, 10_000);
    let number = Math.floor(dice.between(100_000, 9_000_000));
    let more = 0;
    let next = 0;
    for (const draft of drafts) {
      for (next = Math.ceil(next); next < draft.due; next += PAUSE) {
        if (episodes.at(next) === undefined) continue;
        const sequence = draft.sequence + more++;
        const fields = {
          event: "denied",
          reason: "badge is unknown",
          card: { number: badgeNumber(number++) },
        };
        const label = { fault: this.name, fate: { kind: "accepted" } } as const;
        yield { due: next, at: next, sequence, fields, label };
      }
      // Two events of one device never share a millisecond, where the later would take the other's place.
      if (next === draft.due) next++;
      yield { ...draft, sequence: draft.sequence + more };
    }
  },
};
