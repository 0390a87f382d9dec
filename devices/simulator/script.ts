import type { Label } from "./faults/draft.ts";

/** A message as it is published, or as a fault kept it from being published (`unsent`). */
export interface Planned {
  /** When it is sent, ms since the run began; never falls along a script. */
  readonly due: number;
  /** MQTT topic. */
  readonly topic: string;
  /** What is sent. */
  readonly payload: string;
  /** Who broke it, and what must become of it. */
  readonly label: Label;
}

/** What one device, or one attacker, publishes: the same whenever it is opened, so that nothing need be remembered. */
export interface Script {
  /** It waits until the broker has acknowledged something of each script that does not wait. */
  readonly waits: boolean;
  /**
   * Its messages, in order.
   *
   * @param startedAt what the right clock said when the run began, ms since 1970
   */
  open(startedAt: number): Iterable<Planned>;
}
