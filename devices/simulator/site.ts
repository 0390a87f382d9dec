import { stringify } from "yaml";
import { MODELS } from "./models/registry.ts";
import { TOO_HOT } from "./models/thermo_hygrometer.ts";
import type { InfluxTarget } from "./options.ts";

/** Where the parts of the site are. */
export interface SiteParts {
  /** Absolute path of an existing folder. */
  readonly folder: string;
  /** Address for the gateway, e.g. `embedded://127.0.0.1:1883`. */
  readonly mqttUrl: string;
  readonly influx: InfluxTarget;
  /** Of the dashboard. */
  readonly port: number;
  /** Messages per second of one device. */
  readonly rate: number;
  /** Tag of all points, so that runs into one database stay apart. */
  readonly run: string;
}

/** Folder of the profiles, beside the simulator. */
const PROFILES = new URL("../profiles", import.meta.url).pathname;

function influxSection(target: InfluxTarget, folder: string): Record<string, unknown> {
  const pace = {
    batch: { max_points: 5_000, max_wait: "500ms" },
    // A laptop's site need not spare its database: the drain is to be watched.
    retry: { initial: "200ms", max: "2s" },
  };
  if (target.version === 2) {
    const { url, org, bucket } = target;
    return { url, version: 2, org, bucket, token_file: `${folder}/influx.secret`, ...pace };
  }
  const account = target.username === null
    ? {}
    : { username: target.username, password_file: `${folder}/influx.secret` };
  return { url: target.url, version: 1, database: target.database, ...account, ...pace };
}

/** The text of the site's gateway.yaml: the gateway reads it as it would any other. */
export function siteConfiguration(parts: SiteParts): string {
  // A device that speaks rarely is not idle between two messages, nor a meter between two of its registers.
  const idle = Math.max(5, Math.ceil(3 / parts.rate));
  return stringify({
    gateway: { id: "sim", data_dir: `${parts.folder}/data` },
    mqtt: { url: parts.mqttUrl, client_id: `sluice-sim-${parts.run}` },
    subscriptions: MODELS.map(({ kind, profile }) => ({
      topic: `site/{site}/${kind}/{device}`,
      profile,
      format: "json",
      tags: { run: parts.run },
    })),
    profiles_dir: PROFILES,
    downsample: { every: "10s", lateness: "2s", idle_after: `${idle}s`, hold: "30s" },
    buffer: { max_bytes: "256MiB" },
    influxdb: influxSection(parts.influx, parts.folder),
    alerts: [
      {
        name: "too-hot",
        profile: "thermo-hygrometer",
        field: "temperature",
        above: TOO_HOT,
        clear: TOO_HOT - 5,
        for: "1s",
        severity: "critical",
        summary: "{device} is {value} {unit} (limit {limit})",
      },
      { name: "silent", silent_for: "60s", severity: "warning", summary: "{device} has fallen silent" },
    ],
    api: { listen: `127.0.0.1:${parts.port}` },
    log: { level: "warn" },
  });
}

/** Writes gateway.yaml and, where there is one, the database's secret; returns the path of the configuration. */
export async function writeSite(parts: SiteParts): Promise<string> {
  const { folder, influx } = parts;
  const secret = influx.version === 2 ? influx.token : influx.password;
  if (secret !== null) await Deno.writeTextFile(`${folder}/influx.secret`, secret, { mode: 0o600 });
  const path = `${folder}/gateway.yaml`;
  await Deno.writeTextFile(path, siteConfiguration(parts));
  return path;
}

/** A loopback port that is free: the wanted one if it is. */
export function freePort(wanted = 0): number {
  try {
    const listener = Deno.listen({ hostname: "127.0.0.1", port: wanted });
    const { port } = listener.addr;
    listener.close();
    return port;
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse && wanted !== 0) return freePort();
    throw error;
  }
}
