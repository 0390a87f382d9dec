import type { Clock, Timer } from "../clock.ts";
import type { SubscribeAnswer } from "./connection.ts";
import { type ConnectionFailure, messageOf } from "./failure.ts";
import type { IntakeEvent } from "./intake.ts";
import type { ProbeOptions } from "./mqtt_options.ts";
import { ProbeRecord } from "./probe_record.ts";

/** The connection as the watch sees it. */
export interface WatchedConnection {
  /** Bytes that have come so far. */
  readonly received: number;
  /** Asks whether the broker is there; what it had written before its answer has come before. */
  ping(answered: () => void): void;
  /** Sends SUBSCRIBE; the codes, or `undefined` where the connection broke. */
  subscribe(filters: readonly string[], qos: 0 | 1): Promise<SubscribeAnswer>;
}

/** The messages as the watch sees them. */
export interface WatchedFlow {
  /** Topic of the probes, this session's alone. */
  readonly probeTopic: string;
  /** Messages with QoS 1 so far. Others prove nothing: a broker sends them past what it holds back. */
  readonly arrivals: number;
  /** The gateway itself keeps the broker waiting: a message is held, or acknowledgements wait for the disk. */
  readonly busy: boolean;
}

/** What the watch decides. */
export interface WatchPorts {
  readonly onEvent: (event: IntakeEvent) => void;
  /** Gives the connection up, not the session. */
  readonly cut: (failure: ConnectionFailure) => void;
}

/** Looks in the time of `every`; all that follows is counted in looks, so a process that stood still counts none. */
const LOOKS = 10;
/** So many looks without a message, and the broker is asked. */
const SOON = 2;
/** So many looks an answer may take. */
const PATIENCE = 5;

/** A probe that is on its way. */
interface Probe {
  readonly payload: string;
  readonly given: AbortController;
  /**
   * How far it is: `echoed`, it came back to the second client; `overtaken`, so has all that the broker had sent until
   * then, by its answer to a ping.
   */
  stage: "published" | "echoed" | "overtaken";
  /** Looks in that stage. */
  waited: number;
  /** Why it could not be published. */
  why: string;
}

/**
 * Notices a connection that stands and brings nothing: a broker that went silent, and one that answers and keeps
 * messages back, as one does that has lost count of what is in flight.
 *
 * When no message comes, the broker is pinged, and a probe is published by a second client, which listens for it
 * too. Without an answer to the ping the connection is dead. A probe that came back to the second client and not to
 * the session shows a stall: then, and only then, the session is connected anew. One that came to nobody shows
 * nothing: the broker's rules may forbid the topic, or the second client has trouble of its own.
 */
export class StallWatch {
  readonly #salt: string;
  #connection: WatchedConnection | undefined;
  #timer: Timer | undefined;
  #probing = false;
  #probe: Probe | undefined;
  #number = 0;
  #arrivals = 0;
  #received = 0;
  /** Looks without a message, since the last probe, and since a ping that is not answered. */
  #quiet = 0;
  #since = 0;
  #pinged: number | undefined;
  #pings = 0;
  /** Connections in a row that ended before the broker answered the subscription. */
  #ended = 0;
  #said = false;
  readonly #record = new ProbeRecord();

  /** @param random dice in `[0, 1)`, for what no other process puts into its probes */
  constructor(
    readonly options: ProbeOptions,
    readonly flow: WatchedFlow,
    readonly clock: Clock,
    random: () => number,
    readonly ports: WatchPorts,
  ) {
    this.#salt = random().toString(36).slice(2);
  }

