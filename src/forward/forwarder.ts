import type { Clock } from "../clock.ts";
import { type Backoff, fullJitter } from "../retry/mod.ts";
import { delayAfter } from "./delays.ts";
import type { Destination } from "./destination.ts";
import type { ForwardEvent } from "./events.ts";
import type { Isolation } from "./isolation.ts";
import { Lanes } from "./lanes.ts";
import { type NapEnd, Naps } from "./naps.ts";
import type { Block, Lane, OutboxPort } from "./outbox_port.ts";
import { Search, type SearchOutcome } from "./search.ts";
import { Sender } from "./sender.ts";
import { type DestinationStatus, StatusKeeper, type WaitReason } from "./status.ts";
import { type DestinationNames, type Trouble, verdictText } from "./verdict.ts";

/** What the forwarder works with. */
export interface ForwarderParts {
  /** Where the lines go. */
  readonly destination: Destination;
  /** Where the blocks come from. */
  readonly outbox: OutboxPort;
  /** Bounds of the waits between attempts, ms. */
  readonly retry: Backoff;
  /** Times of waits, status and events. */
  readonly clock: Clock;
  /** Dice in `[0, 1)`. */
  readonly random: () => number;
  /** Told of each event as it happens; must not throw. */
  readonly onEvent: (event: ForwardEvent) => void;
}

/** Blocks put off that are remembered; a forgotten one is tried again early, which is harmless. */
const PUT_OFF = 64;

/**
 * The one worker between outbox and database: one request in flight, deterministic given clock and dice.
 * Rules F1 … F14 of SPEC.md.
 */
export class Forwarder {
  readonly #parts: ForwarderParts;
  readonly #lanes = new Lanes();
  readonly #naps: Naps;
  readonly #status: StatusKeeper;
  readonly #sender: Sender;
  readonly #search: Search;
  readonly #end = new AbortController();
  /** Blocks that are not tried before a monotonic time. */
  readonly #putOff = new Map<number, number>();
  #stopping = false;
  #running: Promise<void> | undefined;

  /** Sends nothing before `start`. */
  constructor(parts: ForwarderParts) {
    this.#parts = parts;
    this.#naps = new Naps(parts.clock);
    this.#status = new StatusKeeper(parts.clock);
    this.#sender = new Sender(parts, this.#lanes, this.#status, this.#end.signal);
    this.#search = new Search(parts.outbox, this.#sender, parts.clock);
  }

  /** Begins to send what waits. */
  start(): void {
    this.#parts.outbox.onWaiting(() => this.#naps.wakeForData());
    this.#running ??= this.#run();
  }

  /**
   * Sends what can be sent without waiting, then ends; at the deadline the request in flight is given up.
   *
   * @param deadlineMs ms from now
   */
  async stop(deadlineMs: number): Promise<void> {
    this.#stopping = true;
    this.#naps.wake();
    const timer = this.#parts.clock.after(deadlineMs, () => this.#end.abort());
    await this.#running;
    timer.cancel();
  }

  /** After a change of configuration: whatever was given up or put off is tried again at once. */
  reload(): void {
    this.#search.strikes.clear();
    this.#putOff.clear();
    this.#parts.destination.forgetToken();
    this.#status.attempts = 0;
    this.#naps.wake();
  }

  /** The state now. */
  get status(): DestinationStatus {
    return this.#status.snapshot();
  }

  async #run(): Promise<void> {
    while (!this.#end.signal.aborted) {
      try {
        if (!await this.#step()) return;
      } catch (error) {
        // The outbox could not be read, or a defect here: visible, and never a busy loop nor a crash loop.
        const words = error instanceof Error ? error.message : String(error);
        const text = `The forwarder failed: "${words}"; it tries again`;
        if (await this.#pause("internal", text, this.#jitter()) === "end") return;
      }
    }
  }

  /** One block's turn, or a nap. False: the end. */
  async #step(): Promise<boolean> {
    const { work, wait } = await this.#pick();
    if (work === undefined) {
      if (this.#stopping) return false;
      if (wait === Infinity) this.#status.idle();
      else this.#status.planned(wait);
      await this.#naps.sleep(wait, true);
      return true;
    }
    const outcome = await this.#turn(work.block, work.lane);
    return await this.#after(outcome, work.block);
  }

  async #turn(block: Block, lane: Lane): Promise<SearchOutcome> {
    const known = this.#search.of(block.position);
    if (known !== undefined) return await this.#search.go(known, block, lane);
    const verdict = await this.#sender.block(block, lane);
    switch (verdict.kind) {
      case "delivered":
        this.#search.vouch();
        return { kind: "done" };
      case "refused":
      case "too_large":
        return await this.#search.go(await this.#search.open(block, verdict), block, lane);
      default:
        return { kind: "failed", failure: verdict };
    }
  }

