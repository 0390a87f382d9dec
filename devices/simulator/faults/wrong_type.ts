import type { Draft } from "./draft.ts";
import type { DeviceFault, Patient } from "./fault.ts";
import { withWrongValues } from "./wrong_value.ts";

/** A text where a number belongs, a 1 where a truth does: the firmware of a morning. */
export const wrongType: DeviceFault = {
  name: "wrong_type",
  strike(drafts: Iterable<Draft>, { dice, model }: Patient): Iterable<Draft> {
    return withWrongValues(drafts, dice, model.wrongTypes, this.name, "type");
  },
};
