import type { Clock } from "../clock.ts";
import { decompress } from "./gzip.ts";
import { type BlockRefusal, Isolation } from "./isolation.ts";
import { type Line, parseLines } from "./line_parts.ts";
import type { Block, Lane, OutboxPort } from "./outbox_port.ts";
import { pieceText } from "./pieces.ts";
import type { Sender } from "./sender.ts";
import { Strikes } from "./strikes.ts";
import type { Trouble, Verdict } from "./verdict.ts";

/** Requests of one block before it pauses: a search over 5,000 lines for one takes about 26. */
const BUDGET = 64;
/** Requests of one block before the other lane gets its turn. */
const TURN = 8;
/** Searches kept in memory; a dropped one begins anew, which costs requests and nothing else. */
const SEARCHES = 4;
/** Lines of another block tried alone when that was refused as well. */
const SAMPLES = 3;

/** What became of a turn. */
export type SearchOutcome =
  /** The block is settled. */
  | { readonly kind: "done" }
  /** The turn is over, the search is not. */
  | { readonly kind: "more" }
  /** The block's request budget is spent for now. */
  | { readonly kind: "spent"; readonly pauses: number }
  /** Nothing at all was accepted: lines or configuration? */
  | { readonly kind: "suspect"; readonly isolation: Isolation }
  /** The request failed for a reason that has nothing to do with the lines. */
  | { readonly kind: "failed"; readonly failure: Trouble };

/** What a question to other blocks brought. */
export type ProbeOutcome =
  | { readonly kind: "accepted" | "refused" | "nobody" }
  | { readonly kind: "failed"; readonly failure: Trouble; readonly block: Block };

/** Drives the isolations of refused blocks. */
export class Search {
  /** Series that are known as refused. */
  readonly strikes: Strikes;
  readonly #outbox: OutboxPort;
  readonly #sender: Sender;
  readonly #open = new Map<number, Isolation>();
  /** Blocks whose search begins anew, now that the database is known to take lines. */
  readonly #again = new Set<number>();

  /** Searches nothing yet. */
  constructor(outbox: OutboxPort, sender: Sender, clock: Clock) {
    this.#outbox = outbox;
    this.#sender = sender;
    this.strikes = new Strikes(clock);
  }

  /** The search that goes on for a block. */
  of(position: number): Isolation | undefined {
    return this.#open.get(position);
  }

  /** Begins a search: only now is the block unpacked. */
  async open(block: Block, refusal: BlockRefusal): Promise<Isolation> {
    const lines = await linesOf(block);
    const vouched = this.#again.delete(block.position);
    const isolation = new Isolation(block.position, lines, this.strikes, refusal, vouched);
    this.#open.set(block.position, isolation);
    const oldest = this.#open.keys().next();
    if (this.#open.size > SEARCHES && !oldest.done) this.#open.delete(oldest.value);
    return isolation;
  }

  /** Goes on with a search for one turn. */
  async go(isolation: Isolation, block: Block, lane: Lane): Promise<SearchOutcome> {
    for (let sent = 0;; sent++) {
      if (isolation.suspect) return { kind: "suspect", isolation };
      const group = isolation.next();
      if (group === undefined) return await this.#finish(isolation, block, lane);
      if (isolation.requests >= BUDGET) {
        isolation.requests = 0;
        return { kind: "spent", pauses: ++isolation.pauses };
      }
      if (sent >= TURN) return { kind: "more" };
      isolation.requests++;
      const verdict = await this.#sender.lines(group.map(pieceText), lane);
      if (verdict.kind === "delivered") {
        isolation.accepted();
        this.vouch();
      } else if (verdict.kind === "refused") isolation.wasRefused(verdict);
      else if (verdict.kind === "too_large") isolation.tooLarge(verdict);
      else return this.#interrupted(isolation, verdict);
    }
  }

  /** The database took something just now: what it refused around that is bad by itself. */
  vouch(): void {
    for (const isolation of this.#open.values()) isolation.vouch();
  }

  /**
   * The database takes lines again after it took none for a while: what was refused meanwhile proves nothing.
   *
   * @param position the block that was suspected; when it is refused once more, it is bad by itself
   */
  restart(position: number): void {
    // A search that was under way may have taken the gap for defects of series.
    if ([...this.#open.values()].some((isolation) => isolation.vouched)) this.strikes.clear();
    this.#open.clear();
    this.#again.clear();
    this.#again.add(position);
  }

  /** All of a block was tried: its refusals stand once something was accepted after them. */
  async #finish(isolation: Isolation, block: Block, lane: Lane): Promise<SearchOutcome> {
    if (isolation.suspect) return { kind: "suspect", isolation };
    if (isolation.unconfirmed) {
      const control = isolation.control;
      if (control === undefined) return { kind: "suspect", isolation };
      const verdict = await this.#sender.lines([control], lane);
      if (verdict.kind === "refused" || verdict.kind === "too_large") {
        // What was accepted before is refused now: the configuration broke in the middle of the search.
        this.#open.delete(block.position);
        this.strikes.clear();
        return { kind: "spent", pauses: isolation.pauses + 1 };
      }
      if (verdict.kind !== "delivered") return this.#interrupted(isolation, verdict);
      this.vouch();
    }
    this.#open.delete(block.position);
    this.#sender.settle(block, lane, isolation.result());
    return { kind: "done" };
  }

  /** A search goes on where it was, but refusals from before a gap count only where something vouches for them. */
  #interrupted(isolation: Isolation, failure: Trouble): SearchOutcome {
    if (!isolation.vouched) this.#open.delete(isolation.position);
    return { kind: "failed", failure };
  }

  /**
   * Asks whether the database takes anything: the suspect as a whole where that is due, then the other lanes'
   * blocks as a whole, then a few of their lines alone.
   */
  async probe(suspect: Isolation, askSuspect: boolean): Promise<ProbeOutcome> {
    const asked = new Set<number>();
    let outcome: "refused" | "nobody" = "nobody";
    for (const lane of ["fresh", "backlog"] as const) {
      const block = await this.#outbox.next(lane);
      if (block === undefined || asked.has(block.position)) continue;
      const own = block.position === suspect.position;
      if (own && !askSuspect) continue;
      asked.add(block.position);
      const verdict = await this.#sender.block(block, lane);
      if (verdict.kind === "delivered") this.#open.delete(block.position);
      const whole = meaning(verdict);
      if (whole === "accepted") return { kind: "accepted" };
      if (whole !== "refused") return { kind: "failed", failure: whole, block };
      if (own) continue;
      outcome = "refused";
      for (const line of spread(await linesOf(block))) {
        const alone = meaning(await this.#sender.lines([line.text], lane));
        if (alone === "accepted") return { kind: "accepted" };
        if (alone !== "refused") return { kind: "failed", failure: alone, block };
      }
    }
    return { kind: outcome };
  }
}

/** A full database has read the lines and found nothing wrong with them: to a probe it has accepted them. */
function meaning(verdict: Verdict): "accepted" | "refused" | Trouble {
  if (verdict.kind === "delivered" || verdict.kind === "capacity") return "accepted";
  return verdict.kind === "refused" || verdict.kind === "too_large" ? "refused" : verdict;
}

async function linesOf(block: Block): Promise<Line[]> {
  return parseLines(await decompress(block.body));
}

/** A few lines from all over a block. */
function spread(lines: readonly Line[]): Line[] {
  const chosen = new Set<Line>();
  for (let n = 0; n < SAMPLES; n++) {
    const line = lines[Math.floor((n * lines.length) / SAMPLES)];
    if (line !== undefined) chosen.add(line);
  }
  return [...chosen];
}