  async #after(outcome: SearchOutcome, block: Block): Promise<boolean> {
    switch (outcome.kind) {
      case "done":
        this.#putOff.delete(block.position);
        return true;
      case "more":
        return true;
      case "spent": {
        // Not the whole destination waits, only this block: the other lane goes on.
        const wait = fullJitter(outcome.pauses, this.#parts.retry, this.#parts.random);
        this.#defer(block.position, wait);
        const text = `The search for bad lines in block ${block.position} has spent its requests and pauses`;
        this.#status.waiting("isolating", text, wait);
        this.#parts.onEvent({ kind: "waiting", reason: "isolating", text, wait, attempts: outcome.pauses });
        return true;
      }
      case "suspect":
        return await this.#hold(outcome.isolation);
      case "failed":
        return await this.#fail(outcome.failure, block);
    }
  }

  async #fail(failure: Trouble, block: Block): Promise<boolean> {
    const { destination, retry, random } = this.#parts;
    const text = verdictText(failure, destination.names);
    if (failure.kind === "capacity") {
      // Only lines of new series are refused: other blocks go on, this one is tried again later.
      this.#defer(block.position, retry.max);
      this.#status.capacity(text, 3 * retry.max);
      this.#parts.onEvent({ kind: "waiting", reason: "capacity", text, wait: retry.max, attempts: 1 });
      return true;
    }
    if (failure.kind === "no_answer" && failure.reason === "aborted") return false;
    if (failure.kind === "unauthorised") destination.forgetToken();
    this.#status.attempts++;
    const wait = delayAfter(failure, this.#status.attempts, retry, random);
    return await this.#pause(failure.kind, text, wait) !== "end";
  }

  /** Nothing of a block was accepted: ask other blocks whether the database takes anything at all (rule F8). */
  async #hold(isolation: Isolation): Promise<boolean> {
    let askSuspect = false;
    for (let pauses = 0; !this.#end.signal.aborted; pauses++) {
      const found = await this.#search.probe(isolation, askSuspect);
      if (found.kind === "failed") return await this.#fail(found.failure, found.block);
      if (found.kind === "accepted") {
        if (pauses === 0 || !isolation.provisional) this.#search.vouch();
        else this.#search.restart(isolation.position);
        return true;
      }
      // Without another block there is nobody to ask yet: the next one is asked as soon as it comes.
      const nobody = found.kind === "nobody";
      this.#status.attempts++;
      const text = holdingText(isolation, this.#parts.destination.names, nobody);
      const reason = nobody && pauses === 0 ? "isolating" : "configuration";
      const ended = await this.#pause(reason, text, this.#jitter(), nobody);
      if (ended === "end") return false;
      askSuspect = ended === "time";
    }
    return false;
  }

  /** Waits after a failure. */
  async #pause(reason: WaitReason, text: string, wait: number, mindsData = false): Promise<NapEnd | "end"> {
    this.#status.waiting(reason, text, wait);
    this.#parts.onEvent({ kind: "waiting", reason, text, wait, attempts: this.#status.attempts });
    return this.#stopping ? "end" : await this.#naps.sleep(wait, mindsData);
  }

  /** The next block by lane, or how long the first one put off still waits. */
  async #pick(): Promise<{ work?: { block: Block; lane: Lane }; wait: number }> {
    const now = this.#parts.clock.monotonic();
    let wait = Infinity;
    for (const lane of this.#lanes.order()) {
      const block = await this.#parts.outbox.next(lane);
      if (block === undefined) continue;
      const until = this.#putOff.get(block.position) ?? 0;
      if (until <= now) return { work: { block, lane }, wait: 0 };
      wait = Math.min(wait, until - now);
    }
    return { wait };
  }

  #defer(position: number, ms: number): void {
    this.#putOff.delete(position);
    this.#putOff.set(position, this.#parts.clock.monotonic() + ms);
    const oldest = this.#putOff.keys().next();
    if (this.#putOff.size > PUT_OFF && !oldest.done) this.#putOff.delete(oldest.value);
  }

  #jitter(): number {
    return fullJitter(Math.max(1, this.#status.attempts), this.#parts.retry, this.#parts.random);
  }
}

function holdingText(isolation: Isolation, names: DestinationNames, nobody: boolean): string {
  const refused = verdictText(isolation.refusal, names);
  return nobody
    ? `${refused}; all of block ${isolation.position} is refused and no other block is there to tell whether ` +
      `the lines or the configuration are to blame, the data is kept`
    : `${refused}; other blocks are refused as well, so the configuration is to blame: check it, the data is kept`;
}
