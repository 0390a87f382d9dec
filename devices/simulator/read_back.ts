import { parseExactJson } from "./exact_json.ts";
import type { InfluxTarget } from "./options.ts";
import { PointTable, seriesKey, type Value } from "./point_table.ts";

/** What a database that is asked over HTTP holds, or why it cannot be asked. */
export type ReadBack =
  | { readonly kind: "points"; readonly points: PointTable }
  | { readonly kind: "unreadable"; readonly why: string };

interface Answer {
  readonly results?: readonly {
    readonly error?: string;
    readonly series?: readonly {
      readonly name: string;
      readonly tags?: Readonly<Record<string, string>>;
      readonly columns: readonly string[];
      readonly values: readonly (readonly unknown[])[];
    }[];
  }[];
}

function valueOf(found: unknown): Value | undefined {
  if (typeof found === "bigint") return Number(found);
  return typeof found === "number" || typeof found === "boolean" || typeof found === "string"
    ? found
    : undefined;
}

function quoted(text: string, quote: string): string {
  return quote + text.replaceAll("\\", "\\\\").replaceAll(quote, `\\${quote}`) + quote;
}

/**
 * Reads every point of one run back from an InfluxDB 1.x, by InfluxQL's `/query`.
 *
 * Version 2 is written to with a token that need not be allowed to read, and VictoriaMetrics has no `/query`: there
 * the answer is `unreadable`.
 *
 * @param measurements to read
 * @param run value of the tag that tells runs apart
 * @param tag its name
 */
export async function readBack(
  target: InfluxTarget,
  measurements: readonly string[],
  run: string,
  tag = "run",
): Promise<ReadBack> {
  if (target.version === 2) return { kind: "unreadable", why: "it is read back from version 1 only" };
  const points = new PointTable();
  for (const measurement of measurements) {
    const query = `SELECT * FROM ${quoted(measurement, '"')} WHERE ${quoted(tag, '"')} = ${
      quoted(run, "'")
    } GROUP BY *`;
    const parameters = new URLSearchParams({ db: target.database, epoch: "ns", q: query });
    if (target.username !== null) parameters.set("u", target.username);
    if (target.password !== null) parameters.set("p", target.password);
    const response = await fetch(`${target.url}/query`, { method: "POST", body: parameters });
    const text = await response.text();
    if (!response.ok) {
      return { kind: "unreadable", why: `it answers ${response.status}: ${text.slice(0, 200)}` };
    }
    const answer = parseExactJson(text) as Answer;
    const error = answer.results?.[0]?.error;
    if (error !== undefined) return { kind: "unreadable", why: error };
    for (const series of answer.results?.[0]?.series ?? []) {
      // VictoriaMetrics answers whatever it is asked with a list of databases.
      if (series.name !== measurement) return { kind: "unreadable", why: "it does not speak InfluxQL" };
      // No tag is empty: so is said that a series lacks one which others of its measurement have.
      const tags = Object.entries(series.tags ?? {}).filter(([, value]) => value !== "");
      const key = seriesKey(series.name, tags);
      for (const row of series.values) {
        const time = BigInt(row[0] as number | bigint);
        for (const [index, field] of series.columns.entries()) {
          const value = valueOf(row[index]);
          if (index > 0 && value !== undefined) points.set(key, time, field, value);
        }
      }
    }
  }
  return { kind: "points", points };
}
