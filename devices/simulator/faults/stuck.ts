import type { Draft } from "./draft.ts";
import { Episodes } from "./episodes.ts";
import type { DeviceFault, Patient } from "./fault.ts";

/** A sensor that says the same over and over: nothing about a message gives that away, so each one is taken. */
export const stuck: DeviceFault = {
  name: "stuck",
  *strike(drafts: Iterable<Draft>, { dice, duration, interval }: Patient): Iterable<Draft> {
    const episodes = new Episodes(dice, duration, Math.max(20_000, 6 * interval));
    let frozen: Draft["fields"] | undefined;
    for (const draft of drafts) {
      if (episodes.at(draft.due) === undefined) {
        frozen = undefined;
        yield draft;
        continue;
      }
      frozen ??= draft.fields;
      yield { ...draft, fields: frozen, label: { fault: this.name, fate: { kind: "accepted" } } };
    }
  },
};
