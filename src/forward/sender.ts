import type { Clock } from "../clock.ts";
import type { Destination } from "./destination.ts";
import type { ForwardEvent } from "./events.ts";
import { compress, decompress } from "./gzip.ts";
import type { Lanes } from "./lanes.ts";
import { flattenBlock, flattenLine, holdsLineBreaks } from "./line_breaks.ts";
import type { Block, Lane, OutboxPort, RefusedLine } from "./outbox_port.ts";
import type { StatusKeeper } from "./status.ts";
import type { Trouble, Verdict } from "./verdict.ts";

/** What the sender works with. */
export interface SenderParts {
  readonly destination: Destination;
  readonly outbox: OutboxPort;
  readonly clock: Clock;
  readonly onEvent: (event: ForwardEvent) => void;
}

/** Blocks of unknown outcome that are remembered for the `resent` count. */
const UNCERTAIN = 1_024;

/** Sends one request at a time, settles blocks, and keeps the books of both. */
export class Sender {
  readonly #parts: SenderParts;
  readonly #lanes: Lanes;
  readonly #status: StatusKeeper;
  readonly #signal: AbortSignal;
  readonly #uncertain = new Set<number>();

  /** @param signal gives up the request in flight */
  constructor(parts: SenderParts, lanes: Lanes, status: StatusKeeper, signal: AbortSignal) {
    this.#parts = parts;
    this.#lanes = lanes;
    this.#status = status;
    this.#signal = signal;
  }

  /** Sends a whole block, and settles it where all of it is accepted. */
  async block(block: Block, lane: Lane): Promise<Verdict> {
    const body = await this.#safeBody(block);
    if (!(body instanceof Uint8Array)) return body;
    if (this.#uncertain.delete(block.position)) {
      this.#status.resent();
      this.#parts.onEvent({ kind: "resent", position: block.position });
    }
    const verdict = await this.#send(body, lane);
    if (verdict.kind === "delivered") this.settle(block, lane, []);
    if (verdict.kind === "no_answer" && verdict.sent) this.#remember(block.position);
    if (mayHaveTaken(verdict)) this.#parts.outbox.unclear?.(block.position);
    return verdict;
  }

  /** Sends some lines of a block. */
  async lines(lines: readonly string[], lane: Lane): Promise<Verdict> {
    const safe = this.#parts.destination.keepsLineBreaks === true ? lines : lines.map(flattenLine);
    return await this.#send(await compress(safe.join("\n")), lane);
  }

  /** All of a block is in the database, but for what is refused. */
  settle(block: Block, lane: Lane, refused: readonly RefusedLine[]): void {
    const { outbox, onEvent, clock } = this.#parts;
    const lost = refused.filter((line) => line.whole).length;
    const points = block.points - lost;
    const { position } = block;
    if (refused.length > 0) {
      outbox.refused(position, refused);
      onEvent({ kind: "refused", position, lines: refused.length, words: refused[0]?.words ?? "" });
    }
    outbox.delivered(position);
    this.#uncertain.delete(position);
    this.#status.settled(points, refused.length);
    const now = clock.wall();
    const [waited, delay] = [now - block.createdAt, now - block.oldest];
    onEvent({ kind: "delivered", position, lane, points, refused: lost, waited, delay });
  }

  /** The body as this server may have it, or why it cannot be known. */
  async #safeBody(block: Block): Promise<Uint8Array | Trouble> {
    const { destination } = this.#parts;
    if (destination.keepsLineBreaks === true || !block.lineBreaks) return block.body;
    const text = await decompress(block.body);
    if (!holdsLineBreaks(text, block.points)) return block.body;
    const keeps = destination.keepsLineBreaks ?? await destination.identify(this.#signal);
    if (typeof keeps !== "boolean") return keeps;
    return keeps ? block.body : await compress(flattenBlock(text));
  }

  async #send(body: Uint8Array, lane: Lane): Promise<Verdict> {
    const { destination, clock, onEvent } = this.#parts;
    this.#lanes.sent(lane);
    this.#status.sending();
    const begun = clock.monotonic();
    const verdict = await destination.write(body, this.#signal);
    if (verdict.kind !== "no_answer") this.#status.answered(clock.monotonic() - begun);
    if (verdict.kind === "delivered") {
      const attempts = this.#status.attempts;
      this.#status.recovered();
      if (attempts > 0) onEvent({ kind: "recovered", attempts });
    }
    return verdict;
  }

  #remember(position: number): void {
    this.#uncertain.add(position);
    const oldest = this.#uncertain.keys().next();
    if (this.#uncertain.size > UNCERTAIN && !oldest.done) this.#uncertain.delete(oldest.value);
  }
}

/**
 * Whether the database may have taken something of a block that is not settled: where only some lines are refused it
 * takes the others, and what failed on its side or on the way back may have been done before.
 */
function mayHaveTaken(verdict: Verdict): boolean {
  switch (verdict.kind) {
    case "no_answer":
      return verdict.sent;
    case "refused":
    case "capacity":
    case "unavailable":
      return true;
    case "delivered":
    case "too_large":
    case "unauthorised":
    case "not_found":
    case "overloaded":
    case "wrong_address":
      return false;
  }
}
