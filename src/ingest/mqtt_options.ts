import type { Backoff } from "../retry/mod.ts";

/** What the MQTT session is told; durations in ms, sizes in bytes. */
export interface MqttIntakeOptions {
  /** `mqtt://`, `mqtts://`, `ws://` or `wss://`. */
  readonly url: string;
  /** The session's name at the broker: one gateway, one id. */
  readonly clientId: string;
  /** Name to log in with, where the broker asks for one. */
  readonly username?: string;
  /** The password, or how to read it: asked again at each attempt, so that a rotated one is found. */
  readonly password?: string | (() => Promise<string | undefined>);
  /** MQTT 5 or 3.1.1. */
  readonly protocol: 4 | 5;
  /** How long the broker keeps the session while nobody is connected; MQTT 3.1.1 cannot ask for it. */
  readonly sessionExpiry: number;
  /** Longest silence before the client asks whether the broker is there. */
  readonly keepalive: number;
  /** Un-acknowledged messages that the broker may have under way (MQTT 5.0 §3.1.2.11.3), 1 … 65,535. */
  readonly receiveMaximum: number;
  /** Certificates; without it the system's authorities are trusted. */
  readonly tls?: TlsOptions;
  /** MQTT filters to listen to. */
  readonly filters: readonly string[];
  /** Filters that an earlier process listened to: what is no longer named is unsubscribed in a resumed session. */
  readonly formerFilters?: readonly string[];
  /** Wall clock in ms until when an earlier process was connected; tells how long a lost session was away. */
  readonly lastConnectedAt?: number;
  /** The broker's figure of dropped messages as an earlier process read it last. */
  readonly formerDropped?: number;
  /** Largest payload that is kept whole. */
  readonly maxPayload: number;
  /** Bytes that may wait for their fsync before intake holds back; default 16 MiB. */
  readonly maxPendingBytes?: number;
  /** Wait between attempts; default 1 … 30 s. The shortest wait is half of `initial`. */
  readonly backoff?: Backoff;
  /** Longest wait for a CONNACK; default 30 s. */
  readonly connectTimeout?: number;
  /** Longest wait at `stop` until what is appended is durable and acknowledged; default 2 s. */
  readonly stopTimeout?: number;
  /** How a session that stands and brings nothing is noticed; left out: by its keepalive alone. */
  readonly probe?: ProbeOptions;
}

/** How the broker is asked while no message comes. */
export interface ProbeOptions {
  /** No more often than this, in ms; half of it is how long an answer may take. */
  readonly every: number;
  /**
   * Publishes, by another client, to a topic that it listens to itself; resolves when the message has come back to it.
   * Whether it rejects or does not resolve: nothing is known.
   */
  readonly echo: (topic: string, payload: string, signal: AbortSignal) => Promise<void>;
}

/** TLS of `mqtts://` and `wss://`; certificates and keys as PEM text. */
export interface TlsOptions {
  /** Authorities that are trusted instead of the system's. */
  readonly ca?: string;
  /** Client certificate, where the broker asks for one. */
  readonly cert?: string;
  /** Its private key. */
  readonly key?: string;
  /** Name that the broker's certificate must carry, where it is not the host of the URL. */
  readonly serverName?: string;
}

/** Un-synced bytes above which intake holds back: 16 MiB. */
export const MAX_PENDING_BYTES = 16 * 1024 * 1024;
/** Reconnect back-off: 1 … 30 s. */
export const RECONNECT: Backoff = { initial: 2_000, max: 30_000 };
/** Longest wait for a CONNACK: 30 s. */
export const CONNECT_TIMEOUT = 30_000;
/** Longest wait at `stop` for the last fsync: 2 s. */
export const STOP_TIMEOUT = 2_000;
