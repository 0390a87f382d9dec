import type { BrokerAddress } from "./broker_address.ts";
import type { ConnectionFailure } from "./failure.ts";
import type { BlockCause } from "./intake.ts";
import type { MqttIntakeOptions } from "./mqtt_options.ts";

/** What a failure's text names besides the failure. */
export interface FailureContext {
  /** Address of the broker, without credentials. */
  readonly broker: string;
  /** Name that the broker's certificate must carry. */
  readonly serverName: string;
  readonly clientId: string;
  readonly username?: string;
  /** MQTT version as the configuration says it: 4 or 5. */
  readonly protocol: 4 | 5;
}

/** What texts name of a client and its broker. */
export function contextOf(
  options: Pick<MqttIntakeOptions, "clientId" | "username" | "protocol" | "tls">,
  address: BrokerAddress,
): FailureContext {
  const { clientId, username, protocol, tls } = options;
  return {
    broker: address.text,
    serverName: tls?.serverName ?? address.host,
    clientId,
    protocol,
    ...(username === undefined ? {} : { username }),
  };
}

/**
 * The one place where a connection failure becomes a line.
 *
 * @returns one line: what failed, the value found, what to do
 */
export function describeFailure(failure: ConnectionFailure, context: FailureContext): string {
  const at = `"${context.broker}"`;
  const user = context.username === undefined ? "no user name" : `user "${context.username}"`;
  switch (failure.reason) {
    case "unknown_host":
      return `The name of the broker ${at} cannot be resolved: check mqtt.url and the name server`;
    case "connection_refused":
      return `Nothing listens at ${at}: check mqtt.url and that the broker is running`;
    case "no_answer":
      return `The broker ${at} does not answer: check the network and its firewall`;
    case "not_permitted":
      return `This process has no right to connect to ${at}: run it with --allow-net for that place; ` +
        "deno task permissions prints all that a configuration needs";
    case "reset":
      return `The connection to ${at} was reset: check that the port speaks the protocol of mqtt.url`;
    case "closed_by_broker":
      return `The broker ${at} closed the connection without a reason: its log may say why; ` +
        `another client with the id "${context.clientId}" is one`;
    case "left":
      return `The gateway has closed the connection to ${at}`;
    case "keepalive":
      return `The connection to ${at} has gone silent: no answer within the keepalive`;
    case "silent":
      return `The connection to ${at} has gone silent: no answer to a ping in ${failure.after / 1_000} s`;
    case "stalled":
      return `The broker ${at} keeps messages back from a connection that stands: a probe reached another ` +
        `client, and not this one in ${
          failure.after / 1_000
        } s; what it keeps comes with the next connection`;
    case "client_certificate_missing":
      return `The broker ${at} asks for a client certificate and got none: set mqtt.tls.cert_file and key_file`;
    case "client_certificate_refused":
      return `The broker ${at} does not accept the client certificate: it must be valid and signed by an ` +
        `authority that the broker trusts; check mqtt.tls.cert_file`;
    case "unknown_authority":
      return `The certificate of ${at} is signed by an authority that is not trusted here: ` +
        `put that authority into mqtt.tls.ca_file`;
    case "wrong_name":
      return `The certificate of ${at} is not for "${context.serverName}" (${failure.detail}): ` +
        `check mqtt.url or set mqtt.tls.server_name`;
    case "certificate_expired":
      return `The certificate of ${at} has expired: renew it, or check the clock of this machine`;
    case "certificate_not_yet_valid":
      return `The certificate of ${at} is not valid yet: check the clock of this machine`;
    case "tls_failed":
      return `TLS with ${at} failed (${failure.detail}): check mqtt.tls and the broker's TLS settings`;
    case "bad_credentials":
      return `The broker ${at} refuses ${user}: check mqtt.username and password_file`;
    case "not_authorised":
      return `The broker ${at} does not authorise ${user} with client id "${context.clientId}": ` +
        `check mqtt.username and password_file, and the broker's access rules`;
    case "protocol_refused":
      return `The broker ${at} does not speak MQTT version "${context.protocol}": ` +
        `set mqtt.protocol to ${context.protocol === 5 ? "4" : "5"}`;
    case "client_id_refused":
      return `The broker ${at} refuses the client id "${context.clientId}": set another mqtt.client_id`;
    case "taken_over":
      return `Another client has connected to ${at} with the id "${context.clientId}": ` +
        `give each gateway its own mqtt.client_id`;
    case "broker_unavailable":
      return `The broker ${at} is not available now (code ${failure.code})`;
    case "refused":
      return `The broker ${at} ended the connection with code ${failure.code} (MQTT 5.0, section 2.4)`;
    case "protocol_error":
      return `What came from ${at} is not MQTT (${failure.detail}): check the port and scheme of mqtt.url`;
    case "password_unreadable":
      return `The password for ${at} cannot be read (${failure.detail}): check mqtt.password_file`;
    case "other":
      return `The connection to ${at} failed (${failure.detail})`;
  }
}

/** Why intake holds back, as one line. */
export function describeBlock(cause: BlockCause): string {
  return cause === "inbox"
    ? "Intake stands still: the inbox cannot be written; what devices send stays with the broker"
    : "Intake stands still: the disk is too far behind; what devices send stays with the broker";
}
