import { z } from "zod";
import { formatDuration } from "../duration.ts";
import type { Secret } from "../secret.ts";
import { duration, issue, text, url, whole } from "./scalars.ts";

/** The session with the MQTT broker. */
export interface MqttConfig {
  /** `mqtt://`, `mqtts://`, `ws://`, `wss://` or `embedded://`. */
  readonly url: string;
  /** Where the broker inside the process listens, for `embedded://`; `undefined` for a broker elsewhere. */
  readonly embedded: { readonly hostname: string; readonly port: number } | undefined;
  /** MQTT client id. */
  readonly clientId: string;
  /** User at the broker. */
  readonly username: string | undefined;
  /** Password at the broker. */
  readonly password: Secret | undefined;
  /** 5, or 4 for MQTT 3.1.1. */
  readonly protocol: 4 | 5;
  /** How long the broker keeps the session of an absent gateway, ms. */
  readonly sessionExpiry: number;
  /** MQTT keep-alive, ms. */
  readonly keepalive: number;
  /** Un-acknowledged messages in flight. */
  readonly receiveMaximum: number;
  /** While no message comes: how often the broker is asked at most, ms; 0: never. */
  readonly probe: number;
  /** Certificates. */
  readonly tls: TlsConfig;
}

/** Certificates of the MQTT session, as PEM; `undefined` where the system's are used. */
export interface TlsConfig {
  /** Authorities to trust instead of the system's. */
  readonly ca: string | undefined;
  /** Certificate of this gateway. */
  readonly cert: string | undefined;
  /** Private key of that certificate. */
  readonly key: Secret | undefined;
  /** Name that the broker's certificate must carry, where it is not the host of the address. */
  readonly serverName: string | undefined;
}

const SCHEMES = ["mqtt", "mqtts", "ws", "wss", "embedded"];

const address = url(SCHEMES).superRefine((value, context) => {
  if (!value.startsWith("embedded://") || !URL.canParse(value)) return;
  const { port, pathname } = new URL(value);
  if (port !== "" && (pathname === "" || pathname === "/")) return;
  issue(context, { reason: "bad_url", found: value, allowed: "embedded:// with a host and a port" });
});

const probe = duration({ max: 3_600_000 }).superRefine((value, context) => {
  if (value === 0 || value >= 1_000) return;
  issue(context, { reason: "out_of_range", found: formatDuration(value), allowed: "0s, or 1s to 1h" });
});

/** Section `mqtt`. */
export const mqttSection = z.strictObject({
  url: address.prefault("mqtt://127.0.0.1:1883").describe(
    "The broker: mqtt:// mqtts:// ws:// wss://. embedded://127.0.0.1:1883 starts a broker in the process.",
  ),
  client_id: text().optional().describe("MQTT client id. Default: sluice- and the gateway's id."),
  username: text().optional().describe("User at the broker."),
  password: text().optional().describe("Password at the broker, best as ${NAME}."),
  password_file: text().optional().describe("File that holds the password."),
  protocol: z.preprocess((value) => typeof value === "string" ? Number(value) : value, z.literal([5, 4]))
    .prefault(5).describe("MQTT version: 5, or 4 for 3.1.1."),
  session_expiry: duration({ min: 1_000, max: 4_294_967_294_000 }).prefault("24h").describe(
    "How long the broker keeps the session, and queues messages, while the gateway is away.",
  ),
  keepalive: duration({ min: 1_000, max: 65_535_000 }).prefault("30s").describe("MQTT keep-alive."),
  receive_maximum: whole(1, 65_535).prefault(500).describe(
    "Un-acknowledged messages in flight. Keep it well below the broker's queue.",
  ),
  probe: probe.prefault("10s").describe(
    "While no message comes, at most so often a message to sluice/probe/ and the client id shows whether messages " +
      "come through; where none does in half of that time, the gateway connects anew. 0s: never.",
  ),
  tls: z.strictObject({
    ca_file: text().optional().describe("Certificates (PEM) to trust instead of the system's."),
    cert_file: text().optional().describe("Certificate (PEM) of this gateway."),
    key_file: text().optional().describe("Private key (PEM) of that certificate."),
    server_name: text().optional().describe("Name in the broker's certificate. Default: the host."),
  }).prefault({}).describe("Certificates, for mqtts:// and wss://."),
}).prefault({});