  /**
   * Watches a connection that may subscribe. Some brokers answer a forbidden filter by closing the connection: after
   * two that ended so, there are no probes any more. Resolves when the broker has answered.
   */
  async begin(connection: WatchedConnection): Promise<void> {
    this.#connection = connection;
    this.#quiet = 0;
    this.#since = LOOKS;
    this.#pinged = undefined;
    this.#next();
    if (this.#ended >= 2) return this.#say("the broker closes the connection over that subscription");
    this.#ended++;
    const [code] = await connection.subscribe([this.flow.probeTopic], 1) ?? [];
    if (code === undefined || connection !== this.#connection) return;
    this.#ended = 0;
    this.#probing = code < 128;
    if (!this.#probing) this.#say(`the broker refuses the subscription with code ${code}`);
  }

  /** The connection is gone, or is to go. */
  end(): void {
    this.#connection = undefined;
    this.#probing = false;
    this.#timer?.cancel();
    this.#forget();
  }

  /** Something has come on the topic: only the probe that is under way counts, not one of an earlier time. */
  returned(payload: string): void {
    if (payload !== this.#probe?.payload) return;
    this.#forget();
    this.#said = false;
    this.#record.answered();
  }

  #next(): void {
    this.#timer = this.clock.after(this.options.every / LOOKS, () => {
      this.#next();
      if (this.#connection !== undefined) this.#look(this.#connection);
    });
  }

  #look(connection: WatchedConnection): void {
    const { arrivals, busy } = this.flow;
    const alive = busy || connection.received !== this.#received;
    const flows = busy || arrivals !== this.#arrivals;
    this.#received = connection.received;
    this.#arrivals = arrivals;
    this.#since++;
    if (this.#pinged !== undefined) this.#pinged = alive ? 0 : this.#pinged + 1;
    if (this.#pinged === PATIENCE) return this.#cut("silent");
    if (flows) {
      if (!busy) this.#record.flows();
      this.#quiet = 0;
      return this.#forget();
    }
    this.#quiet++;
    const probe = this.#probe;
    // A large message on a slow line lies before the answer to the ping: as long as its bytes come, it may.
    if (probe?.stage === "echoed") return;
    if (probe !== undefined) return ++probe.waited < PATIENCE ? undefined : this.#judge(probe);
    if (this.#quiet >= SOON && this.#since >= LOOKS) this.#ask(connection);
  }

  #ask(connection: WatchedConnection): void {
    this.#since = 0;
    this.#ping(connection);
    if (!this.#probing) return;
    const probe: Probe = {
      payload: `${this.#salt}-${++this.#number}`,
      given: new AbortController(),
      stage: "published",
      waited: 0,
      why: "nothing has come back",
    };
    this.#probe = probe;
    this.options.echo(this.flow.probeTopic, probe.payload, probe.given.signal).then(() => {
      if (probe !== this.#probe) return;
      probe.stage = "echoed";
      this.#ping(connection, () => {
        probe.stage = "overtaken";
        probe.waited = 0;
      });
    }, (error) => probe.why = messageOf(error));
  }

  #ping(connection: WatchedConnection, answered?: () => void): void {
    const number = ++this.#pings;
    this.#pinged = 0;
    connection.ping(() => {
      if (number === this.#pings) this.#pinged = undefined;
      answered?.();
    });
  }

  #judge(probe: Probe): void {
    this.#forget();
    if (probe.stage === "overtaken") {
      if (this.#record.stalled(this.clock.monotonic()) === "cut") this.#cut("stalled");
      return;
    }
    const next = this.#record.lost();
    if (next !== "go_on") this.#say(probe.why);
    if (next === "give_up") this.#probing = false;
  }

  #cut(reason: "silent" | "stalled"): void {
    this.end();
    this.ports.cut({ reason, after: this.options.every * PATIENCE / LOOKS });
  }

  #forget(): void {
    this.#probe?.given.abort();
    this.#probe = undefined;
  }

  #say(why: string): void {
    if (this.#said) return;
    this.#said = true;
    const text =
      `No probe comes back over "${this.flow.probeTopic}" (${why}): a broker that answers and keeps messages ` +
      "back is not noticed; let the gateway's user publish and subscribe there, or set mqtt.probe to 0s";
    this.ports.onEvent({ kind: "unprobed", text });
  }
}
