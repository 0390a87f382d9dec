import {
  type Credentials,
  Forwarder,
  type ForwardEvent,
  HttpTransport,
  influxDestination,
} from "../../src/forward/mod.ts";
import { type AnswerRule, HttpReceiver } from "./http_receiver.ts";
import { ManualClock } from "./manual_clock.ts";
import { until } from "./until.ts";
import { MemoryOutbox } from "./memory_outbox.ts";

/** The token that no text may hold. */
export const TOKEN = "planted-token-7f3a";

/** A forwarder over real HTTP, with a clock that the test moves and dice that always show `dice`. */
export class Rig implements AsyncDisposable {
  readonly clock = new ManualClock();
  readonly outbox = new MemoryOutbox();
  readonly events: ForwardEvent[] = [];
  readonly server: HttpReceiver;
  readonly forwarder: Forwarder;
  readonly #transport = new HttpTransport({ clock: this.clock });

  constructor(answer?: AnswerRule, options: { credentials?: Credentials; dice?: number; url?: string } = {}) {
    this.server = new HttpReceiver(answer);
    const destination = influxDestination(
      {
        url: options.url ?? this.server.url,
        timeout: 10_000,
        credentials: options.credentials ?? { kind: "token", read: () => TOKEN },
        target: { version: 2, org: "plant", bucket: "telemetry" },
      },
      this.#transport,
      this.clock,
    );
    this.forwarder = new Forwarder({
      destination,
      outbox: this.outbox,
      retry: { initial: 500, max: 60_000 },
      clock: this.clock,
      random: () => options.dice ?? 1 - Number.EPSILON,
      onEvent: (event) => this.events.push(event),
    });
  }

  /** Begins, and waits until everything added so far is settled; sleeps are passed as they come. */
  async settle(): Promise<void> {
    this.forwarder.start();
    await until("all blocks are settled", () => {
      if (this.clock.sleeping > 0 && this.outbox.waitingBlocks > 0) {
        this.clock.advance(this.clock.sleeps.at(-1) ?? 0);
      }
      return this.outbox.waitingBlocks === 0;
    }, { state: () => ({ status: this.forwarder.status, settled: this.outbox.settled }) });
  }

  /** All dead letters of all blocks. */
  get dead(): readonly string[] {
    return [...this.outbox.deadLetters.values()].flat().map((letter) => letter.line);
  }

  /** All that was ever said to people. */
  get said(): string {
    return JSON.stringify([this.events, this.forwarder.status, [...this.outbox.deadLetters.values()]]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const stopped = this.forwarder.stop(0);
    this.clock.advance(0);
    await stopped;
    this.#transport.close();
    await this.server.close();
  }
}

/** `count` lines of as many series of one measurement. */
export function lines(count: number, from = 0): string[] {
  return Array.from(
    { length: count },
    (_, n) => `m,device=d${from + n} x=${from + n} ${1_700_000_000_000_000_000n}`,
  );
}
