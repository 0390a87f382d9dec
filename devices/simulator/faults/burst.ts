import type { Draft } from "./draft.ts";
import { Episodes } from "./episodes.ts";
import type { DeviceFault, Patient } from "./fault.ts";

/** A stalled radio: what was measured in a few seconds comes at once, in order. */
export const burst: DeviceFault = {
  name: "burst",
  *strike(drafts: Iterable<Draft>, { dice, duration, interval, deviceRate }: Patient): Iterable<Draft> {
    const episodes = new Episodes(dice, duration, Math.max(3_000, 4 * interval));
    const most = Math.max(2, Math.floor(deviceRate / 4));
    let held: Draft[] = [];
    for (const draft of drafts) {
      const label = { fault: this.name, fate: { kind: "accepted" } } as const;
      if (episodes.at(draft.due) !== undefined && held.length < most) {
        held.push({ ...draft, label });
        continue;
      }
      for (const late of held) yield { ...late, due: draft.due };
      held = [];
      yield draft;
    }
  },
};
