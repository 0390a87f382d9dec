import { Buffer } from "node:buffer";
import { generate } from "mqtt-packet";
import { moment } from "../../support/child_process.ts";
import { siteMessages } from "../../support/climate_site.ts";
import { alarmDevice, type BrokerTask, PROTOCOL } from "./broker.ts";

/** Identifiers go round from 1 to this, which is more than are ever in flight. */
const MAX_ID = 65_535;

/** How often messages are sent, ms: those that are due together go out in one piece. */
const TICK = 1;

/** How long an alarm lasts, s. */
const FIRING = 1;

/** Part of the messages that only warm the subscriber up: while V8 compiles, the pace is not steady. */
const WARM_UP = 0.25;

/** What came of it. */
export interface Paced {
  /** How long each message behind the warm-up waited for its PUBACK, ms. */
  readonly waits: Float64Array;
  /** How many were sent, with those of the warm-up. */
  readonly count: number;
  /** When the alarms were due. */
  readonly alarms: readonly number[];
}

/**
 * Sends messages when they are due, whatever became of those before. Where the subscriber's window is full they wait
 * here, and that counts: a subscriber that is behind cannot make itself look fast.
 */
export class Pace {
  readonly #packets: Uint8Array[] = [];
  /** Which message is which alarm. */
  readonly #alarmAt = new Map<number, number>();
  readonly #alarms: number[] = [];
  readonly #dueAt: Float64Array;
  readonly #waits: Float64Array;
  readonly #perMs: number;
  readonly #done = Promise.withResolvers<void>();
  #write: (bytes: Uint8Array) => void = () => {};
  #window = 0;
  #due = 0;
  #sent = 0;
  #acknowledged = 0;

  /** Builds the packets: nothing is encoded while it is timed. */
  constructor({ rate, messages, alarms }: BrokerTask) {
    const now = Date.now();
    const every = alarms === 0 ? Infinity : Math.floor(messages / alarms);
    // The packet at which the alert of each alarm is to end: those that stand would weigh on every answer of the API.
    const over: number[] = [];
    let ended = 0;
    for (const { topic, payload } of siteMessages(messages, now)) {
      this.#add(topic, payload);
      const number = this.#alarmAt.size;
      // What is sent besides: the alarms so far, and the ends of some of them.
      const besides = number + ended;
      if (number < alarms && this.#packets.length - besides === Math.floor((number + 0.5) * every)) {
        this.#alarmAt.set(this.#packets.length, number);
        this.#addReading(number, now + number, 120);
        over.push(this.#packets.length + rate * FIRING);
      }
      while ((over[ended] ?? Infinity) <= this.#packets.length) {
        this.#addReading(ended, now + ended++ + 1, 20);
      }
    }
    while (ended < over.length) this.#addReading(ended, now + ended++ + 1, 20);
    this.#perMs = rate / 1_000;
    this.#dueAt = new Float64Array(this.#packets.length);
    this.#waits = new Float64Array(this.#packets.length);
  }

  /** The subscriber is there. @param window messages without a PUBACK that it takes (Receive Maximum) */
  attach(write: (bytes: Uint8Array) => void, window: number): void {
    this.#write = write;
    this.#window = window;
  }

  /** The subscriber has acknowledged a message. */
  acknowledged(id: number): void {
    // Of the messages with this identifier the newest that was sent.
    const index = this.#sent - 1 - ((this.#sent - 1 - (id - 1)) % MAX_ID + MAX_ID) % MAX_ID;
    this.#waits[index] = performance.now() - (this.#dueAt[index] ?? NaN);
    if (++this.#acknowledged === this.#packets.length) this.#done.resolve();
    else if (this.#sent < this.#due) this.#send();
  }

  /** Sends everything. */
  async run(): Promise<Paced> {
    const began = performance.now();
    const timer = setInterval(() => {
      const now = performance.now();
      const due = Math.min(this.#packets.length, Math.floor((now - began) * this.#perMs));
      this.#dueAt.fill(now, this.#due, due);
      for (let n = this.#due; n < due; n++) {
        const number = this.#alarmAt.get(n);
        if (number !== undefined) this.#alarms[number] = moment();
      }
      this.#due = due;
      this.#send();
    }, TICK);
    await this.#done.promise;
    clearInterval(timer);
    return {
      waits: this.#waits.slice(this.#waits.length * WARM_UP),
      count: this.#waits.length,
      alarms: this.#alarms,
    };
  }

  #send(): void {
    const end = Math.min(this.#due, this.#acknowledged + this.#window);
    if (end <= this.#sent) return;
    this.#write(Buffer.concat(this.#packets.slice(this.#sent, end)));
    this.#sent = end;
  }

  /** A reading of an alarm's device, each a moment later than the one before: the API shows the newest first. */
  #addReading(number: number, ts: number, temperature: number): void {
    const text = JSON.stringify({ ts, seq: 0, temperature, humidity: 50, battery: 50 });
    this.#add(`site/north/${alarmDevice(number)}/telemetry`, new TextEncoder().encode(text));
  }

  #add(topic: string, payload: Uint8Array): void {
    const messageId = this.#packets.length % MAX_ID + 1;
    const packet = {
      topic,
      payload: Buffer.from(payload),
      messageId,
      qos: 1,
      dup: false,
      retain: false,
    } as const;
    this.#packets.push(generate({ cmd: "publish", ...packet }, PROTOCOL));
  }
}
