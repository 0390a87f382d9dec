/** One PUBLISH as it was journalled. */
export interface Message {
  /** The MQTT topic, as it came. */
  readonly topic: string;
  /** The payload, as it came; only its beginning where `originalBytes` is set. */
  readonly payload: Uint8Array;
  /** Size of the whole payload in bytes, where it was too large to be kept. */
  readonly originalBytes?: number;
  /** Number of the connection that delivered it, counted at the CONNACK packet; from 1, goes on over restarts. */
  readonly connection: number;
  /** MQTT packet identifier; 0 for QoS 0 and for the embedded broker, which has no redelivery. */
  readonly packetId: number;
  /** MQTT DUP flag. */
  readonly dup: boolean;
  /** MQTT RETAIN flag: the broker's memory, no sign of life. */
  readonly retain: boolean;
  /** MQTT 5 user properties, in order. */
  readonly userProperties: readonly (readonly [string, string])[];
}

/** What each record of the inbox carries besides its content. */
export interface Stamp {
  /** Wall clock at receipt, ms; for stamping only. */
  readonly receivedAt: number;
  /** Journal time in ms: monotonic, runs only while the gateway is subscribed, goes on over restarts. */
  readonly elapsed: number;
  /** The wall clock was implausible (before the build date, or just stepped). */
  readonly implausible: boolean;
}

/** A session event: a connection was opened, and whether the broker still knew the session. */
export interface SessionOpened {
  /** Number of the connection. */
  readonly connection: number;
  /** The broker resumed the session: it may send un-acknowledged messages again. */
  readonly resumed: boolean;
}
