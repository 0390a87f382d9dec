import type { IConnackPacket } from "mqtt";
import type { Clock, Timer } from "../clock.ts";
import { type BrokerAddress, parseBrokerAddress } from "./broker_address.ts";
import { closedEvent } from "./closed_event.ts";
import type { Connection } from "./connection.ts";
import { dial } from "./dial.ts";
import type { ConnectionFailure } from "./failure.ts";
import { contextOf, describeBlock, describeFailure } from "./failure_text.ts";
import type { InboxPort } from "./inbox_port.ts";
import type { BlockCause, Intake, IntakeEvent, IntakeStatus } from "./intake.ts";
import { type MqttIntakeOptions, RECONNECT, STOP_TIMEOUT } from "./mqtt_options.ts";
import { Receiver } from "./receiver.ts";
import { Reconnect } from "./reconnect.ts";
import { describeLoss, SessionHistory } from "./session_history.ts";
import { StallWatch } from "./stall_watch.ts";
import { Subscribed } from "./subscribed.ts";
import { Subscriptions } from "./subscriptions.ts";

/** Wait until a refused filter is tried again. */
const REFUSED_AGAIN = 60_000;

/**
 * A persistent MQTT session with a broker, QoS 1: a message is acknowledged when the inbox says it is on disk.
 *
 * Connects again for ever, with jittered back-off; each attempt is a client of its own.
 *
 * @param options the session
 * @param inbox where messages go
 * @param clock wall clock for reports, timers
 * @param random dice in `[0, 1)` for the back-off
 * @param onEvent called for each event, synchronously
 * @throws TypeError where `options.url` is no broker's address
 */
export function mqttIntake(
  options: MqttIntakeOptions,
  inbox: InboxPort,
  clock: Clock,
  random: () => number,
  onEvent: (event: IntakeEvent) => void,
): Intake {
  return new MqttIntake(options, inbox, clock, random, onEvent);
}

class MqttIntake implements Intake {
  readonly #address: BrokerAddress;
  readonly #subscriptions: Subscriptions;
  readonly #receiver: Receiver;
  readonly #watch: StallWatch | undefined;
  readonly #reconnect: Reconnect;
  readonly #history: SessionHistory;
  readonly #subscribed = new Subscribed();
  #connection: Connection | undefined;
  #open = false;
  #openedAt = 0;
  #since: number;
  #failure: ConnectionFailure | undefined;
  #blocked: BlockCause | undefined;
  #refusedRetry: Timer | undefined;
  #running = false;
  #ended: (() => void) | undefined;

