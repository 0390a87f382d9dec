import { Buffer } from "node:buffer";
import mqtt, { type IClientPublishOptions, type MqttClient } from "mqtt";

/** A device of a test: publishes and knows what was acknowledged. */
export interface Publisher {
  /** Publishes with QoS 1 (or as told) and resolves when the broker has acknowledged it. */
  publish(topic: string, payload: string | Uint8Array, options?: IClientPublishOptions): Promise<void>;
  readonly client: MqttClient;
  close(): Promise<void>;
}

/**
 * Connects a client that does not come back by itself.
 *
 * @param url `mqtt://…` or another plain address
 * @param options protocol version, name and password
 */
export async function connectPublisher(
  url: string,
  options: { protocol?: 4 | 5; username?: string; password?: string; clientId?: string } = {},
): Promise<Publisher> {
  const { protocol, ...rest } = options;
  const client = await mqtt.connectAsync(url, {
    ...rest,
    protocolVersion: protocol ?? 5,
    reconnectPeriod: 0,
  }, false);
  return {
    client,
    async publish(topic, payload, how = { qos: 1 }): Promise<void> {
      await client.publishAsync(topic, typeof payload === "string" ? payload : Buffer.from(payload), how);
    },
    close: () => client.endAsync(true),
  };
}
