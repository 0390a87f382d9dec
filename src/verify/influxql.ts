import { z } from "zod";
import { type Answer, type Ask, jsonOf, refused } from "./ask.ts";
import type { Database, Found, Question, Retention } from "./database.ts";
import { dayOf, type Days } from "./days.ts";
import { VerifyProblem } from "./problem.ts";

/** A database of InfluxDB 1.x. */
export interface InfluxQLPlace {
  /** Its name. */
  readonly database: string;
  /** The retention policy; `null`: the database's own. */
  readonly retentionPolicy: string | null;
  /** The server and its address, for people. */
  readonly server: string;
}

/** Asks InfluxDB 1.x, by InfluxQL over `/query`. */
export function influxQL(place: InfluxQLPlace, ask: Ask): Database {
  const title = `The database "${place.database}" of ${place.server}`;
  const query = async (text: string): Promise<readonly Series[]> => {
    const parameters = new URLSearchParams({
      db: place.database,
      epoch: "ms",
      ...(place.retentionPolicy === null ? {} : { rp: place.retentionPolicy }),
    });
    const body = { type: "application/x-www-form-urlencoded", text: `${new URLSearchParams({ q: text })}` };
    return seriesOf(await ask({ path: `/query?${parameters}`, body }), title);
  };
  return {
    title,
    keeps: "double",
    content: async (question) => (await query(contentQuery(question))).flatMap(foundIn),
    async retention(): Promise<Retention | undefined> {
      const [policies] = await query(`SHOW RETENTION POLICIES ON ${identifier(place.database)}`);
      const rows = (policies?.values ?? []).map((values) =>
        Object.fromEntries(policies?.columns.map((name, index) => [name, values[index]]) ?? [])
      );
      const own = rows.find((row) =>
        place.retentionPolicy === null ? row["default"] === true : row["name"] === place.retentionPolicy
      );
      const ms = durationOf(String(own?.["duration"] ?? ""));
      if (own === undefined || ms === 0) return undefined;
      return { text: `the retention policy "${own["name"]}" keeps data for ${own["duration"]}`, ms };
    },
  };
}

/** The question as InfluxQL: counts of all fields and sums of all numbers, by device and UTC day. */
export function contentQuery({ measurement, days }: Pick<Question, "measurement" | "days">): string {
  return `SELECT count(*), sum(*) FROM ${identifier(measurement)} WHERE ${within(days)} ` +
    `AND "replayed" = '' GROUP BY time(1d), "device" fill(none)`;
}

function within({ from, to }: Days): string {
  return `time >= '${new Date(from).toISOString()}' AND time < '${new Date(to).toISOString()}'`;
}

/** An identifier in double quotes: InfluxQL's `"` and `\` are escaped by a backslash. */
function identifier(name: string): string {
  return `"${name.replace(/["\\]/g, "\\$&").replaceAll("\n", "\\n")}"`;
}

const seriesSchema = z.object({
  tags: z.record(z.string(), z.string()).optional(),
  columns: z.array(z.string()),
  values: z.array(z.array(z.union([z.number(), z.string(), z.boolean(), z.null()]))),
});
const answerSchema = z.object({
  error: z.string().optional(),
  results: z.array(z.object({ error: z.string().optional(), series: z.array(seriesSchema).optional() }))
    .optional(),
});

/** A series of an answer of `/query`. */
export type Series = z.output<typeof seriesSchema>;

/** The series of an answer; refusals come with status 200 as well. */
function seriesOf(answer: Answer, title: string): readonly Series[] {
  const parsed = answerSchema.safeParse(jsonOf(answer));
  if (!parsed.success) throw refused(title, answer);
  const { error, results = [] } = parsed.data;
  const words = error ?? results.find((result) => result.error !== undefined)?.error;
  if (words === undefined && answer.status === 200) return results.flatMap(({ series = [] }) => series);
  if (words?.startsWith("database not found") || words?.startsWith("retention policy not found")) {
    throw new VerifyProblem(
      `${title} does not exist: "${words}"; correct the section influxdb, or create it`,
    );
  }
  throw refused(title, answer, words);
}

/** What a series of the content's answer says, day by day. */
export function foundIn({ tags, columns, values }: Series): Found[] {
  return values.map((row) => {
    const added = (prefix: string): number =>
      columns.reduce((sum, name, index) => {
        const value = row[index];
        return index > 0 && name.startsWith(prefix) && typeof value === "number" ? sum + value : sum;
      }, 0);
    return {
      device: tags?.["device"] ?? "",
      day: dayOf(Number(row[0])),
      values: added("count_"),
      sum: added("sum_"),
    };
  });
}

/** A duration as InfluxDB tells it, `168h0m0s`, ms; 0: for ever. */
function durationOf(text: string): number {
  const [, h = "0", m = "0", s = "0"] = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text) ?? [];
  return ((Number(h) * 60 + Number(m)) * 60 + Number(s)) * 1_000;
}
