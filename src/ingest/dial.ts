import type { Clock } from "../clock.ts";
import type { BrokerAddress } from "./broker_address.ts";
import { clientOptions, type ClientSettings } from "./client_options.ts";
import { Connection, type ConnectionListener } from "./connection.ts";
import { messageOf } from "./failure.ts";
import { CONNECT_TIMEOUT, type MqttIntakeOptions } from "./mqtt_options.ts";

/**
 * Begins a connection, with the password as it is now.
 *
 * @param wanted asked when the password is read
 * @returns the connection; `undefined` where it is not wanted any more, or could not be begun: `closed` said why
 */
export async function dial(
  options: ClientSettings & Pick<MqttIntakeOptions, "password">,
  address: BrokerAddress,
  clock: Clock,
  wanted: () => boolean,
  listener: ConnectionListener,
): Promise<Connection | undefined> {
  const { password, protocol, connectTimeout = CONNECT_TIMEOUT } = options;
  let word: string | undefined;
  try {
    word = typeof password === "function" ? await password() : password;
  } catch (error) {
    listener.closed({ reason: "password_unreadable", detail: messageOf(error) }, undefined);
    return undefined;
  }
  if (!wanted()) return undefined;
  try {
    return new Connection(clientOptions(options, address, word), protocol, connectTimeout, clock, listener);
  } catch (error) {
    // A certificate or key that is no PEM text is refused before anything is sent.
    listener.closed({ reason: "tls_failed", detail: messageOf(error) }, undefined);
    return undefined;
  }
}
