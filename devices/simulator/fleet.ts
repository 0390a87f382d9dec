import mqtt, { type MqttClient } from "mqtt";
import type { Clock } from "../../src/clock.ts";
import type { Label } from "./faults/draft.ts";
import type { Published } from "./oracle.ts";
import type { Planned, Script } from "./script.ts";
import { type SoundFleet, soundScripts } from "./sound_scripts.ts";

/** A fleet of devices and where it publishes. */
export interface FleetOptions extends SoundFleet {
  /** Address of the broker, e.g. `mqtt://127.0.0.1:1883`. */
  readonly brokerUrl: string;
  /** Paces the devices and stamps the start of the run. */
  readonly clock: Clock;
  /** What is published; left out: what so many sound rooms and meters say. */
  readonly scripts?: readonly Script[];
  /** What the devices' clocks say at the beginning, ms since 1970; left out: the time of day. */
  readonly startedAt?: number;
  /** Is told of each message in the order of publishing, of those that a fault kept back too. */
  readonly onPlanned?: (planned: Planned, script: number) => void;
}

/** A message that the broker acknowledged, with what must become of it. */
export interface Obligation extends Published {
  readonly label: Label;
  /** When it was received, as far as the devices know. */
  readonly receivedAt: number;
}

/** Where the fleet's messages are. */
export interface FleetCounts {
  /** Handed to the MQTT client. */
  published: number;
  /** Acknowledged by the broker with a PUBACK. */
  acknowledged: number;
  /** Of those: on topics that the gateway does not want. */
  foreign: number;
}

/** Connections that the devices share at most. */
const CONNECTIONS = 8;

/** Messages without a PUBACK, over all connections: beyond it the devices wait. */
const MAX_IN_FLIGHT = 4_000;

/** Pause before a broken connection is opened again, ms. */
const RECONNECT = 500;

/** How long after the end the devices may still be catching up, ms. */
const CATCH_UP = 30_000;

/** Pause between two looks at what is due, ms. */
const BEAT = 10;

interface Member {
  readonly number: number;
  readonly script: Script;
  readonly client: MqttClient;
  /** Its messages; `undefined` before the run. */
  messages: Iterator<Planned> | undefined;
  /** The message that comes next. */
  next: Planned | undefined;
  /** Messages taken from the script so far, sent or not. */
  taken: number;
  /** Numbers of messages without a PUBACK yet. */
  readonly open: Set<number>;
  /** Something of it was acknowledged. */
  heard: boolean;
}

/**
 * The devices of a site, publishing with QoS 1 over a few shared connections.
 *
 * What was acknowledged is an obligation of the gateway. It is not kept but made again from the seed when it is asked
 * for, so that a long run needs no memory for it.
 */
export class Fleet {
  /** Where the messages are. */
  readonly counts: FleetCounts = { published: 0, acknowledged: 0, foreign: 0 };
  readonly #options: FleetOptions;
  readonly #clients: readonly MqttClient[];
  readonly #members: readonly Member[];
  #startedAt = 0;
  #wallStart = 0;
  #duration = 0;

