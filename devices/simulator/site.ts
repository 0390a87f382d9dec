import { stringify } from "yaml";
import { MODELS } from "./models/registry.ts";
import { TOO_HOT } from "./models/thermo_hygrometer.ts";
import type { InfluxTarget } from "./options.ts";
import { siteProfiles } from "./site_profiles.ts";

/** Tag of every point, by which a database that several runs share tells them apart. */
export const RUN_TAG = "sim_run";

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
  /** Devices that the gateway shall know at most; left out: the gateway's own limit. */
  readonly devices?: number;
  /** Messages per second that it shall take of one device; left out: the gateway's own limit. */
  readonly deviceRate?: number;
  /** The devices' clocks may begin long ago: no reading is too old but of another century. */
  readonly longAgo?: boolean;
}

function influxSection(target: InfluxTarget, folder: string): Record<string, unknown> {
  const pace = {
    batch: { max_points: 5_000, max_wait: "500ms" },
    // A laptop's site need not spare its database: the drain is to be watched.
    retry: { initial: "200ms", max: "2s" },
  };
  if (target.version === 2) {
    const { url, org, bucket } = target;
    return { url, version: 2, org, bucket, token_file: `${folder}/${SECRET}`, ...pace };
  }
  const account = target.username === null
    ? {}
    : { username: target.username, password_file: `${folder}/${SECRET}` };
  return { url: target.url, version: 1, database: target.database, ...account, ...pace };
}

/** The text of the site's gateway.yaml: the gateway reads it as it would any other. */
export function siteConfiguration(parts: SiteParts): string {
  // A device that speaks rarely is not idle between two messages, nor a meter between two of its registers.
  const idle = Math.max(5, Math.ceil(3 / parts.rate));
  return stringify({
    gateway: { id: "sim", data_dir: `${parts.folder}/data` },
    // Nobody comes back to this session: a real broker shall not keep it, and queue for it, for a day.
    mqtt: { url: parts.mqttUrl, client_id: `sluice-sim-${parts.run}`, session_expiry: "10m" },
    subscriptions: MODELS.map(({ kind, profile }) => ({
      topic: `site/{site}/${kind}/{device}`,
      profile,
      format: "json",
      tags: { [RUN_TAG]: parts.run },
    })),
    profiles_dir: `${parts.folder}/profiles`,
    downsample: {
      every: "10s",
      lateness: "2s",
      idle_after: `${idle}s`,
      hold: "30s",
      ...(parts.longAgo === true ? { max_age: "7300d" } : {}),
    },
    limits: {
      ...(parts.devices === undefined ? {} : { devices: parts.devices }),
      ...(parts.deviceRate === undefined ? {} : { device_rate: `${parts.deviceRate}/s` }),
    },
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

/** Name of the configuration among the site's files. */
const CONFIGURATION = "gateway.yaml";
/** Name of the database's secret among them. */
const SECRET = "influx.secret";

/** Every file of the site, by its path in the folder: configuration, profiles and, where there is one, a secret. */
export async function siteFiles(parts: SiteParts): Promise<Map<string, string>> {
  const { influx } = parts;
  const secret = influx.version === 2 ? influx.token : influx.password;
  const files = new Map([[CONFIGURATION, siteConfiguration(parts)]]);
  if (secret !== null) files.set(SECRET, secret);
  for (const [name, text] of await siteProfiles(parts.longAgo === true)) files.set(`profiles/${name}`, text);
  return files;
}

/** Writes the site's files; returns the path of the configuration. */
export async function writeSite(parts: SiteParts): Promise<string> {
  const { folder } = parts;
  await Deno.mkdir(`${folder}/profiles`, { recursive: true });
  for (const [name, text] of await siteFiles(parts)) {
    await Deno.writeTextFile(`${folder}/${name}`, text, name === SECRET ? { mode: 0o600 } : {});
  }
  return `${folder}/${CONFIGURATION}`;
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
