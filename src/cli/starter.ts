import type { GatewayConfig } from "../config/mod.ts";
import type { ConfigFile } from "../gateway/mod.ts";
import { GROWN_CONFIG, SEARCHED } from "./find_config.ts";

/** Ports that are tried, beginning with the one that is usual. */
const TRIES = 20;
const HOST = "127.0.0.1";
const BROKER = 1_883;
const API = 8_080;

/** Folder of the profiles that are accepted. */
export const GROWN_PROFILES = "data/profiles";

/** What a gateway runs with where nobody has configured anything. */
export interface Starter {
  /** The configuration, not on the disk: it is written when the first proposal is accepted. */
  readonly file: ConfigFile;
  /** What was not as usual. */
  readonly remarks: readonly string[];
}

/**
 * The starter: a broker in the process, pages, no database, and an ear for what devices say. For this machine alone.
 *
 * @param isFree whether one can listen on a port of 127.0.0.1
 */
export function makeStarter(isFree: (port: number) => boolean): Starter {
  const [broker, api] = [firstFree(BROKER, isFree), firstFree(API, isFree)];
  const remarks = [[BROKER, broker, "the broker"] as const, [API, api, "the page"] as const].flatMap(
    ([usual, port, who]) => port === usual ? [] : [`Port ${usual} is taken: ${who} is on ${port}`],
  );
  const text =
    `# Sluice began without a configuration; this is the one it began with, and what was accepted since.
# Change it as you like: deploy/gateway.yaml shows everything that can stand here.
gateway:
  data_dir: . # the folder of this file
mqtt:
  # A broker in the gateway, for this machine alone. For others: 0.0.0.0, with username and password_file.
  url: embedded://${HOST}:${broker}
# Listen to what no subscription takes, and propose how to read it.
learn: true
profiles_dir: profiles
api:
  listen: ${HOST}:${api}
`;
  return { file: { path: GROWN_CONFIG, text }, remarks };
}

function firstFree(usual: number, isFree: (port: number) => boolean): number {
  for (let port = usual; port < usual + TRIES; port++) if (isFree(port)) return port;
  return usual;
}

/** Whether one can listen on a port of this machine. */
export function isFreePort(port: number): boolean {
  try {
    Deno.listen({ hostname: HOST, port }).close();
    return true;
  } catch {
    return false;
  }
}

/** What a person is told who has started it. */
export function starterWords(
  { remarks }: Starter,
  address: string,
  config: Pick<GatewayConfig, "mqtt">,
): string {
  const port = config.mqtt.embedded?.port ?? BROKER;
  const lines = [
    `There is no configuration (${SEARCHED.join(", ")}), so this is the starter:`,
    `  page    ${address}`,
    `  broker  mqtt://${HOST}:${port}, in this process and for this machine alone`,
    ...remarks.map((remark) => `          ${remark}`),
    "Point a device at it, or try:",
    `  mosquitto_pub -h ${HOST} -p ${port} -q 1 -t workshop/sensor-1/climate -m '{"temperature": 21.5, "humidity": 40}'`,
    `  deno task agent --broker mqtt://${HOST}:${port}`,
    `After five messages of a kind ${address}/new proposes how to read them. Until you accept it they are counted as`,
    `filtered and not read. What you accept is written to ${GROWN_CONFIG} and ${GROWN_PROFILES}, and found there at the next start.`,
  ];
  return `${lines.join("\n")}\n`;
}