  private constructor(options: FleetOptions, clients: readonly MqttClient[]) {
    this.#options = options;
    this.#clients = clients;
    this.#members = (options.scripts ?? soundScripts(options)).map((script, index) => {
      const client = clients[index % clients.length];
      if (client === undefined) throw new Error("A fleet needs a connection");
      const member = { number: index, script, client, messages: undefined, next: undefined };
      return { ...member, taken: 0, open: new Set<number>(), heard: false };
    });
  }

  /** Connects. Fails with the broker's words when it does not want the devices. */
  static async connect(options: FleetOptions): Promise<Fleet> {
    const run = crypto.randomUUID().slice(0, 8);
    const attempts = Array.from(
      { length: Math.min(CONNECTIONS, Math.max(1, options.devices)) },
      (_, index) =>
        mqtt.connectAsync(options.brokerUrl, {
          clientId: `sluice-sim-${run}-${index}`,
          protocolVersion: 4,
          clean: true,
          // With a reconnect period, what a broken connection had not acknowledged is sent again.
          reconnectPeriod: RECONNECT,
        }, false),
    );
    const results = await Promise.allSettled(attempts);
    const clients = results.flatMap((result) => result.status === "fulfilled" ? [result.value] : []);
    const refused = results.find((result) => result.status === "rejected");
    if (refused !== undefined) {
      await Promise.all(clients.map((client) => client.endAsync(true)));
      throw new Error(`The devices cannot connect to "${options.brokerUrl}": ${refused.reason}`);
    }
    // Without a listener, an error of a connection that comes back by itself would end the process.
    for (const client of clients) client.on("error", () => {});
    return new Fleet(options, clients);
  }

  /** Wall clock at which the run began, ms. */
  get startedAt(): number {
    return this.#startedAt;
  }

  /**
   * Publishes what falls due, for so long or until the signal.
   *
   * A broker that does not keep up slows the devices down; what they say stays the same. What they could not say
   * within half a minute after the end stays unsaid.
   *
   * @param duration ms
   * @returns whether all was said that falls into that time
   */
  async run(duration: number, signal: AbortSignal): Promise<boolean> {
    const { clock } = this.#options;
    this.#duration = duration;
    this.#wallStart = Math.round(clock.wall());
    this.#startedAt = this.#options.startedAt ?? this.#wallStart;
    const began = clock.monotonic();
    for (const member of this.#members) {
      member.messages = member.script.open(this.#startedAt)[Symbol.iterator]();
      this.#advance(member);
    }
    while (!signal.aborted) {
      const elapsed = clock.monotonic() - began;
      const all = this.#publishDue(Math.min(elapsed, duration));
      if (elapsed >= duration && (all || elapsed >= duration + CATCH_UP)) return all;
      await clock.sleep(BEAT, signal);
    }
    return false;
  }

  /** Publishes what is due at this moment; false where too much is in flight, or somebody waits for the others. */
  #publishDue(elapsed: number): boolean {
    let all = true;
    for (const member of this.#members) {
      while (member.next !== undefined && member.next.due < elapsed) {
        if (this.counts.published - this.counts.acknowledged >= MAX_IN_FLIGHT) return false;
        if (member.script.waits && !this.#othersKnown()) {
          all = false;
          break;
        }
        this.#publish(member, member.next);
        this.#advance(member);
      }
    }
    return all;
  }

  /** Whether everybody who does not wait is known to the broker, or has nothing to say in this run. */
  #othersKnown(): boolean {
    const duration = this.#duration;
    return this.#members.every(({ script, heard, taken, next }) =>
      script.waits || heard || (taken === 0 && (next === undefined || next.due >= duration))
    );
  }

  #advance(member: Member): void {
    const next = member.messages?.next();
    member.next = next === undefined || next.done === true ? undefined : next.value;
  }

  #publish(member: Member, planned: Planned): void {
    const number = member.taken++;
    this.#options.onPlanned?.(planned, member.number);
    if (planned.label.fate.kind === "unsent") return;
    member.open.add(number);
    this.counts.published++;
    member.client.publish(planned.topic, planned.payload, { qos: 1 }, (error) => {
      if (error) return;
      member.open.delete(number);
      member.heard = true;
      this.counts.acknowledged++;
      if (planned.label.fate.kind === "not_taken") this.counts.foreign++;
    });
  }

  /** Waits until every message is acknowledged; false if that takes longer than `ms`. */
  async settled(ms: number): Promise<boolean> {
    const { clock } = this.#options;
    const until = clock.monotonic() + ms;
    while (this.counts.acknowledged < this.counts.published) {
      if (clock.monotonic() >= until) return false;
      await clock.sleep(BEAT);
    }
    return true;
  }

  /**
   * What the broker acknowledged and what faults kept back, script by script in the order of publishing.
   */
  *acknowledged(): Generator<Obligation> {
    for (const { script, taken, open } of this.#members) {
      let number = 0;
      if (taken === 0) continue;
      for (const { due, topic, payload, label } of script.open(this.#startedAt)) {
        if (!open.has(number)) yield { topic, payload, label, receivedAt: this.#wallStart + due };
        if (++number === taken) break;
      }
    }
  }

  /** Disconnects. */
  async close(): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.endAsync(true)));
  }
}
