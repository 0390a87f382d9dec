import type { Path } from "../model/mod.ts";
import { HIDDEN, isConfidentialName, isConfidentialText } from "./recognise/confidential.ts";
import type { Member } from "./recognise/members.ts";
import { MomentWatch } from "./recognise/moment.ts";

/** What kind of values stand in a field; `mixed`: several that no type takes together. */
export type FieldKind = "whole" | "fraction" | "boolean" | "text" | "mixed";

/** Longest example that is kept. */
const LONGEST_EXAMPLE = 60;

/** What was seen of one field of a kind of message. No value of it is kept but its bounds and one example. */
export class FieldStats {
  /** Where it stands in the payload. */
  readonly path: Path;
  /** It is a tag of line protocol. */
  readonly tag: boolean;
  /** Whether it may be a time. */
  readonly moment = new MomentWatch();
  /** Messages that have it, without those that say null. */
  seen = 0;
  /** Lowest and highest number. */
  low = Infinity;
  high = -Infinity;
  /** Longest text, UTF-16 code units. */
  longest = 0;
  /** Steps between two messages of one device that were upwards, and those that were not. */
  rises = 0;
  falls = 0;
  #counts = { whole: 0, fraction: 0, boolean: 0, text: 0, other: 0 };
  /** One value as text; dots in the place of one that must not be shown: it is not kept either. */
  example = "";
  /** Its values must not be shown: by its name, or by what they look like. */
  confidential: boolean;

  constructor({ path, tag }: Pick<Member, "path" | "tag">) {
    this.path = path;
    this.tag = tag;
    this.confidential = path.some((step) => typeof step === "string" && isConfidentialName(step));
  }

  /** Whole numbers are fractions, too. */
  get kind(): FieldKind {
    const { whole, fraction, boolean, text, other } = this.#counts;
    if (other > 0) return "mixed";
    if (whole + fraction === this.seen) return fraction > 0 ? "fraction" : "whole";
    if (boolean === this.seen) return "boolean";
    return text === this.seen ? "text" : "mixed";
  }

  /** Takes one value with the wall clock of its receipt, ms. */
  take(value: Member["value"], receivedAt: number): void {
    if (value === null) return;
    this.seen++;
    this.#count(value);
    this.moment.take(value, receivedAt);
    if (typeof value === "string") {
      this.longest = Math.max(this.longest, value.length);
      if (isConfidentialText(value)) this.confidential = true;
    }
    if (this.confidential) this.example = HIDDEN;
    else this.example = String(value).slice(0, LONGEST_EXAMPLE).toWellFormed();
  }

  /** Takes over what another has seen of the same field. */
  absorb(other: FieldStats): void {
    this.seen += other.seen;
    for (const kind of ["whole", "fraction", "boolean", "text", "other"] as const) {
      this.#counts[kind] += other.#counts[kind];
    }
    this.low = Math.min(this.low, other.low);
    this.high = Math.max(this.high, other.high);
    this.longest = Math.max(this.longest, other.longest);
    this.rises += other.rises;
    this.falls += other.falls;
    this.confidential ||= other.confidential;
    this.moment.absorb(other.moment);
    if (this.confidential) this.example = HIDDEN;
    else if (this.example === "") this.example = other.example;
  }

  #count(value: string | number | bigint | boolean): void {
    if (typeof value === "string") this.#counts.text++;
    else if (typeof value === "boolean") this.#counts.boolean++;
    else if (typeof value === "bigint" || !Number.isFinite(value)) this.#counts.other++;
    else {
      this.#counts[Number.isSafeInteger(value) ? "whole" : "fraction"]++;
      this.low = Math.min(this.low, value);
      this.high = Math.max(this.high, value);
    }
  }
}
