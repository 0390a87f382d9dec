import { derivedKey, keyedHash, LASTING, type PrivacyRule } from "../model/mod.ts";

/** The rules ask for hashes under a key that was not handed in: nothing can be said of the value, and nothing may leave. */
export class MissingKey extends Error {
  /**
   * Names the key.
   *
   * @param keyId its id, as the rules name it
   */
  constructor(readonly keyId: string) {
    super(`The key "${keyId}" of redact: hash is not there`);
    this.name = "MissingKey";
  }
}

/**
 * The keys of hashes by their ids. The rules name a key and never hold it, so a replay needs the key under which
 * a message was journalled: keys are added, none is taken away while the process lives.
 */
export class Keyring {
  readonly #masters = new Map<string, string>();

  /** Adds a key. */
  add(id: string, master: string): void {
    this.#masters.set(id, master);
  }

  /** Whether a key is there. */
  has(id: string): boolean {
    return this.#masters.has(id);
  }

  /** Makes hashes as the rules say; the key is looked up when the first one is wanted. */
  hasher(rule: PrivacyRule | undefined): Hasher {
    return new Hasher(rule, this.#masters);
  }
}

/** Texts whose hashes are remembered, and the longest of them: a hash costs eight times the rest of a message. */
const REMEMBERED = 10_000;
const LONGEST = 64;
/** All the digits that anyone may ask for. */
const DIGITS = 32;

/** Hashes under one key; those of short texts are remembered, since the same few come again and again. */
class Memo {
  readonly #key: Uint8Array;
  readonly #known = new Map<string, string>();

  constructor(key: Uint8Array) {
    this.#key = key;
  }

  hash(content: string | Uint8Array, digits: number): string {
    if (typeof content !== "string" || content.length > LONGEST) {
      return keyedHash(this.#key, content, digits);
    }
    let hash = this.#known.get(content);
    if (hash === undefined) {
      hash = keyedHash(this.#key, content, DIGITS);
      if (this.#known.size >= REMEMBERED) this.#known.clear();
      this.#known.set(content, hash);
    }
    return hash.slice(0, digits);
  }
}

/** Makes hashes under the key of one set of rules. */
export class Hasher {
  readonly #rule: PrivacyRule | undefined;
  readonly #masters: ReadonlyMap<string, string>;
  #lasting: Memo | undefined;
  #period = NaN;
  #ofPeriod: Memo | undefined;

  /** Made by `Keyring.hasher`. */
  constructor(rule: PrivacyRule | undefined, masters: ReadonlyMap<string, string>) {
    this.#rule = rule;
    this.#masters = masters;
  }

  /** Whether the rules name a key at all. */
  get able(): boolean {
    return typeof this.#rule?.keyId === "string";
  }

  /**
   * The hash that never changes while the master key stays: of tags, since a tag is a part of a series' name, and
   * windows, sequences and dead-man rules go by it; and of refused payloads.
   *
   * @throws {MissingKey} where the key is not there
   */
  lasting(content: string | Uint8Array, digits: number): string {
    return (this.#lasting ??= new Memo(derivedKey(this.#master(), LASTING))).hash(content, digits);
  }

  /**
   * The hash of a field's text. With `rotate` its key belongs to the period in which the message was received:
   * that moment is journalled with it, so a replay gives the same.
   *
   * @param receivedAt wall clock at receipt, ms
   * @throws {MissingKey} where the key is not there
   */
  ofField(text: string, digits: number, receivedAt: number): string {
    const rotate = this.#rule?.rotate ?? null;
    if (rotate === null) return this.lasting(text, digits);
    const period = Math.floor(receivedAt / rotate);
    if (period !== this.#period || this.#ofPeriod === undefined) {
      this.#ofPeriod = new Memo(derivedKey(this.#master(), `period ${period} of ${rotate} ms`));
      this.#period = period;
    }
    return this.#ofPeriod.hash(text, digits);
  }

  #master(): string {
    const id = this.#rule?.keyId ?? "none";
    const master = this.#masters.get(id);
    if (master === undefined) throw new MissingKey(id);
    return master;
  }
}
