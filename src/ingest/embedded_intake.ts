// Deferred: the package is loaded where a broker inside this process is configured, not at every start.
import defer * as aedes from "aedes";
import type { Aedes, AuthenticateError, Client, PublishPacket } from "aedes";
import { Buffer } from "node:buffer";
import { createHash, timingSafeEqual } from "node:crypto";
import type { Clock } from "../clock.ts";
import { EmbeddedListener } from "./embedded_listener.ts";
import type { EmbeddedIntakeOptions, OutgoingMessage } from "./embedded_options.ts";
import { type Done, EmbeddedReceiver } from "./embedded_receiver.ts";
import { describeBlock } from "./failure_text.ts";
import type { InboxPort } from "./inbox_port.ts";
import type { Intake, IntakeEvent, IntakeStatus } from "./intake.ts";
import { STOP_TIMEOUT } from "./mqtt_options.ts";
import { Subscribed } from "./subscribed.ts";
import { TopicMatcher } from "./topic_matcher.ts";

/** An intake that is the broker. */
export interface EmbeddedIntake extends Intake {
  /** Port that it listens on; 0 before `start`. */
  readonly port: number;
  /** Sends a message to the clients that subscribe to its topic; it is not journalled. */
  publish(message: OutgoingMessage): Promise<void>;
}

/**
 * A broker (aedes, MQTT 3.1.1) in this process, whose PUBACK means "on disk".
 *
 * aedes acknowledges before it publishes, so messages are journalled in its asynchronous `authorizePublish`
 * hook, which calls back after the group's fsync; a wait there holds up nobody else. QoS 0 is journalled too,
 * without waiting. A device that sends again after a lost PUBACK is journalled again, with its DUP flag.
 *
 * @param options the broker
 * @param inbox where messages go
 * @param clock wall clock for reports, timers
 * @param onEvent called for each event, synchronously
 */
export function embeddedIntake(
  options: EmbeddedIntakeOptions,
  inbox: InboxPort,
  clock: Clock,
  onEvent: (event: IntakeEvent) => void,
): EmbeddedIntake {
  return new EmbeddedBroker(options, inbox, clock, onEvent);
}

/** CONNACK return codes of MQTT 3.1.1 §3.2.2.3. */
const UNAVAILABLE = 3;
const BAD_CREDENTIALS = 4;

class EmbeddedBroker implements EmbeddedIntake {
  readonly #subscribed = new Subscribed();
  readonly #receiver: EmbeddedReceiver;
  #matcher: TopicMatcher;
  #broker: Aedes | undefined;
  #listener: EmbeddedListener | undefined;
  #port = 0;
  #since: number;

  constructor(
    readonly options: EmbeddedIntakeOptions,
    inbox: InboxPort,
    readonly clock: Clock,
    readonly onEvent: (event: IntakeEvent) => void,
  ) {
    this.#matcher = new TopicMatcher(options.filters);
    this.#since = clock.wall();
    this.#receiver = new EmbeddedReceiver(
      options,
      inbox,
      clock,
      onEvent,
      (blocked) => this.#subscribed.set(!blocked),
    );
  }

  get port(): number {
    return this.#port;
  }

  async start(): Promise<void> {
    if (this.#listener !== undefined) return;
    const broker = await aedes.Aedes.createBroker({
      authenticate: (client, username, password, done) =>
        this.#authenticate(client, username, password, done),
      authorizePublish: (_client, packet, done) => this.#authorize(packet, done),
    });
    const listener = new EmbeddedListener(broker, this.clock);
    try {
      this.#port = await listener.open(this.options.host, this.options.port);
    } catch (error) {
      await listener.close();
      throw error;
    }
    this.#broker = broker;
    this.#listener = listener;
    this.#since = this.clock.wall();
    this.#subscribed.set(true);
    this.onEvent({ kind: "subscribed", filters: this.options.filters });
  }

  async stop(): Promise<void> {
    const listener = this.#listener;
    if (listener === undefined) return;
    this.#listener = undefined;
    this.#since = this.clock.wall();
    this.#subscribed.set(false);
    await this.#receiver.close(this.options.stopTimeout ?? STOP_TIMEOUT);
    await listener.close();
    this.#broker = undefined;
  }

  setSubscriptions(filters: readonly string[]): Promise<void> {
    this.#matcher = new TopicMatcher(filters);
    return Promise.resolve();
  }

  onSubscribed(listener: (subscribed: boolean) => void): void {
    this.#subscribed.onChange(listener);
  }

  publish(message: OutgoingMessage): Promise<void> {
    const broker = this.#broker;
    if (broker === undefined) return Promise.reject(new Error("The embedded broker is not running"));
    const payload = typeof message.payload === "string" ? message.payload : Buffer.from(message.payload);
    return new Promise((resolve, reject) => {
      broker.publish({ cmd: "publish", dup: false, ...message, payload }, (error) => {
        if (error) reject(error);
        else resolve();
      });
    });
  }

  get status(): IntakeStatus {
    const { lastMessageAt, unacked, blocked } = this.#receiver;
    return {
      connected: this.#listener !== undefined,
      subscribed: this.#subscribed.value,
      since: this.#since,
      broker: `embedded://${this.options.host}:${this.#port || this.options.port}`,
      blocked: blocked !== undefined,
      pendingFilters: [],
      refusedFilters: [],
      unacked,
      clients: this.#broker?.connectedClients ?? 0,
      ...(blocked === undefined ? {} : { reason: describeBlock(blocked) }),
      ...(lastMessageAt === undefined ? {} : { lastMessageAt }),
    };
  }

  #authenticate(
    client: Client,
    username: string | undefined,
    password: Uint8Array | undefined,
    done: (error: AuthenticateError | null, success: boolean | null) => void,
  ): void {
    const { blocked } = this.#receiver;
    if (blocked !== undefined) return done(refusal(describeBlock(blocked), UNAVAILABLE), false);
    if (this.options.username === undefined) return done(null, true);
    const expected = fingerprint(this.options.username, this.options.password ?? "");
    const given = fingerprint(username ?? "", password ?? "");
    if (timingSafeEqual(expected, given)) return done(null, true);
    const text = `The device "${client.id}" was refused: wrong user name or password`;
    this.onEvent({ kind: "client_refused", client: client.id, text });
    done(refusal(text, BAD_CREDENTIALS), false);
  }

  #authorize(packet: PublishPacket, done: Done): void {
    if (packet.topic.startsWith("$SYS/")) return done(new Error("$SYS topics belong to the broker"));
    if (this.#matcher.matches(packet.topic)) this.#receiver.journal(packet, done);
    else done();
  }
}

/** The pair as one digest of fixed length, to be compared in constant time. */
function fingerprint(username: string, password: string | Uint8Array): Uint8Array {
  return createHash("sha256").update(username).update("\0").update(password).digest();
}

function refusal(message: string, returnCode: number): AuthenticateError {
  return Object.assign(new Error(message), { returnCode });
}
