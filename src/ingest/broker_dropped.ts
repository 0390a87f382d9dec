/** Where mosquitto says how many messages it has dropped for clients that were too slow or away. */
export const DROPPED_TOPIC = "$SYS/broker/publish/messages/dropped";

/**
 * Counts what the broker dropped since this process first looked. The broker's figure counts for all of its
 * clients and begins at 0 when it starts.
 */
export class BrokerDropped {
  #last: number | undefined;
  #total = 0;

  /** Dropped since the first look, or `undefined` where the broker has never said. */
  get total(): number | undefined {
    return this.#last === undefined ? undefined : this.#total;
  }

  /**
   * Takes the broker's figure.
   *
   * @param payload the figure as decimal text
   * @returns how many more than at the last look
   */
  look(payload: Uint8Array | string): number {
    const text = typeof payload === "string" ? payload : new TextDecoder().decode(payload);
    if (!/^\d{1,15}$/.test(text)) return 0;
    const figure = Number(text);
    const last = this.#last;
    this.#last = figure;
    if (last === undefined) return 0;
    const more = figure >= last ? figure - last : figure;
    this.#total += more;
    return more;
  }
}
