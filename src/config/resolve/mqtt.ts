import type { z } from "zod";
import type { MqttConfig, mqttSection, TlsConfig } from "../sections/mqtt.ts";
import { type Context, fileOf, secretOf } from "./files.ts";
import { Secret } from "../secret.ts";

type Draft = z.output<typeof mqttSection>;

/** mosquitto's `max_queued_messages` where nothing else is said: beyond it messages vanish in silence. */
const USUAL_QUEUE = 1_000;

async function resolveTls(context: Context, draft: Draft): Promise<TlsConfig> {
  const { source, report } = context;
  const { ca_file, cert_file, key_file, server_name } = draft.tls;
  const path = ["mqtt", "tls"];
  const given = Object.entries(draft.tls).find(([, value]) => value !== undefined)?.[0];
  if (given !== undefined && !/^(mqtts|wss):/.test(draft.url)) {
    const hint = "give mqtt.url with mqtts:// or wss://";
    report.add(source, [...path, given], "not_with", { found: given, hint }, "key");
  }
  if (cert_file !== undefined && key_file === undefined) {
    report.addAbsence(source, [...path, "key_file"], "needs_key", {
      allowed: "cert_file and key_file together",
    });
  }
  if (key_file !== undefined && cert_file === undefined) {
    report.addAbsence(source, [...path, "cert_file"], "needs_key", {
      allowed: "cert_file and key_file together",
    });
  }
  const key = await fileOf(context, [...path, "key_file"], key_file);
  return {
    ca: await fileOf(context, [...path, "ca_file"], ca_file),
    cert: await fileOf(context, [...path, "cert_file"], cert_file),
    key: key === undefined ? undefined : new Secret(key),
    serverName: server_name,
  };
}

/** Section `mqtt` with its files read. */
export async function resolveMqtt(context: Context, draft: Draft, gatewayId: string): Promise<MqttConfig> {
  const { source, report } = context;
  const inside = draft.url.startsWith("embedded://") ? new URL(draft.url) : undefined;
  if (inside === undefined && draft.receive_maximum > USUAL_QUEUE) {
    report.warn(source, ["mqtt", "receive_maximum"], "receive_maximum_high", {
      found: String(draft.receive_maximum),
      allowed: `up to ${USUAL_QUEUE}, the queue of mosquitto as it comes`,
      hint: "set max_queued_messages of the broker far above it",
    });
  }
  return {
    url: draft.url,
    embedded: inside === undefined
      ? undefined
      : { hostname: inside.hostname.replace(/^\[|\]$/g, ""), port: Number(inside.port) },
    clientId: draft.client_id ?? `sluice-${gatewayId}`,
    username: draft.username,
    password: await secretOf(context, ["mqtt"], "password", draft.password, draft.password_file),
    protocol: draft.protocol,
    sessionExpiry: draft.session_expiry,
    keepalive: draft.keepalive,
    receiveMaximum: draft.receive_maximum,
    probe: draft.probe,
    tls: await resolveTls(context, draft),
  };
}