  constructor(
    readonly options: MqttIntakeOptions,
    readonly inbox: InboxPort,
    readonly clock: Clock,
    readonly random: () => number,
    readonly onEvent: (event: IntakeEvent) => void,
  ) {
    this.#address = parseBrokerAddress(options.url);
    this.#subscriptions = new Subscriptions(options.filters, options.formerFilters ?? [], onEvent);
    const ports = {
      onEvent,
      block: (cause: BlockCause) => this.#block(cause),
      cut: (failure: ConnectionFailure) => this.#cut(failure),
      probed: (payload: string) => this.#watch?.returned(payload),
    };
    this.#receiver = new Receiver(options, inbox, clock, ports);
    this.#watch = options.probe && new StallWatch(options.probe, this.#receiver, clock, random, ports);
    this.#reconnect = new Reconnect(options.backoff ?? RECONNECT, clock, random);
    this.#since = clock.wall();
    this.#history = new SessionHistory(options.lastConnectedAt, () => clock.wall());
    inbox.onDurable((upTo) => {
      this.#receiver.durable(upTo);
      this.#unblock();
    });
    inbox.onWritable(() => this.#unblock());
  }

  start(): Promise<void> {
    if (this.#running) return Promise.resolve();
    this.#running = true;
    return this.#connect();
  }

  async stop(): Promise<void> {
    if (!this.#running) return;
    this.#running = false;
    this.#reconnect.cancel();
    this.#refusedRetry?.cancel();
    this.#watch?.end();
    this.#subscribed.set(false);
    await this.#receiver.close(this.options.stopTimeout ?? STOP_TIMEOUT);
    const connection = this.#connection;
    if (connection === undefined) return;
    await new Promise<void>((resolve) => {
      this.#ended = resolve;
      connection.disconnect();
    });
  }

  async setSubscriptions(filters: readonly string[]): Promise<void> {
    this.#subscriptions.want(filters);
    await this.#settle();
  }

  onSubscribed(listener: (subscribed: boolean) => void): void {
    this.#subscribed.onChange(listener);
  }

  get status(): IntakeStatus {
    const { lastMessageAt, unacked, dropped } = this.#receiver;
    const reason = this.#reason();
    return {
      connected: this.#open,
      subscribed: this.#subscribed.value,
      since: this.#since,
      broker: this.#address.text,
      blocked: this.#blocked !== undefined,
      pendingFilters: this.#subscriptions.pending,
      refusedFilters: this.#subscriptions.refused,
      unacked,
      ...(reason === undefined ? {} : { reason }),
      ...(lastMessageAt === undefined ? {} : { lastMessageAt }),
      ...dropped,
    };
  }

  async #connect(): Promise<void> {
    const wanted = (): boolean => this.#running && this.#connection === undefined;
    const connection = await dial(this.options, this.#address, this.clock, wanted, {
      opened: (connection, connack) => this.#opened(connection, connack),
      ready: (connection) => this.#ready(connection),
      message: (packet) => this.#receiver.message(packet),
      closed: (failure, code) => this.#closed(failure, code),
    });
    if (connection !== undefined) this.#connection = connection;
  }

  #opened(connection: Connection, connack: IConnackPacket): void {
    this.#setOpen(true);
    this.#openedAt = this.clock.monotonic();
    this.#subscriptions.opened(connack.sessionPresent);
    const loss = this.#history.opened(connack.sessionPresent);
    if (loss !== undefined) {
      this.onEvent({ kind: "session_lost", ...loss, text: describeLoss(loss, this.#address.text) });
    }
    if (!this.inbox.writable) return this.#block("inbox");
    const resumed = this.#history.takeResumed();
    const number = this.#receiver.opened(connection, resumed);
    this.onEvent({ kind: "connected", connection: number, resumed });
    const asked = this.options.sessionExpiry;
    const granted = (connack.properties?.sessionExpiryInterval ?? Infinity) * 1_000;
    if (granted < asked) this.onEvent({ kind: "session_shortened", asked, granted });
    this.#subscribed.set(this.#subscriptions.any);
  }

  #ready(connection: Connection): void {
    if (this.#blocked !== undefined) return;
    void this.#settle().then(async () => {
      // One after the other: a broker that closes the connection over a filter does so over the one just sent.
      if (connection === this.#connection && this.#running) await this.#watch?.begin(connection);
      this.#receiver.askDropped(connection);
    });
  }

  async #settle(): Promise<void> {
    const connection = this.#connection;
    if (connection === undefined || !this.#open) return;
    await this.#subscriptions.settle(connection);
    if (connection !== this.#connection || !this.#open || !this.#running) return;
    this.#subscribed.set(this.#subscriptions.any);
    this.#refusedRetry?.cancel();
    if (this.#subscriptions.refused.length === 0) return;
    this.#refusedRetry = this.clock.after(REFUSED_AGAIN, () => void this.#settle());
  }

  #closed(failure: ConnectionFailure, code: number | undefined): void {
    const stood = this.#open;
    this.#connection = undefined;
    this.#failure = failure;
    this.#refusedRetry?.cancel();
    this.#watch?.end();
    this.#receiver.closed();
    this.#subscribed.set(false);
    if (stood) {
      this.#setOpen(false);
      this.#history.left();
      this.#reconnect.stood(this.clock.monotonic() - this.#openedAt);
    }
    this.#ended?.();
    if (!this.#running) return;
    // It left by itself, because the inbox took nothing more: that says nothing against the broker.
    if (failure.reason === "left") this.#reconnect.forget();
    const retryIn = this.#reconnect.plan(() => {
      if (this.#blocked === undefined) void this.#connect();
    });
    if (this.#blocked !== undefined) return;
    this.onEvent(closedEvent(stood, code, { failure, text: this.#describe(failure), retryIn }));
  }

  /** Gives the connection up, but not the session, until the inbox can take more. */
  #block(cause: BlockCause): void {
    if (this.#blocked !== undefined) return;
    this.#blocked = cause;
    this.onEvent({ kind: "blocked", cause, text: describeBlock(cause) });
    this.#leave({ reason: "left" });
  }

  /** The same for a connection that stands and brings nothing. */
  #cut(failure: ConnectionFailure): void {
    this.onEvent({ kind: "stalled", failure, text: this.#describe(failure) });
    this.#leave(failure);
  }

  #leave(why: ConnectionFailure): void {
    this.#watch?.end();
    this.#receiver.closed();
    this.#connection?.disconnect(why);
  }

  #unblock(): void {
    if (!this.#running || this.#blocked === undefined || !this.#receiver.ready) return;
    this.#blocked = undefined;
    this.onEvent({ kind: "unblocked" });
    if (this.#connection === undefined && !this.#reconnect.pending) void this.#connect();
  }

  #reason(): string | undefined {
    if (this.#blocked !== undefined) return describeBlock(this.#blocked);
    return this.#open || this.#failure === undefined ? undefined : this.#describe(this.#failure);
  }

  #describe(failure: ConnectionFailure): string {
    return describeFailure(failure, contextOf(this.options, this.#address));
  }

  #setOpen(open: boolean): void {
    [this.#open, this.#since] = [open, this.clock.wall()];
  }
}
