import { type FieldText, type Line, lineWith } from "./line_parts.ts";
import type { RefusedLine } from "./outbox_port.ts";
import { halve, namedPieces, type Piece, pieceText } from "./pieces.ts";
import type { Refusal, Strikes } from "./strikes.ts";
import type { NamedLines, Verdict } from "./verdict.ts";

/** How a whole block was refused. */
export type BlockRefusal = Extract<Verdict, { readonly kind: "refused" | "too_large" }>;

/** A line below this is not too large for anybody, characters. */
const SMALL = 4_096;

/** Lines tried alone to see whether the database takes anything of a block. */
const SAMPLES = 3;

interface RefusedFields {
  readonly line: Line;
  readonly fields: FieldText[];
  readonly words: Set<string>;
  status: number;
}

/**
 * The search for the bad lines of one refused block: halves until a field is alone in a refused request
 * (rules F5 … F8). Holds no connection: the forwarder asks for the next group, sends it and says what came back.
 */
export class Isolation {
  /** Position of the block. */
  readonly position: number;
  /** How the block was refused as a whole. */
  readonly refusal: BlockRefusal;
  /** Requests spent since the last pause. */
  requests = 0;
  /** Pauses made because the request budget was spent. */
  pauses = 0;
  /** The database took something after the block was refused: its refusals mean the lines, so far. */
  #before: boolean;
  /** The database took something after the last refusal of a line: it still means the lines. */
  #since = false;
  #provisional = false;
  /** A piece of the block that was accepted. */
  #good: Piece | undefined;
  readonly #strikes: Strikes;
  /** Groups still to be sent, the next one last. */
  readonly #groups: Piece[][] = [];
  /** Lines taken out of the groups to be tried first. */
  readonly #samples: Piece[][] = [];
  readonly #refused = new Map<number, RefusedFields>();
  #sampled = false;
  /** Refusals that could as well mean the configuration: all but "too large". */
  #doubtful = false;

  /**
   * Begins with what the whole block's refusal says.
   *
   * @param lines all lines of the block
   * @param refusal how the block was refused as a whole
   * @param vouched the database is known to have taken something just before
   */
  constructor(
    position: number,
    lines: readonly Line[],
    strikes: Strikes,
    refusal: BlockRefusal,
    vouched: boolean,
  ) {
    this.position = position;
    this.refusal = refusal;
    this.#strikes = strikes;
    this.#before = vouched;
    this.#groups.push(lines.map((line) => ({ line, fields: line.fields })));
    // Where fields are known as refused, what is left is another request than the one that was refused.
    if (this.next() === undefined || this.#refused.size > 0) return;
    if (refusal.kind === "refused") this.wasRefused(refusal);
    else this.tooLarge(refusal);
  }

  /** Everything tried so far was refused, and it is not known whether the database takes anything at all. */
  get suspect(): boolean {
    if (this.#before || !this.#doubtful || this.#samples.length > 0) return false;
    return this.#sampled || this.#groups.length === 0;
  }

  /** When the search is done: whether something has to be accepted before its refusals are believed. */
  get unconfirmed(): boolean {
    return this.#doubtful && !this.#since;
  }

  /** Whether the database took something after the block was refused. */
  get vouched(): boolean {
    return this.#before;
  }

  /** Lines were refused while nothing vouched for it: after a wait they prove nothing and are tried again. */
  get provisional(): boolean {
    return this.#provisional;
  }

  /** A line that was accepted and may be sent again: no correction of it goes out before the block is settled. */
  get control(): string | undefined {
    return this.#good === undefined ? undefined : pieceText(this.#good);
  }

  /** The database took something just now, of this block or of another. */
  vouch(): void {
    this.#before = true;
    this.#since = true;
  }

  /** The next group to send, without what is known to be refused; `undefined` when the search is done. */
  next(): readonly Piece[] | undefined {
    while (true) {
      const groups = this.#current;
      const group = groups.pop();
      if (group === undefined) return undefined;
      const rest = this.#withoutKnown(group);
      if (rest.length === 0) continue;
      groups.push(rest);
      return rest;
    }
  }

  /** The group last returned by `next` is in the database. */
  accepted(): void {
    this.vouch();
    const group = this.#current.pop() ?? [];
    this.#good = group[0] ?? this.#good;
    for (const { line, fields } of group) {
      for (const field of fields) this.#strikes.accepted(line, field);
    }
  }

  /** The group last returned by `next` was refused. */
  wasRefused(refusal: Refusal & { readonly named: NamedLines }): void {
    this.#doubt();
    const groups = this.#current;
    const group = groups.pop() ?? [];
    const piece = group[0];
    if (piece === undefined) return;
    if (group.length === 1) {
      if (piece.fields.length > 1) return halve(group, groups);
      if (!this.#before) this.#provisional = true;
      else for (const field of piece.fields) this.#strikes.refused(piece.line, field, refusal);
      this.#note(piece, refusal);
      this.#sample();
      return;
    }
    const bad = namedPieces(group, refusal.named);
    if (bad.size === 0 || bad.size === group.length) return halve(group, groups);
    for (const single of bad) groups.push([single]);
    groups.push(group.filter((other) => !bad.has(other)));
  }

  /** The group last returned by `next` is too large for one request. */
  tooLarge(refusal: Refusal): void {
    const groups = this.#current;
    const group = groups.pop() ?? [];
    const piece = group[0];
    if (group.length > 1 || (piece !== undefined && piece.fields.length > 1)) halve(group, groups);
    else if (piece !== undefined && pieceText(piece).length < SMALL) {
      // No server finds this too large: whoever answers refuses everything.
      groups.push(group);
      this.wasRefused({ ...refusal, named: { texts: [], numbers: [] } });
    } else if (piece !== undefined) this.#note(piece, refusal);
  }

  /** The dead letters, when `next` has nothing more. */
  result(): RefusedLine[] {
    return [...this.#refused.values()].map(({ line, fields, words, status }) => ({
      index: line.index,
      line: lineWith(line, line.fields.filter((field) => fields.includes(field))),
      whole: fields.length === line.fields.length,
      words: [...words].join(" / "),
      status,
    })).sort((a, b) => a.index - b.index);
  }

  /** The stack whose last group is the next to send. */
  get #current(): Piece[][] {
    return this.#samples.length > 0 ? this.#samples : this.#groups;
  }

