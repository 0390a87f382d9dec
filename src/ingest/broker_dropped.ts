/** Where mosquitto says how many messages it has dropped for clients that were too slow or away. */
export const DROPPED_TOPIC = "$SYS/broker/publish/messages/dropped";

/**
 * Counts what the broker dropped since somebody first looked: this process, or an earlier one, for most is dropped
 * while nobody is there. The broker's figure counts for all of its clients and begins at 0 when it starts.
 */
export class BrokerDropped {
  #last: number | undefined;
  #total = 0;
  #said = false;

  /** @param former the broker's figure as an earlier process read it last */
  constructor(former?: number) {
    this.#last = former;
  }

  /** Dropped since the first look, or `undefined` where the broker has not said anything to this process. */
  get total(): number | undefined {
    return this.#said ? this.#total : undefined;
  }

  /** The broker's figure at the last look, an earlier process's included. */
  get figure(): number | undefined {
    return this.#last;
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
    this.#said = true;
    if (last === undefined) return 0;
    const more = figure >= last ? figure - last : figure;
    this.#total += more;
    return more;
  }
}
