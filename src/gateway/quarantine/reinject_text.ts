import { refusalText, type ReinjectRefusal } from "../../model/mod.ts";
import type { NotWhole } from "./entry_again.ts";

/** The sentence for people: why an entry did not go through. */
export function reinjectText(why: ReinjectRefusal | NotWhole): string {
  if (why === "redacted") {
    return "What is personal in it was redacted, and neither the inbox nor the archive holds any more what came; " +
      "buffer.archive keeps it longer";
  }
  if (why === "cut") return "Only the beginning of the payload was kept";
  switch (why.kind) {
    case "refused":
      return refusalText(why.refusal);
    case "no_subscription":
      return "No subscription matches its topic";
    case "out_of_order":
      return "Metrics of Sparkplug are explained by the births before them, and others have come since";
    case "record_unknown":
      return "Its message holds several records, and it was not noted of which one it is";
    case "not_said":
      return "Under the rules in force its message says nothing of the kind";
    case "device_unknown":
      return "Its device is not known any more";
    case "line_unreadable":
      return "Its line cannot be read";
    case "memory_full":
      return "Too many scattered entries went through to remember one more; delete those that did";
  }
}
