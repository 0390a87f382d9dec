/** Messages of a stream whose number and content are remembered. */
const MEMORY = 32;

/** What a device's sequence number says. `gap` and `filled` count messages. */
export type SequenceVerdict =
  | { readonly kind: "next" }
  | { readonly kind: "duplicate" }
  | { readonly kind: "gap"; readonly missing: number }
  /** It came out of order and fills a gap that was counted. */
  | { readonly kind: "filled" }
  /** The device began anew or wrapped; nothing is missing for all one can know. */
  | { readonly kind: "reset" };

const NEXT: SequenceVerdict = { kind: "next" };
const DUPLICATE: SequenceVerdict = { kind: "duplicate" };
const FILLED: SequenceVerdict = { kind: "filled" };
const RESET: SequenceVerdict = { kind: "reset" };

/** A larger jump ahead is a device that began anew elsewhere, not a million lost messages. */
const LARGEST_GAP = 1_000_000;

/** The memory as the checkpoint holds it. */
export interface SequenceSnapshot {
  /** The last numbers, in order of arrival. */
  readonly numbers: readonly number[];
  /** For each number the hash of its message. */
  readonly hashes: readonly number[];
  /** The number that the next one is compared with; −1 before the first. */
  readonly highest: number;
  /** The number at which the present run began; −1 before the first. */
  readonly lowest: number;
}

/**
 * Judges the sequence numbers of one device stream. A duplicate has the same number *and* the same content among
 * the last 32; the same number with other content is data, since a device that restarts counts from 0 again.
 */
export class Sequence {
  #numbers: number[];
  #hashes: number[];
  #highest: number;
  /** The number at which the present run began: below it nothing can be missing. */
  #lowest: number;

  /**
   * Begins with nothing seen, or where a snapshot left off.
   *
   * @param snapshot what `snapshot` gave
   */
  constructor(snapshot?: SequenceSnapshot) {
    this.#numbers = [...snapshot?.numbers ?? []];
    this.#hashes = [...snapshot?.hashes ?? []];
    this.#highest = snapshot?.highest ?? -1;
    this.#lowest = snapshot?.lowest ?? -1;
  }

  /** Judges and remembers a number with the hash of its message. */
  judge(number: number, hash: number): SequenceVerdict {
    for (let at = 0; at < this.#numbers.length; at++) {
      if (this.#numbers[at] === number && this.#hashes[at] === hash) return DUPLICATE;
    }
    const known = this.#numbers.includes(number);
    this.#remember(number, hash);
    const ahead = number - this.#highest;
    if (this.#highest >= 0 && ahead > 0 && ahead <= LARGEST_GAP) {
      this.#highest = number;
      return ahead === 1 ? NEXT : { kind: "gap", missing: ahead - 1 };
    }
    if (this.#highest >= 0 && !known && ahead > -MEMORY && ahead < 0 && number > this.#lowest) return FILLED;
    const begins = this.#highest < 0;
    this.#highest = number;
    this.#lowest = number;
    return begins ? NEXT : RESET;
  }

  /**
   * A message of the past is tried again. Only what fills a gap is remembered: whatever else is long past, and says
   * nothing about what comes next.
   */
  fill(number: number, hash: number): "known" | "filled" | "past" {
    let taken = false;
    for (let at = 0; at < this.#numbers.length; at++) {
      if (this.#numbers[at] !== number) continue;
      if (this.#hashes[at] === hash) return "known";
      taken = true;
    }
    const behind = this.#highest - number;
    if (taken || behind <= 0 || behind >= MEMORY || number <= this.#lowest) return "past";
    this.#remember(number, hash);
    return "filled";
  }

  /** The memory as plain data. */
  snapshot(): SequenceSnapshot {
    return {
      numbers: [...this.#numbers],
      hashes: [...this.#hashes],
      highest: this.#highest,
      lowest: this.#lowest,
    };
  }

  #remember(number: number, hash: number): void {
    this.#numbers.push(number);
    this.#hashes.push(hash);
    if (this.#numbers.length <= MEMORY) return;
    this.#numbers.shift();
    this.#hashes.shift();
  }
}
