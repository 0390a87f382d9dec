import type { IClientOptions } from "mqtt";
import type { BrokerAddress } from "./broker_address.ts";
import { CONNECT_TIMEOUT, type MqttIntakeOptions, type TlsOptions } from "./mqtt_options.ts";

/** What a connection is told; without `sessionExpiry` its session ends with it. */
export type ClientSettings =
  & Pick<MqttIntakeOptions, "clientId" | "protocol" | "keepalive" | "connectTimeout" | "username" | "tls">
  & Partial<Pick<MqttIntakeOptions, "sessionExpiry" | "receiveMaximum">>;

/**
 * Options of MQTT.js for one connection.
 *
 * `maximumPacketSize` is never set: a broker drops what is larger and tells the publisher "success".
 * `topicAliasMaximum` is not set either: every PUBLISH carries its topic. MQTT.js's own reconnecting is off,
 * because each attempt is a client of its own.
 */
export function clientOptions(
  options: ClientSettings,
  address: BrokerAddress,
  password: string | undefined,
): IClientOptions {
  const common: IClientOptions = {
    protocol: address.scheme,
    hostname: address.host,
    host: address.host,
    port: address.port,
    path: address.path,
    clientId: options.clientId,
    protocolVersion: options.protocol,
    clean: options.sessionExpiry === undefined,
    keepalive: Math.max(1, Math.round(options.keepalive / 1_000)),
    // The connection watches over its CONNACK itself; this is for the case that its timer is lost.
    connectTimeout: 2 * (options.connectTimeout ?? CONNECT_TIMEOUT),
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
    timerVariant: "native",
    // Its debug log makes its arguments for every packet, also while nobody reads it: a fifth of all allocations.
    log: () => {},
  };
  if (options.username !== undefined) common.username = options.username;
  if (password !== undefined) common.password = password;
  const { sessionExpiry, receiveMaximum } = options;
  if (options.protocol === 5 && sessionExpiry !== undefined) {
    common.properties = {
      sessionExpiryInterval: Math.max(1, Math.round(sessionExpiry / 1_000)),
      ...(receiveMaximum === undefined ? {} : { receiveMaximum }),
    };
  }
  if (!address.secure) return common;
  const tls = tlsOptions(options.tls ?? {});
  return address.scheme === "wss" ? { ...common, wsOptions: tls } : { ...common, ...tls };
}

/** TLS settings in the words of Node's tls module; the name check is on and cannot be turned off. */
function tlsOptions(tls: TlsOptions): Record<string, string | boolean> {
  const given: Record<string, string | boolean> = { rejectUnauthorized: true };
  if (tls.ca !== undefined) given.ca = tls.ca;
  if (tls.cert !== undefined) given.cert = tls.cert;
  if (tls.key !== undefined) given.key = tls.key;
  if (tls.serverName !== undefined) given.servername = tls.serverName;
  return given;
}
