import type { Quarantined } from "./gateway.ts";

/** Entries of the gateway's quarantine, each to be claimed once by the message that caused it. */
export class QuarantineEntries {
  /** By what, topic, reason and, where it is kept as it came, payload: how many there are. */
  readonly #entries = new Map<string, number>();

  /** Reads all of it. */
  static async read(entries: AsyncIterable<Quarantined>): Promise<QuarantineEntries> {
    const read = new QuarantineEntries();
    for await (const { what, topic, reason, payload, altered } of entries) {
      const key = keyOf(what, topic, reason, altered ? undefined : payload);
      read.#entries.set(key, (read.#entries.get(key) ?? 0) + 1);
    }
    return read;
  }

  /** Takes the entry of a message away; false where there is none. */
  claim(what: "message" | "readings", topic: string, reason: string, payload: string): boolean {
    return this.#take(keyOf(what, topic, reason, payload)) ||
      this.#take(keyOf(what, topic, reason, undefined));
  }

  /** What nobody has claimed: what, topic and reason, with how many. */
  left(): [string, number][] {
    const left = new Map<string, number>();
    for (const [key, count] of this.#entries) {
      const [what, topic, reason] = JSON.parse(key);
      const name = `${what} on ${topic}: ${reason}`;
      if (count > 0) left.set(name, (left.get(name) ?? 0) + count);
    }
    return [...left];
  }

  #take(key: string): boolean {
    const count = this.#entries.get(key) ?? 0;
    if (count > 0) this.#entries.set(key, count - 1);
    return count > 0;
  }
}

function keyOf(what: string, topic: string, reason: string, payload: string | undefined): string {
  return JSON.stringify(payload === undefined ? [what, topic, reason] : [what, topic, reason, payload]);
}
