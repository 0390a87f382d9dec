import type { MqttConfig } from "../config/mod.ts";
import { type EmbeddedIntake, type Intake, mqttPublishing, type Publishing } from "../ingest/mod.ts";
import type { GatewayPorts } from "./ports.ts";
import { mqttCredentials } from "./mqtt_credentials.ts";

/** How a message is published. */
export interface PublishHow {
  /** Delivery to each subscriber: at most once, or at least once. */
  readonly qos: 0 | 1;
  /** Kept by the broker for later subscribers. */
  readonly retain: boolean;
}

/**
 * Sends messages to the broker's clients; never the intake's own client, which answers packets one at a time and
 * must not wait for anything.
 */
export interface Publisher {
  /**
   * Publishes one message; resolves when the broker has acknowledged it (QoS 0: when it is written).
   *
   * @param signal breaks the wait off; whether the broker has the message is then not known
   * @throws {Error} with a sentence for people where the broker cannot be reached or refuses it; try again later
   */
  publish(topic: string, payload: string | Uint8Array, how: PublishHow, signal: AbortSignal): Promise<void>;
  /** Ends the connection; what is under way is rejected. */
  close(): Promise<void>;
}

/** The publisher of a running gateway. */
export interface GatewayPublisher extends Publisher {
  /** Sends probes; `undefined` where the broker is inside this process: nothing lies between the two. */
  readonly echo: Publishing["echo"] | undefined;
  /** Tells that messages can be taken in: a broker inside this process listens from now on. */
  began(intake: Intake): void;
}

/** The publisher that the configuration asks for. */
export function makePublisher(mqtt: MqttConfig, ports: GatewayPorts): GatewayPublisher {
  if (mqtt.embedded === undefined) {
    const client = publishing(mqtt, `${mqtt.clientId}-publisher`, ports);
    const echo: Publishing["echo"] = (topic, payload, signal) => client.echo(topic, payload, signal);
    return { ...publisherOf(client), echo, began: () => {} };
  }
  const listening = Promise.withResolvers<EmbeddedIntake>();
  return {
    ...embeddedPublisher(listening.promise),
    echo: undefined,
    began(intake): void {
      if (isBroker(intake)) listening.resolve(intake);
    },
  };
}

/**
 * Publishes through a broker elsewhere, over a session of its own that comes back by itself.
 *
 * @param clientId no other client's
 */
export function brokerPublisher(mqtt: MqttConfig, clientId: string, ports: GatewayPorts): Publisher {
  return publisherOf(publishing(mqtt, clientId, ports));
}

function publishing(mqtt: MqttConfig, clientId: string, ports: GatewayPorts): Publishing {
  const { url, protocol, keepalive } = mqtt;
  return mqttPublishing(
    { url, protocol, keepalive, clientId, ...mqttCredentials(mqtt, ports) },
    ports.clock,
    ports.random,
  );
}

function publisherOf(client: Publishing): Publisher {
  return {
    publish: (topic, payload, how, signal) => client.publish({ topic, payload, ...how }, signal),
    close: () => client.close(),
  };
}

/**
 * Publishes through the broker inside this process.
 *
 * @param intake the broker, once it listens: what is published before waits for it
 */
export function embeddedPublisher(intake: Promise<EmbeddedIntake>): Publisher {
  const closed = new AbortController();
  return {
    publish: (topic, payload, how, signal) =>
      unlessAborted(
        AbortSignal.any([signal, closed.signal]),
        intake.then((broker) => broker.publish({ topic, payload, ...how })),
      ),
    close(): Promise<void> {
      closed.abort();
      return Promise.resolve();
    },
  };
}

function isBroker(intake: Intake): intake is EmbeddedIntake {
  return "publish" in intake;
}

function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(new Error("The attempt was broken off"));
    if (signal.aborted) return abort();
    signal.addEventListener("abort", abort);
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
