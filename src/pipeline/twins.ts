import type { Message } from "../model/mod.ts";

/** What a message is, seen beside the last ones of its session. */
export type Twin = "first" | "duplicate" | "assumed";

/** The memory as the checkpoint holds it. */
export interface TwinSnapshot {
  /** Packet identifiers of the records that are remembered, oldest first. */
  readonly packetIds: readonly number[];
  /** For each of them the hash of its message. */
  readonly hashes: readonly number[];
  /** Messages for which a repetition without DUP is still believed. */
  readonly watching: number;
}

/** Packet identifiers have 16 bits; so many messages can be remembered at most. */
const IDENTIFIERS = 65_536;
const MASK = IDENTIFIERS - 1;

/**
 * Recognises messages that the broker sent again after a resumed session, because it had not seen the
 * acknowledgement: the same packet identifier and the same content among the last `depth` records of the session
 * (MQTT 5.0 §4.4). A broker that sends again without DUP is believed only in the first `depth` messages after a
 * resume.
 */
export class Twins {
  // The last records of the session in a ring, each with a number of its own, and the newest of each identifier:
  // nothing is allocated or moved for a message.
  readonly #ids = new Uint16Array(IDENTIFIERS);
  readonly #hashes = new Int32Array(IDENTIFIERS);
  readonly #newestOf = new Float64Array(IDENTIFIERS);
  #newest = 0;
  /** Number of the oldest record that is still remembered. */
  #oldest = 1;
  #watching = 0;
  #depth: number;
  readonly #least: number;

  /**
   * Remembers nothing yet.
   *
   * @param depth messages in flight at most: the Receive Maximum
   * @param least messages to remember at least, for brokers that have more in flight than they were allowed
   */
  constructor(depth: number, least = 0) {
    this.#depth = depth;
    this.#least = least;
  }

  /** Fewer or more may be in flight from here on; what the smaller memory cannot hold is forgotten at once. */
  set depth(depth: number) {
    this.#depth = depth;
    this.#forgetBeyond();
  }

  /** A connection was opened; a lost session has no twins. */
  opened(resumed: boolean): void {
    this.#watching = resumed ? this.#depth : 0;
    if (resumed) return;
    this.#oldest = this.#newest + 1;
  }

  /** Judges a QoS 1 message and remembers it. */
  judge(message: Message, hash: number): Twin {
    const { packetId, dup } = message;
    const watched = this.#watching > 0;
    if (watched) this.#watching--;
    if ((dup || watched) && this.#remembers(packetId, hash)) return dup ? "duplicate" : "assumed";
    this.#remember(packetId, hash);
    return "first";
  }

  /** The memory, oldest first. */
  snapshot(): TwinSnapshot {
    const packetIds: number[] = [];
    const hashes: number[] = [];
    for (let number = this.#oldest; number <= this.#newest; number++) {
      packetIds.push(this.#ids[number & MASK] ?? 0);
      hashes.push(this.#hashes[number & MASK] ?? 0);
    }
    return { packetIds, hashes, watching: this.#watching };
  }

  /** Puts the memory back. */
  restore(snapshot: TwinSnapshot): void {
    this.opened(false);
    snapshot.packetIds.forEach((id, index) => this.#remember(id, snapshot.hashes[index] ?? 0));
    this.#watching = snapshot.watching;
  }

  #remembers(packetId: number, hash: number): boolean {
    const number = this.#newestOf[packetId] ?? 0;
    return number >= this.#oldest && this.#hashes[number & MASK] === hash;
  }

  #remember(packetId: number, hash: number): void {
    const number = ++this.#newest;
    this.#ids[number & MASK] = packetId;
    this.#hashes[number & MASK] = hash;
    this.#newestOf[packetId] = number;
    this.#forgetBeyond();
  }

  #forgetBeyond(): void {
    const most = Math.min(IDENTIFIERS, Math.max(this.#depth, this.#least));
    this.#oldest = Math.max(this.#oldest, this.#newest - most + 1);
  }
}
