import type { ConnectionFailure } from "./failure.ts";
import type { IntakeEvent } from "./intake.ts";

/** How a connection ended. */
export interface Ending {
  readonly failure: ConnectionFailure;
  /** The failure as one line. */
  readonly text: string;
  /** Wait until the next attempt, in ms. */
  readonly retryIn: number;
}

/**
 * The event of a connection's end.
 *
 * @param stood it had been accepted
 * @param code the broker's code, where it gave one
 */
export function closedEvent(stood: boolean, code: number | undefined, ending: Ending): IntakeEvent {
  if (stood) return { kind: "disconnected", ...ending };
  if (code !== undefined) return { kind: "refused", code, ...ending };
  return { kind: "unreachable", ...ending };
}
