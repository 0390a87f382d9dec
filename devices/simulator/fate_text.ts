import type { Fate } from "./faults/draft.ts";

/** A fate for people: what a message must become. */
export function fateText(fate: Fate): string {
  switch (fate.kind) {
    case "accepted":
      return "accepted";
    case "duplicate":
      return "duplicate";
    case "quarantined":
      return `quarantined: ${fate.reason}`;
    case "rejected":
      return `readings rejected: ${fate.reason}`;
    case "limited":
      return "duplicate or rate, in bounds";
    case "not_taken":
      return "not taken";
    case "unsent":
      return fate.counted ? "never sent: missed in the count" : "never sent: nothing can know";
  }
}
