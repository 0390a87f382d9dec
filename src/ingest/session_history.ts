/** Between two wall clock times, in ms, the broker may have lost messages. */
export interface Loss {
  readonly from: number;
  readonly to: number;
}

/**
 * What is known of the session at the broker across connections: when it was left, and whether the broker has
 * begun a new one that no session record tells of yet.
 */
export class SessionHistory {
  #fresh = false;

  /**
   * @param leftAt wall clock in ms until when the session was in use; `undefined`: there was none
   * @param wall wall clock
   */
  constructor(private leftAt: number | undefined, readonly wall: () => number) {}

  /**
   * A connection was accepted.
   *
   * @param present the broker knew the session (MQTT 5.0 §3.2.2.1.1)
   * @returns the loss, where a session had existed that the broker no longer knows
   */
  opened(present: boolean): Loss | undefined {
    this.#fresh ||= !present;
    const from = this.leftAt;
    this.leftAt = undefined;
    return present || from === undefined ? undefined : { from, to: this.wall() };
  }

  /** What the session record says: `false` where a new session began since the last record. */
  takeResumed(): boolean {
    const resumed = !this.#fresh;
    this.#fresh = false;
    return resumed;
  }

  /** A connection that was accepted is gone. */
  left(): void {
    this.leftAt = this.wall();
  }
}

/** The loss as one line. */
export function describeLoss(loss: Loss, broker: string): string {
  const from = new Date(loss.from).toISOString();
  const to = new Date(loss.to).toISOString();
  return `The broker "${broker}" no longer knew the session: messages may have been lost at the broker ` +
    `between ${from} and ${to}`;
}