  #note({ line, fields }: Piece, refusal: Refusal): void {
    const known = this.#refused.get(line.index) ??
      { line, fields: [], words: new Set<string>(), status: refusal.status };
    known.fields.push(...fields);
    known.words.add(refusal.words);
    known.status = refusal.status;
    this.#refused.set(line.index, known);
  }

  #doubt(): void {
    this.#doubtful = true;
    this.#since = false;
  }

  /** The first refusal of a field alone, and nothing accepted: a few lines of other series are asked first. */
  #sample(): void {
    if (this.#before || this.#sampled) return;
    this.#sampled = true;
    const waiting = this.#groups.flat();
    const refusedHeads = new Set([...this.#refused.values()].map(({ line }) => line.head));
    const others = waiting.filter(({ line }) => !refusedHeads.has(line.head));
    const pool = others.length > 0 ? others : waiting;
    const chosen = new Set<Piece>();
    for (let n = 1; n <= SAMPLES; n++) {
      const piece = pool[Math.min(pool.length - 1, Math.floor((n * pool.length) / SAMPLES))];
      if (piece !== undefined) chosen.add(piece);
    }
    const rest = this.#groups.map((group) => group.filter((piece) => !chosen.has(piece)));
    this.#groups.splice(0, this.#groups.length, ...rest.filter((group) => group.length > 0));
    this.#samples.push(...[...chosen].map((piece) => [piece]));
  }

  #withoutKnown(group: Piece[]): Piece[] {
    const rest: Piece[] = [];
    for (const piece of group) {
      const good: FieldText[] = [];
      for (const field of piece.fields) {
        const refusal = this.#strikes.known(piece.line, field);
        if (refusal === undefined) good.push(field);
        else {
          this.#doubt();
          this.#note({ line: piece.line, fields: [field] }, refusal);
        }
      }
      if (good.length === piece.fields.length) rest.push(piece);
      else if (good.length > 0) rest.push({ line: piece.line, fields: good });
    }
    return rest;
  }
}
