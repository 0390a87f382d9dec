import { systemClock } from "../../src/clock.ts";
import { type Intake, type IntakeEvent, mqttIntake, type MqttIntakeOptions } from "../../src/ingest/mod.ts";
import { MemoryInbox } from "../support/memory_inbox.ts";
import { type Mosquitto, type MosquittoOptions, startMosquitto } from "../support/mosquitto.ts";
import { connectPublisher, type Publisher } from "../support/publisher.ts";
import { until } from "../support/until.ts";

/** A session under test, with its inbox and what it reported. */
export interface Session {
  readonly intake: Intake;
  readonly inbox: MemoryInbox;
  readonly events: IntakeEvent[];
  /** Events of one kind. */
  of<K extends IntakeEvent["kind"]>(kind: K): Extract<IntakeEvent, { kind: K }>[];
}

/** Everything that is short in a test and long in life. */
export const QUICK: Omit<MqttIntakeOptions, "url"> = {
  clientId: "sluice-test",
  protocol: 5,
  sessionExpiry: 3_600_000,
  keepalive: 30_000,
  receiveMaximum: 500,
  filters: ["t/#"],
  maxPayload: 256 * 1024,
  backoff: { initial: 40, max: 400 },
  connectTimeout: 5_000,
  stopTimeout: 50,
};

/** What a test has begun, ended in reverse order. */
export class Bench implements AsyncDisposable {
  readonly #ends: (() => Promise<void>)[] = [];

  /** Ends it with the bench. */
  ending(end: () => Promise<void>): void {
    this.#ends.push(end);
  }

  /** A mosquitto, or `undefined` where it is not installed. */
  async mosquitto(options: MosquittoOptions = {}): Promise<Mosquitto | undefined> {
    const broker = await startMosquitto(options);
    if (broker !== undefined) this.ending(() => broker.remove());
    return broker;
  }

  /** A session that is started, but need not be connected. */
  async session(
    url: string,
    options: Partial<MqttIntakeOptions> = {},
    inbox = new MemoryInbox(),
  ): Promise<Session> {
    const events: IntakeEvent[] = [];
    const intake = mqttIntake({ ...QUICK, url, ...options }, inbox, systemClock, Math.random, (event) => {
      events.push(event);
    });
    this.ending(() => intake.stop());
    await intake.start();
    return {
      intake,
      inbox,
      events,
      of: <K extends IntakeEvent["kind"]>(kind: K) =>
        events.filter((event): event is Extract<IntakeEvent, { kind: K }> => event.kind === kind),
    };
  }

  /** A session that listens. */
  async subscribed(
    url: string,
    options: Partial<MqttIntakeOptions> = {},
    inbox?: MemoryInbox,
  ): Promise<Session> {
    const session = await this.session(url, options, inbox);
    await subscribed(session);
    return session;
  }

  /** A device. */
  async publisher(url: string, options: Parameters<typeof connectPublisher>[1] = {}): Promise<Publisher> {
    const publisher = await connectPublisher(url, options);
    this.ending(() => publisher.close());
    return publisher;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const end of this.#ends.reverse()) await end();
  }
}

/** Waits until a session listens. */
export async function subscribed(session: Session): Promise<void> {
  await until("the session is subscribed", () => session.intake.status.subscribed, {
    state: () => [session.intake.status, session.events],
  });
}

/** Waits for some messages in the inbox and returns all of them as text. */
export async function received(session: Session, count: number): Promise<string[]> {
  await until(`${count} messages are in the inbox`, () => session.inbox.texts.length >= count, {
    state: () => [session.inbox.texts, session.events],
  });
  return session.inbox.texts;
}

/** How many PUBACKs mosquitto has had from the session, by its log. */
export async function pubacksAt(broker: Mosquitto, clientId = QUICK.clientId): Promise<number> {
  const log = await broker.log();
  return log.split(`Received PUBACK from ${clientId} `).length - 1;
}
