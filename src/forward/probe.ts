import { HttpError, type InfluxDB, RequestTimedOutError } from "@influxdata/influxdb-client";
import type { DestinationNames, Verdict } from "./verdict.ts";
import { verdictText } from "./verdict.ts";

/** What `check --probe` learned of a database. */
export interface ProbeResult {
  /** Lines would be taken, as far as that can be known without writing one. */
  readonly ok: boolean;
  /** The sentence for people. */
  readonly text: string;
}

/**
 * Asks a server for its health, then writes nothing: an empty request passes the server's checks of address,
 * token and bucket, and leaves no point behind.
 */
export async function probeServer(
  client: InfluxDB,
  version: 1 | 2,
  names: DestinationNames,
  writeNothing: () => Promise<Verdict>,
): Promise<ProbeResult> {
  const health = await healthOf(client);
  if (!health.ok) return { ok: false, text: `The database at ${names.address} ${health.text}` };
  const verdict = await writeNothing();
  if (verdict.kind === "delivered") {
    return {
      ok: true,
      text: `The database at ${names.address} ${health.text} and takes lines for the ${names.place}`,
    };
  }
  // InfluxDB 2.x looks for bucket and permission first and then says that an empty write is none.
  if (version === 2 && verdict.kind === "refused" && /\bno points|requires points\b/.test(verdict.words)) {
    return { ok: true, text: `The database at ${names.address} ${health.text} and knows the ${names.place}` };
  }
  return { ok: false, text: verdictText(verdict, names) };
}

/** `/health` (2.x, VictoriaMetrics), else `/ping` (1.x); a server that asks for a token there is at least alive. */
async function healthOf(client: InfluxDB): Promise<{ ok: boolean; text: string }> {
  try {
    const health: unknown = await client.transport.request("/health", "", { method: "GET" });
    const status = fieldOf(health, "status");
    if (status !== undefined && status !== "pass") {
      return { ok: false, text: `says "${status}" of its health` };
    }
    const version = fieldOf(health, "version");
    return { ok: true, text: version === undefined ? "answers" : `answers as version ${version}` };
  } catch (error) {
    if (error instanceof HttpError && error.statusCode === 404) return await ping(client);
    return failed(error);
  }
}

async function ping(client: InfluxDB): Promise<{ ok: boolean; text: string }> {
  try {
    let version: unknown;
    await client.transport.request("/ping", "", { method: "GET" }, (headers) => {
      version = headers["x-influxdb-version"];
    });
    return { ok: true, text: typeof version === "string" ? `answers as version ${version}` : "answers" };
  } catch (error) {
    return failed(error);
  }
}

function failed(error: unknown): { ok: boolean; text: string } {
  if (error instanceof HttpError) {
    if (error.statusCode === 401 || error.statusCode === 403) return { ok: true, text: "answers" };
    return { ok: false, text: `answers with status ${error.statusCode}` };
  }
  if (error instanceof RequestTimedOutError) return { ok: false, text: "did not answer in time" };
  return {
    ok: false,
    text: `cannot be reached: "${error instanceof Error ? error.message : String(error)}"`,
  };
}

function fieldOf(value: unknown, name: "status" | "version"): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const found = Object.entries(value).find(([key]) => key === name)?.[1];
  return typeof found === "string" ? found : undefined;
}
