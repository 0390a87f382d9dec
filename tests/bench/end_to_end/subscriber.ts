import mqtt, { type MqttClient } from "mqtt";

/** What a subscriber is told to do. */
export interface SubscriberTask {
  readonly url: string;
  readonly topics: string;
  readonly messages: number;
  readonly receiveMaximum: number;
}

/** A client of MQTT.js with the session that the gateway has, connected and not yet subscribed. */
export function connected({ url, receiveMaximum }: SubscriberTask): Promise<MqttClient> {
  return mqtt.connectAsync(url, {
    clientId: "bench",
    protocolVersion: 5,
    clean: false,
    timerVariant: "native",
    properties: { sessionExpiryInterval: 3_600, receiveMaximum },
  });
}
