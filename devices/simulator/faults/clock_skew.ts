import type { Draft } from "./draft.ts";
import type { DeviceFault, Patient } from "./fault.ts";

/** A clock that is wrong by up to a minute for the whole run: within what is allowed, its times stand as it says them. */
export const clockSkew: DeviceFault = {
  name: "clock_skew",
  *strike(drafts: Iterable<Draft>, { dice }: Patient): Iterable<Draft> {
    const off = Math.round(dice.happens(0.5) ? dice.between(-60_000, -2_000) : dice.between(2_000, 60_000));
    const clock = (time: number): number => time + off;
    for (const draft of drafts) {
      yield { ...draft, clock, label: { fault: this.name, fate: { kind: "accepted" } } };
    }
  },
};
