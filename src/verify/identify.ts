import { z } from "zod";
import { type Ask, jsonOf, shownBody } from "./ask.ts";
import type { Database } from "./database.ts";
import { flux } from "./flux.ts";
import { influxQL } from "./influxql.ts";
import { VerifyProblem } from "./problem.ts";
import { victoriaMetrics } from "./victoria.ts";

/** Where the gateway writes, as the configuration says. */
export type Target =
  | { readonly version: 1; readonly database: string; readonly retentionPolicy: string | null }
  | { readonly version: 2; readonly org: string; readonly bucket: string };

/**
 * Finds out which database listens at an address, and how it is asked.
 *
 * @param address for people, without secrets
 * @throws {VerifyProblem} where nobody answers, or somebody else
 */
export async function identify(target: Target, address: string, ask: Ask): Promise<Database> {
  const pong = await ask({ path: "/ping" });
  // InfluxDB 1.x and 2.x name their build and version in every answer.
  if (pong.headers.has("x-influxdb-build")) {
    const version = (pong.headers.get("x-influxdb-version") ?? "").replace(/^v/, "");
    const server = `InfluxDB ${version} at ${address}`;
    if (target.version === 1) return influxQL({ ...target, server }, ask);
    // InfluxDB 1.8 takes the write API of 2.x too: a bucket is a database and a retention policy there.
    if (version.startsWith("1.")) return influxQL({ ...ofBucket(target.bucket), server }, ask);
    return flux({ ...target, server }, ask);
  }
  const one = await ask({ path: "/api/v1/query?query=1" });
  if (z.object({ status: z.literal("success") }).safeParse(jsonOf(one)).success) {
    const database = target.version === 1 ? target.database : null;
    return victoriaMetrics({ database, server: `VictoriaMetrics at ${address}` }, ask);
  }
  const said = shownBody(one);
  throw new VerifyProblem(
    `What answers at ${address} is neither InfluxDB nor VictoriaMetrics (status ${one.status}` +
      `${said === "" ? "" : `, "${said}"`}); correct influxdb.url`,
  );
}

function ofBucket(bucket: string): { readonly database: string; readonly retentionPolicy: string | null } {
  const slash = bucket.indexOf("/");
  return slash < 0
    ? { database: bucket, retentionPolicy: null }
    : { database: bucket.slice(0, slash), retentionPolicy: bucket.slice(slash + 1) };
}
