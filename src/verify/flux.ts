import { z } from "zod";
import { type Answer, type Ask, jsonOf, refused } from "./ask.ts";
import { readTables } from "./csv.ts";
import type { Database, Found, Question, Retention } from "./database.ts";
import { dayOf } from "./days.ts";
import { VerifyProblem } from "./problem.ts";

/** A bucket of InfluxDB 2.x. */
export interface FluxPlace {
  /** The organisation. */
  readonly org: string;
  /** The bucket. */
  readonly bucket: string;
  /** The server and its address, for people. */
  readonly server: string;
}

const bucketsSchema = z.object({
  buckets: z.array(z.object({
    name: z.string(),
    retentionRules: z.array(z.object({ everySeconds: z.number() })).optional(),
  })),
});

/** Asks InfluxDB 2.x, by Flux over `/api/v2/query`. */
export function flux(place: FluxPlace, ask: Ask): Database {
  const { org, bucket } = place;
  const title = `The bucket "${bucket}" of ${place.server}`;
  const query = async (text: string): Promise<Record<string, string>[]> => {
    const answer = await ask({
      path: `/api/v2/query?${new URLSearchParams({ org })}`,
      headers: { accept: "application/csv" },
      body: { type: "application/vnd.flux", text },
    });
    if (answer.status !== 200) throw refusal(title, answer);
    const rows = readTables(answer.text);
    const failed = rows.find((row) => "error" in row);
    // An error that comes in the middle of the answer is a table of its own.
    if (failed !== undefined) throw refused(title, answer, failed["error"]);
    return rows;
  };
  return {
    title,
    keeps: "double",
    async content(question): Promise<readonly Found[]> {
      const counts = await query(countQuery(bucket, question));
      const sums = question.numbers.length === 0 ? [] : await query(sumQuery(bucket, question));
      return joined(counts, sums);
    },
    async retention(): Promise<Retention | undefined> {
      const answer = await ask({ path: `/api/v2/buckets?${new URLSearchParams({ org, name: bucket })}` });
      const parsed = bucketsSchema.safeParse(jsonOf(answer));
      const own = parsed.success ? parsed.data.buckets.find(({ name }) => name === bucket) : undefined;
      const seconds = own?.retentionRules?.[0]?.everySeconds ?? 0;
      if (seconds === 0) return undefined;
      return { text: `the bucket "${bucket}" keeps data for ${seconds / 3_600} h`, ms: seconds * 1_000 };
    },
  };
}

/** How many values, by device and UTC day. Whatever their types, counts are whole numbers and can be added. */
export function countQuery(bucket: string, { measurement, days }: Question): string {
  return [...head(bucket, measurement, days), ...tail("count")].join("\n");
}

/** The sum of the fields that are numbers, by device and UTC day. */
export function sumQuery(bucket: string, { measurement, days, numbers }: Question): string {
  const fields = numbers.map((name) => `r._field == ${text(name)}`).join(" or ");
  return [
    ...head(bucket, measurement, days),
    `  |> filter(fn: (r) => ${fields})`,
    "  |> toFloat()",
    ...tail("sum"),
  ].join("\n");
}

function head(bucket: string, measurement: string, { from, to }: Question["days"]): string[] {
  return [
    `from(bucket: ${text(bucket)})`,
    `  |> range(start: ${new Date(from).toISOString()}, stop: ${new Date(to).toISOString()})`,
    `  |> filter(fn: (r) => r._measurement == ${text(measurement)})`,
    "  |> filter(fn: (r) => not exists r.replayed)",
  ];
}

/** Series by series first: a field may have another type in another series, and types do not mix in one table. */
function tail(aggregate: "count" | "sum"): string[] {
  return [
    `  |> aggregateWindow(every: 1d, fn: ${aggregate}, timeSrc: "_start", createEmpty: false)`,
    '  |> group(columns: ["device", "_time"])',
    "  |> sum()",
    '  |> keep(columns: ["device", "_time", "_value"])',
  ];
}

/** A string of Flux, in which `${` would begin an expression. */
function text(value: string): string {
  return `"${value.replace(/["\\]|\$(?=\{)/g, "\\$&").replaceAll("\n", "\\n")}"`;
}

function joined(counts: readonly Record<string, string>[], sums: readonly Record<string, string>[]): Found[] {
  const key = (row: Record<string, string>): string => `${row["_time"]} ${row["device"] ?? ""}`;
  const sumOf = new Map(sums.map((row) => [key(row), Number(row["_value"])]));
  return counts.map((row) => ({
    device: row["device"] ?? "",
    day: dayOf(Date.parse(row["_time"] ?? "")),
    values: Number(row["_value"]),
    sum: sumOf.get(key(row)) ?? 0,
  }));
}

function refusal(title: string, answer: Answer): VerifyProblem {
  const said = z.object({ message: z.string() }).safeParse(jsonOf(answer));
  const words = said.success ? said.data.message : undefined;
  if (answer.status === 404 && words?.includes("could not find bucket")) {
    return new VerifyProblem(
      `${title} does not exist: "${words}"; correct the section influxdb, or create it`,
    );
  }
  if (answer.status === 404 || answer.status === 405) {
    return new VerifyProblem(
      `${title} cannot be asked by Flux (status ${answer.status}), which InfluxDB 2.x speaks; InfluxDB 3 does not`,
    );
  }
  return refused(title, answer, words);
}
