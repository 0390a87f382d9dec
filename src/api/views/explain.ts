import type { ExplainAnswer } from "../schemas/explain.ts";
import type { Unavailable } from "./unavailable.ts";

/** Tells the way of messages and readings. */
export interface ExplainView {
  /** A message that nobody has sent, as the first one of a device that nothing is known of yet. */
  message(topic: string, payload: Uint8Array): ExplainAnswer;
  /** An entry of the quarantine, judged under the rules in force; `undefined`: there is none (any more). */
  quarantined(id: number): Promise<ExplainAnswer | undefined>;
  /**
   * A reading of the past, as far as it is still known.
   *
   * @param device the device id
   * @param ms its time, ms
   * @param field only this field; `null`: every field of that time
   */
  reading(device: string, ms: number, field: string | null): Promise<ExplainAnswer | Unavailable>;
}
