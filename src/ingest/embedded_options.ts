/** What the broker in this process is told; durations in ms, sizes in bytes. */
export interface EmbeddedIntakeOptions {
  /** Address to listen on. */
  readonly host: string;
  /** Port to listen on; 0 lets the system choose. */
  readonly port: number;
  /** MQTT filters of what is journalled; other topics are only passed on between clients. */
  readonly filters: readonly string[];
  /** Name that devices must present; without it anybody may connect. */
  readonly username?: string;
  /** Password that goes with the name. */
  readonly password?: string;
  /** Largest payload that is kept whole. */
  readonly maxPayload: number;
  /** Bytes that may wait for their fsync before devices are held back; default 16 MiB. */
  readonly maxPendingBytes?: number;
  /**
   * How long devices are held back before they are cut off; default 15 s, which is one and a half times a
   * keepalive of 10 s: a device gives up by itself after that.
   */
  readonly patience?: number;
  /** Longest wait at `stop` until what is appended is durable and acknowledged; default 2 s. */
  readonly stopTimeout?: number;
}

/** A message that the gateway itself sends to the clients of its broker. */
export interface OutgoingMessage {
  /** Topic to publish on. */
  readonly topic: string;
  /** Its content; text is sent as UTF-8. */
  readonly payload: string | Uint8Array;
  /** Delivery to each subscriber: at most once, or at least once. */
  readonly qos: 0 | 1;
  /** Kept by the broker for later subscribers. */
  readonly retain: boolean;
}

/** How long devices are held back before they are cut off: 15 s. */
export const PATIENCE = 15_000;
