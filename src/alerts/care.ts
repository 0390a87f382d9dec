import type { Acknowledgement, Value } from "../model/mod.ts";

/** What is out of the ordinary about one firing; most have none of it: everybody was told, and nobody has answered. */
export interface Care {
  /** Who takes care of it; `null`: nobody yet. */
  readonly acknowledged: Acknowledgement | null;
  /** The value that it fired with, where nobody was told of it; `null`: everybody was. */
  readonly untold: { readonly value: Value | null } | null;
}

/** What is to be told late: a firing that nobody was told of and nobody has taken on; `null` otherwise. */
export function unheard(care: Care | undefined): Care["untold"] {
  return care === undefined || care.acknowledged !== null ? null : care.untold;
}

/** What became of an acknowledgement: `already` keeps the first one. */
export type Acknowledged = "acknowledged" | "already";

/** Notes who takes care. */
export function acknowledgedBy(
  care: Care | undefined,
  by: Acknowledgement,
): { readonly outcome: Acknowledged; readonly care: Care } {
  if (care !== undefined && care.acknowledged !== null) return { outcome: "already", care };
  return { outcome: "acknowledged", care: { acknowledged: by, untold: care?.untold ?? null } };
}
