import { fileURLToPath } from "node:url";
import type { GatewayConfig, NotifierConfig } from "../config/mod.ts";
import { WORKER_FOLDER } from "../history/mod.ts";
import { parseBrokerAddress } from "../ingest/mod.ts";
import { historyBytes } from "./make_history.ts";

/** What a gateway may do, by the names of Deno's permissions. Whatever is not listed is refused. */
export interface Permissions {
  /** `host:port`, or a host with all of its ports. */
  readonly net: readonly string[];
  /** Files and folders, as the configuration names them. */
  readonly read: readonly string[];
  /** The data folder. */
  readonly write: readonly string[];
  /** What is asked of the system. */
  readonly sys: readonly string[];
}

/** Addresses that the name of a listening address stands for. */
export type Lookup = (host: string) => Promise<readonly string[]>;

/**
 * What a gateway needs under a configuration, and no more.
 *
 * @param reads files and folders that loading the configuration has read: they are read again at a reload, and secrets
 *   when they are refused
 * @param lookup Deno grants listening and datagrams by address, so their names are looked up
 */
export async function permissionsOf(
  config: GatewayConfig,
  reads: readonly string[],
  lookup: Lookup,
): Promise<Permissions> {
  const { api, mqtt, influxdb, notifiers, gateway } = config;
  const net = await listening(api.listen, lookup);
  if (mqtt.embedded !== undefined) net.push(...await listening(mqtt.embedded, lookup));
  else {
    const { host, port } = parseBrokerAddress(mqtt.url);
    net.push(place(host, port));
  }
  if (influxdb !== undefined) net.push(placeOfUrl(influxdb.url));
  for (const notifier of Object.values(notifiers)) net.push(...await placesOf(notifier, lookup));
  return {
    net: [...new Set(net)],
    // Code that is loaded late is read with a right of its own.
    read: [
      ...new Set([
        ...reads,
        gateway.dataDir,
        ...(historyBytes(config) > 0 ? [fileURLToPath(WORKER_FOLDER)] : []),
      ]),
    ],
    write: [gateway.dataDir],
    // The default of gateway.id and the name in mail; the space that is left on the disk.
    sys: ["hostname", "statfs"],
  };
}

interface Place {
  readonly hostname: string;
  readonly port: number;
}

/** `localhost` is listened on without being looked up. */
async function listening({ hostname, port }: Place, lookup: Lookup): Promise<string[]> {
  return hostname === "localhost" ? [place("127.0.0.1", port)] : await byAddress({ hostname, port }, lookup);
}

/** The name, for the look-up, which asks for it without a port; and what it stands for now. */
async function byAddress({ hostname, port }: Place, lookup: Lookup): Promise<string[]> {
  if (isAddress(hostname)) return [place(hostname, port)];
  return [hostname, ...(await lookup(hostname)).map((address) => place(address, port))];
}

async function placesOf(notifier: NotifierConfig, lookup: Lookup): Promise<string[]> {
  switch (notifier.kind) {
    case "webhook":
      return [placeOfUrl(notifier.origin)];
    case "email":
      return [place(notifier.host, notifier.port)];
    case "syslog": {
      const { protocol, host, port } = notifier;
      if (protocol !== "udp") return [place(host, port)];
      // A datagram leaves from a port of ours.
      const own = host.includes(":") ? "[::]:0" : "0.0.0.0:0";
      return [...await byAddress({ hostname: host, port }, lookup), own];
    }
    case "log":
    case "mqtt":
      return [];
  }
}

function isAddress(host: string): boolean {
  return /^[\d.]+$/.test(host) || host.includes(":");
}

function placeOfUrl(url: string): string {
  const { hostname, port, protocol } = new URL(url);
  return place(
    hostname.replace(/^\[|\]$/g, ""),
    port === "" ? (protocol === "https:" ? 443 : 80) : Number(port),
  );
}

function place(host: string, port: number): string {
  return `${bracketed(host)}:${port}`;
}

function bracketed(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}
