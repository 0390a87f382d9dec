import type { Clock } from "../clock.ts";
import type { InfluxConfig } from "../config/mod.ts";
import {
  type Access,
  accessTo,
  type Credentials,
  type Destination,
  HttpTransport,
  influxDestination,
} from "../forward/mod.ts";

/** The database that the configuration names. */
export function makeDestination(
  influx: InfluxConfig,
  clock: Clock,
  readText: (path: string) => Promise<string>,
): Destination {
  const { url, timeout } = influx;
  return influxDestination(
    {
      url,
      timeout,
      credentials: credentialsOf(influx, readText),
      target: influx.version === 2
        ? { version: 2, org: influx.org, bucket: influx.bucket }
        : { version: 1, database: influx.database, retentionPolicy: influx.retentionPolicy ?? null },
    },
    new HttpTransport({ clock }),
    clock,
  );
}

/** How the database that the configuration names is reached, for whoever asks it for something else. */
export function databaseAccess(influx: InfluxConfig, readText: (path: string) => Promise<string>): Access {
  return accessTo({ url: influx.url, credentials: credentialsOf(influx, readText) });
}

function credentialsOf(influx: InfluxConfig, readText: (path: string) => Promise<string>): Credentials {
  const secret = influx.version === 2 ? influx.token : influx.password;
  const read = async (): Promise<string> => {
    await secret?.reload(readText);
    return secret?.reveal() ?? "";
  };
  if (influx.version === 2) return { kind: "token", read };
  return influx.username === undefined
    ? { kind: "none" }
    : { kind: "password", username: influx.username, read };
}
