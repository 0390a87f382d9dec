import { assertEquals } from "@std/assert";
import { RuleTrialRun } from "../../../src/gateway/rule_trial.ts";
import { type SeriesFacts, seriesKey, type TextRow, WIDTH } from "../../../src/history/mod.ts";
import type { AlertCondition, AlertRule, FieldType } from "../../../src/model/mod.ts";

const START = Date.UTC(2026, 6, 1);

function facts(device: string, field: string, type: FieldType = "float"): SeriesFacts {
  const stream = { deviceIndex: 0, device, profile: "room", measurement: "m", tags: [] };
  return { key: seriesKey(stream, field, type), stream, topic: `t/${device}`, field, type, unit: "°C" };
}

function rule(condition: AlertCondition, more: Partial<AlertRule> = {}): AlertRule {
  const field = condition.kind === "silent" ? null : "temperature";
  return {
    ...{ name: "trial", profile: null, device: null, topic: null, tags: {}, field, condition, for: 0 },
    ...{ severity: "warning", notify: [], summary: "", ...more },
  };
}

/** A bucket every ten seconds: the smallest, the largest and the newest value; `null`: no reading. */
type Values = readonly ((readonly [min: number, max: number, last: number]) | null)[];

/** What a rule makes of some series, in seconds since the start: fired and resolved. */
function tried(
  tryOut: AlertRule,
  series: readonly SeriesFacts[],
  values: readonly Values[],
  texts: readonly TextRow[] = [],
): { watched: number; alerts: readonly (readonly [string, number, number | null, unknown])[] } {
  const run = new RuleTrialRun(tryOut, series);
  const length = Math.max(0, ...values.map((each) => each.length));
  // Some buckets at a time, as the gateway asks for them.
  for (let from = 0; from < length; from += 3) {
    const rows: number[] = [];
    for (let n = from; n < Math.min(from + 3, length); n++) {
      run.series.forEach((one, place) => {
        const bucket = values[series.indexOf(one)]?.[n];
        if (bucket === null || bucket === undefined) return;
        const [min, max, last] = bucket;
        rows.push(place, START / 10_000 + n, min, max, min + max, 2, last, START + n * 10_000 + 9_000);
      });
    }
    const taken = new Float64Array(rows);
    assertEquals(taken.length % WIDTH, 0);
    run.take({ resolution: 10, rows: taken, texts: [] });
  }
  run.take({ resolution: 10, rows: new Float64Array(0), texts });
  const seconds = (ms: number): number => (ms - START) / 1_000;
  return {
    watched: run.watched,
    alerts: run.end(START + length * 10_000).map(({ fired, resolvedAt }) => [
      fired.device,
      seconds(fired.at),
      resolvedAt === undefined ? null : seconds(resolvedAt),
      fired.value,
    ]),
  };
}

const line = (...values: readonly number[]): Values => values.map((value) => [value, value, value]);

Deno.test("above minds the largest value of a bucket, below the smallest", () => {
  const peak: Values = [[20, 21, 20], [20, 90, 21], [20, 21, 20], [5, 21, 20], [20, 21, 20]];
  const above = rule({ kind: "above", limit: 80, clear: 80 });
  assertEquals(tried(above, [facts("a", "temperature")], [peak]).alerts, [["a", 19, 29, 90]]);
  const below = rule({ kind: "below", limit: 10, clear: 10 });
  assertEquals(tried(below, [facts("a", "temperature")], [peak]).alerts, [["a", 39, 49, 5]]);
});

Deno.test("hysteresis and for hold as they do in the gateway", () => {
  const warm = line(20, 81, 82, 83, 78, 79, 70, 85);
  const held = rule({ kind: "above", limit: 80, clear: 75 }, { for: 20_000 });
  assertEquals(tried(held, [facts("a", "temperature")], [warm]).alerts, [["a", 39, 69, 83]]);
});

Deno.test("outside and inside mind whatever of a bucket is there", () => {
  const values: Values = [[15, 20, 18], [15, 40, 18], [2, 20, 18], [15, 20, 18]];
  const outside = rule({ kind: "outside", low: 10, high: 30 });
  assertEquals(tried(outside, [facts("a", "temperature")], [values]).alerts, [["a", 19, 39, 40]]);
  const inside = rule({ kind: "inside", low: 1, high: 3 });
  assertEquals(tried(inside, [facts("a", "temperature")], [values]).alerts, [["a", 29, 39, 2]]);
});

Deno.test("a boolean is judged as one, a text as it stood", () => {
  const door: Values = [[0, 0, 0], [0, 1, 0], [0, 0, 0]];
  const open = rule({ kind: "equals", value: true });
  assertEquals(tried(open, [facts("a", "temperature", "boolean")], [door]).alerts, [["a", 19, 29, true]]);
  const fault = rule({ kind: "equals", value: "fault" });
  const texts = ["ok", "fault", "ok"].map((last, n) => ({
    ...{ series: 0, bucket: n, count: 1, last, lastAt: START + n * 10_000 },
  }));
  assertEquals(tried(fault, [facts("a", "temperature", "string")], [], texts).alerts, [[
    "a",
    10,
    20,
    "fault",
  ]]);
});

Deno.test("unchanged sees a change within a bucket", () => {
  const values: Values = [...line(5, 5, 5, 5), [5, 6, 5], ...line(5, 5)];
  const stuck = rule({ kind: "unchanged", unchangedFor: 30_000 });
  assertEquals(tried(stuck, [facts("a", "temperature")], [values]).alerts, [["a", 39, 49, 5]]);
});

Deno.test("a dead-man hears all series of a device, and tells of one that is silent at the end", () => {
  const gap: Values = [...line(1, 1), ...Array<null>(8).fill(null), ...line(1), ...Array<null>(9).fill(null)];
  const other: Values = [...line(1, 1, 1)];
  const silent = rule({ kind: "silent", silentFor: 30_000 });
  const series = [facts("a", "temperature"), facts("a", "humidity"), facts("b", "temperature")];
  const { watched, alerts } = tried(silent, series, [gap, other, line(...Array<number>(20).fill(1))]);
  assertEquals(watched, 2);
  assertEquals(alerts, [["a", 59, 109, null], ["a", 139, null, null]]);
});

Deno.test("only what the rule concerns is watched", () => {
  const only = rule({ kind: "above", limit: 0, clear: 0 }, { device: "b*" });
  const series = [facts("a", "temperature"), facts("b1", "temperature"), facts("b1", "humidity")];
  const { watched, alerts } = tried(only, series, [line(1), line(1), line(1)]);
  assertEquals([watched, alerts.map(([device]) => device)], [1, ["b1"]]);
});
