import type { MqttConfig } from "../config/mod.ts";
import type { PublishingOptions } from "../ingest/mod.ts";
import type { GatewayPorts } from "./ports.ts";

/** How a client shows itself to the broker: user, password read anew at each attempt, certificates. */
export function mqttCredentials(
  mqtt: MqttConfig,
  ports: Pick<GatewayPorts, "readText">,
): Pick<PublishingOptions, "username" | "password" | "tls"> {
  const { ca, cert, key, serverName } = mqtt.tls;
  const secret = mqtt.password;
  return {
    ...(mqtt.username === undefined ? {} : { username: mqtt.username }),
    ...(secret === undefined ? {} : {
      password: async (): Promise<string> => {
        await secret.reload(ports.readText);
        return secret.reveal();
      },
    }),
    tls: {
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key: key.reveal() }),
      ...(serverName === undefined ? {} : { serverName }),
    },
  };
}
