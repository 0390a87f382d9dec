import type { Draft } from "./draft.ts";
import type { DeviceFault, Patient } from "./fault.ts";
import { withWrongValues } from "./wrong_value.ts";

/** A value that cannot be, for one message. */
export const spike: DeviceFault = {
  name: "spike",
  strike(drafts: Iterable<Draft>, { dice, model }: Patient): Iterable<Draft> {
    return withWrongValues(drafts, dice, model.spikes, this.name, "range");
  },
};
