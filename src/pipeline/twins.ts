import { crc32 } from "node:zlib";
import type { Message } from "../model/mod.ts";

/** What a message is, seen beside the last ones of its session. */
export type Twin = "first" | "duplicate" | "assumed";

/** The memory as the checkpoint holds it. */
export interface TwinSnapshot {
  /** Packet identifiers that are remembered, oldest first. */
  readonly packetIds: readonly number[];
  /** For each of them the hash of its message. */
  readonly hashes: readonly number[];
  /** Messages for which a repetition without DUP is still believed. */
  readonly watching: number;
}

/** A hash of topic and payload: equal messages have equal hashes. */
export function messageHash(message: Message): number {
  return crc32(message.payload, crc32(message.topic));
}

/**
 * Recognises messages that the broker sent again after a resumed session, because it had not seen the
 * acknowledgement: the same packet identifier and the same content among the last `depth` records of the session
 * (MQTT 5.0 §4.4). A broker that sends again without DUP is believed only in the first `depth` messages after a
 * resume.
 */
export class Twins {
  readonly #hashOf = new Map<number, number>();
  #order: number[] = [];
  #head = 0;
  #watching = 0;

  /**
   * Remembers nothing yet.
   *
   * @param depth messages in flight at most: the Receive Maximum
   */
  constructor(public depth: number) {}

  /** A connection was opened; a lost session has no twins. */
  opened(resumed: boolean): void {
    this.#watching = resumed ? this.depth : 0;
    if (resumed) return;
    this.#hashOf.clear();
    this.#order = [];
    this.#head = 0;
  }

  /** Judges a QoS 1 message and remembers it. */
  judge(message: Message, hash: number): Twin {
    const { packetId, dup } = message;
    const watched = this.#watching > 0;
    if (watched) this.#watching--;
    if ((dup || watched) && this.#hashOf.get(packetId) === hash) return dup ? "duplicate" : "assumed";
    this.#remember(packetId, hash);
    return "first";
  }

  /** The memory, oldest first. */
  snapshot(): TwinSnapshot {
    const packetIds = this.#order.slice(this.#head);
    return { packetIds, hashes: packetIds.map((id) => this.#hashOf.get(id) ?? 0), watching: this.#watching };
  }

  /** Puts the memory back. */
  restore(snapshot: TwinSnapshot): void {
    this.opened(false);
    snapshot.packetIds.forEach((id, index) => this.#remember(id, snapshot.hashes[index] ?? 0));
    this.#watching = snapshot.watching;
  }

  #remember(packetId: number, hash: number): void {
    if (this.#hashOf.has(packetId)) {
      // The broker uses an identifier again only after it has seen the acknowledgement: rare, so a search will do.
      const at = this.#order.indexOf(packetId, this.#head);
      if (at >= 0) this.#order.splice(at, 1);
    }
    this.#hashOf.set(packetId, hash);
    this.#order.push(packetId);
    if (this.#order.length - this.#head > this.depth) {
      const oldest = this.#order[this.#head++];
      if (oldest !== undefined) this.#hashOf.delete(oldest);
    }
    if (this.#head > 4 * this.depth) {
      this.#order = this.#order.slice(this.#head);
      this.#head = 0;
    }
  }
}
