/**
 * Acknowledgements that wait for their message's fsync, in arrival order.
 *
 * A ring of three typed arrays: no object per message. It doubles when full; what bounds it is the bound on
 * un-synced bytes.
 */
export class PendingAcks {
  #positions = new Float64Array(1024);
  #connections = new Float64Array(1024);
  #ids = new Uint16Array(1024);
  #scratch = new Uint16Array(1024);
  #head = 0;
  #length = 0;

  /** How many wait. */
  get length(): number {
    return this.#length;
  }

  /**
   * Notes that a message waits.
   *
   * @param position its position in the inbox; positions rise
   * @param connection number of the connection that delivered it
   * @param id its packet identifier, 1 … 65,535
   */
  push(position: number, connection: number, id: number): void {
    if (this.#length === this.#ids.length) this.#grow();
    const at = (this.#head + this.#length) & (this.#ids.length - 1);
    this.#positions[at] = position;
    this.#connections[at] = connection;
    this.#ids[at] = id;
    this.#length++;
  }

  /**
   * Takes out everything up to a position. An acknowledgement belongs to the connection that delivered the
   * message: on another one its identifier means another message, so those of older connections are dropped,
   * and the broker sends their messages again.
   *
   * @param upTo last durable position
   * @param connection number of the connection that stands
   * @returns identifiers to acknowledge now, in arrival order; valid until the next call
   */
  drain(upTo: number, connection: number): Uint16Array {
    let count = 0;
    while (this.#length > 0) {
      const position = this.#positions[this.#head];
      if (position === undefined || position > upTo) break;
      if (this.#connections[this.#head] === connection) this.#scratch[count++] = this.#ids[this.#head] ?? 0;
      this.#head = (this.#head + 1) & (this.#ids.length - 1);
      this.#length--;
    }
    return this.#scratch.subarray(0, count);
  }

  #grow(): void {
    const size = this.#ids.length * 2;
    const positions = new Float64Array(size);
    const connections = new Float64Array(size);
    const ids = new Uint16Array(size);
    for (let index = 0; index < this.#length; index++) {
      const from = (this.#head + index) & (this.#ids.length - 1);
      positions[index] = this.#positions[from] ?? 0;
      connections[index] = this.#connections[from] ?? 0;
      ids[index] = this.#ids[from] ?? 0;
    }
    this.#positions = positions;
    this.#connections = connections;
    this.#ids = ids;
    this.#scratch = new Uint16Array(size);
    this.#head = 0;
  }
}
