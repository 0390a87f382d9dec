import type { Reason } from "../../../src/model/mod.ts";
import type { Fields, Json, Model } from "../models/model.ts";

/** What must become of a message. */
export type Fate =
  /** It is taken, with all its readings. */
  | { readonly kind: "accepted" }
  /** It is recognised as one that was taken before. */
  | { readonly kind: "duplicate" }
  /** It belongs into the quarantine as a whole. */
  | { readonly kind: "quarantined"; readonly reason: Reason }
  /** It is taken, but readings of it belong into the quarantine. */
  | { readonly kind: "rejected"; readonly reason: Reason }
  /** It is recognised as a copy or, where it is beyond the allowed rate, in the quarantine: it depends on the receipt. */
  | { readonly kind: "limited" }
  /** No subscription takes it: it never enters the gateway. */
  | { readonly kind: "not_taken" }
  /** It is never sent: where the device counts, its absence must be noticed. */
  | { readonly kind: "unsent"; readonly counted: boolean };

/** What a message is marked with: who broke it, and what must become of it. */
export interface Label {
  /** Name of the fault; `null` for what a sound device says. */
  readonly fault: string | null;
  readonly fate: Fate;
}

/** What a sound device says. */
export const SOUND: Label = { fault: null, fate: { kind: "accepted" } };

/** A message before it is written down: what faults work on. */
export interface Draft {
  /** When it is sent, ms since the run began; never falls along a device's drafts. */
  readonly due: number;
  /** When it was measured, ms since the run began. */
  readonly at: number;
  /** The device's count of messages, from 1. */
  readonly sequence: number;
  readonly fields: Fields;
  readonly label: Label;
  /** What the device's clock says in the place of the right time, ms since 1970. */
  readonly clock?: (time: number) => number;
  /** What becomes of the finished payload. */
  readonly spoil?: (payload: string) => string;
}

/** The payload of a draft. */
export function written(draft: Draft, model: Model, startedAt: number): string {
  const right = startedAt + draft.at;
  const time = draft.clock === undefined ? right : draft.clock(right);
  const payload = JSON.stringify({ ...model.stamp(time, draft.sequence), ...draft.fields });
  return draft.spoil === undefined ? payload : draft.spoil(payload);
}

/** Fields with one value in the place of another, making what lies on the way. */
export function replaced(fields: Fields, path: readonly (string | number)[], value: Json): Fields {
  const copy: Record<string, Json> = structuredClone(fields);
  let here: object = copy;
  for (const [index, step] of path.entries()) {
    if (index === path.length - 1) {
      Reflect.set(here, step, value);
      break;
    }
    const known: unknown = Reflect.get(here, step);
    const next = typeof known === "object" && known !== null ? known : {};
    Reflect.set(here, step, next);
    here = next;
  }
  return copy;
}
