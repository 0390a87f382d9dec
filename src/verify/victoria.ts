import { z } from "zod";
import { type Answer, type Ask, jsonOf, refused } from "./ask.ts";
import type { Database, Found, Question, Retention } from "./database.ts";
import { DAY, dayOf, eachDay } from "./days.ts";

/** Devices whose samples are asked for in one request. */
const DEVICES = 5;

const vectorSchema = z.object({
  status: z.literal("success"),
  data: z.object({
    result: z.array(z.object({
      metric: z.record(z.string(), z.string()),
      value: z.tuple([z.number(), z.string()]),
    })),
  }),
});
const exportSchema = z.object({
  metric: z.record(z.string(), z.string()),
  values: z.array(z.union([z.number(), z.string(), z.null()])),
  timestamps: z.array(z.number()),
});

/** A VictoriaMetrics. */
export interface VictoriaPlace {
  /** The label `db` of what came by the write API of InfluxDB 1.x; `null`: none. */
  readonly database: string | null;
  /** The server and its address, for people. */
  readonly server: string;
}

/** A sum in the making. */
type Tally = Map<string, { readonly device: string; readonly day: string; values: number; sum: number }>;

/** Asks VictoriaMetrics, by its query API; a series is called `measurement_field` there. */
export function victoriaMetrics(
  place: VictoriaPlace,
  ask: Ask,
): Database {
  const title = place.server;
  const post = async (path: string, parameters: Record<string, string>): Promise<Answer> => {
    const text = `${new URLSearchParams(parameters)}`;
    const answer = await ask({ path, body: { type: "application/x-www-form-urlencoded", text } });
    if (answer.status !== 200) throw refused(title, answer, errorIn(answer));
    return answer;
  };
  const vector = async (query: string, day: number): Promise<Map<string, number>> => {
    // A rollup looks back from a moment that belongs to it, over a stretch whose first moment does not: (t − 1d, t].
    const time = String((day + DAY - 1) / 1_000);
    const answer = await post("/api/v1/query", { query, time, nocache: "1" });
    const parsed = vectorSchema.safeParse(jsonOf(answer));
    if (!parsed.success) throw refused(title, answer);
    return new Map(
      parsed.data.data.result.map(({ metric, value }) => [metric["device"] ?? "", Number(value[1])]),
    );
  };
  return {
    title,
    keeps: "decimal",
    async content(question): Promise<readonly Found[]> {
      const found: Found[] = [];
      for (const day of eachDay(question.days)) {
        const counts = await vector(
          addedUp("count_over_time", question, question.fields, place.database),
          day,
        );
        const sums = question.numbers.length === 0 || counts.size === 0
          ? new Map<string, number>()
          : await vector(addedUp("sum_over_time", question, question.numbers, place.database), day);
        for (const [device, values] of counts) {
          found.push({ device, day: dayOf(day), values, sum: sums.get(device) ?? 0 });
        }
      }
      return found;
    },
    async recount(question, devices): Promise<readonly Found[]> {
      const tally: Tally = new Map();
      for (let at = 0; at < devices.length; at += DEVICES) {
        const some = devices.slice(at, at + DEVICES);
        const { from, to } = question.days;
        const answer = await post("/api/v1/export", {
          "match[]": selector(question.measurement, question.fields, place.database, some),
          start: String(from / 1_000),
          end: String((to - 1) / 1_000),
        });
        for (const line of answer.text.split("\n")) {
          if (line === "") continue;
          const series = exportSchema.safeParse(jsonOf({ text: line }));
          if (!series.success) throw refused(title, answer);
          countSamples(series.data, question, tally);
        }
      }
      return [...tally.values()];
    },
    async retention(): Promise<Retention | undefined> {
      const answer = await ask({ path: "/flags" });
      const [, period] = /^-retentionPeriod="?([^"\n]*)"?$/m.exec(answer.text) ?? [];
      if (answer.status !== 200 || period === undefined) return undefined;
      const told = /^\d+$/.test(period) ? `${period} months` : period;
      return { text: `VictoriaMetrics keeps data for its -retentionPeriod, ${told}`, ms: null };
    },
  };
}

/** The question as MetricsQL, for the UTC day that ends with the moment of the query. */
export function addedUp(
  rollup: "count_over_time" | "sum_over_time",
  { measurement }: Pick<Question, "measurement">,
  fields: readonly string[],
  database: string | null,
): string {
  return `sum(${rollup}(${selector(measurement, fields, database)}[1d])) by (device)`;
}

function selector(
  measurement: string,
  fields: readonly string[],
  database: string | null,
  devices?: readonly string[],
): string {
  const any = (names: readonly string[]): string => names.map(literal).join("|");
  const labels = [`__name__=~${text(`${literal(measurement)}_(${any(fields)})`)}`, 'replayed=""'];
  if (database !== null) labels.push(`db=${text(database)}`);
  if (devices !== undefined) labels.push(`device=~${text(any(devices))}`);
  return `{${labels.join(",")}}`;
}

/** A name within a regular expression (RE2). */
function literal(name: string): string {
  return name.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}

/** A string of MetricsQL. */
function text(value: string): string {
  return JSON.stringify(value);
}

/** One series of an export: each time counts once, with the larger value, as deduplication keeps it. */
function countSamples(
  { metric, values, timestamps }: z.output<typeof exportSchema>,
  { measurement, numbers }: Question,
  tally: Tally,
): void {
  const isNumber = numbers.includes((metric["__name__"] ?? "").slice(measurement.length + 1));
  const kept = new Map<number, number>();
  timestamps.forEach((ms, index) => {
    kept.set(ms, Math.max(kept.get(ms) ?? -Infinity, Number(values[index] ?? NaN)));
  });
  const device = metric["device"] ?? "";
  for (const [ms, value] of kept) {
    const day = dayOf(ms);
    const key = `${day} ${device}`;
    let row = tally.get(key);
    if (row === undefined) tally.set(key, row = { device, day, values: 0, sum: 0 });
    row.values++;
    if (isNumber) row.sum += value;
  }
}

function errorIn(answer: Answer): string | undefined {
  const said = z.object({ error: z.string() }).safeParse(jsonOf(answer));
  return said.success ? said.data.error : undefined;
}
