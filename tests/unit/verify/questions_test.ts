import { assertEquals, assertStringIncludes } from "@std/assert";
import { countQuery, sumQuery } from "../../../src/verify/flux.ts";
import { contentQuery, foundIn } from "../../../src/verify/influxql.ts";
import type { Question } from "../../../src/verify/mod.ts";
import { addedUp } from "../../../src/verify/victoria.ts";

const QUESTION: Question = {
  measurement: "climate",
  fields: ["t_mean", "t_count", "state"],
  numbers: ["t_mean", "t_count"],
  days: { from: Date.parse("2026-03-01"), to: Date.parse("2026-03-08") },
};
/** A name that no language takes as it is. */
const ODD = 'a"b\\c${d}(e)';

Deno.test("V10: InfluxQL asks for counts and sums by device and UTC day, without what a replay wrote beside", () => {
  assertEquals(
    contentQuery(QUESTION),
    "SELECT count(*), sum(*) FROM \"climate\" WHERE time >= '2026-03-01T00:00:00.000Z' AND " +
      "time < '2026-03-08T00:00:00.000Z' AND \"replayed\" = '' GROUP BY time(1d), \"device\" fill(none)",
  );
  assertStringIncludes(contentQuery({ ...QUESTION, measurement: ODD }), 'FROM "a\\"b\\\\c${d}(e)" WHERE');
});

Deno.test("an answer to InfluxQL gives values and sums day by day, whatever its fields are called", () => {
  const series = {
    tags: { device: "d1" },
    columns: ["time", "count_count_x", "count_sum_y", "count_text", "sum_count_x", "sum_sum_y"],
    values: [[Date.parse("2026-03-01"), 3, 2, 1, 10, -2.5], [
      Date.parse("2026-03-02"),
      1,
      null,
      null,
      4,
      null,
    ]],
  };
  assertEquals(foundIn(series), [
    { device: "d1", day: "2026-03-01", values: 6, sum: 7.5 },
    { device: "d1", day: "2026-03-02", values: 1, sum: 4 },
  ]);
});

Deno.test("V10: Flux counts series by series, since types do not mix in one table, and adds the counts", () => {
  assertEquals(
    countQuery("telemetry", QUESTION),
    `from(bucket: "telemetry")
  |> range(start: 2026-03-01T00:00:00.000Z, stop: 2026-03-08T00:00:00.000Z)
  |> filter(fn: (r) => r._measurement == "climate")
  |> filter(fn: (r) => not exists r.replayed)
  |> aggregateWindow(every: 1d, fn: count, timeSrc: "_start", createEmpty: false)
  |> group(columns: ["device", "_time"])
  |> sum()
  |> keep(columns: ["device", "_time", "_value"])`,
  );
  assertStringIncludes(
    sumQuery("telemetry", QUESTION),
    '  |> filter(fn: (r) => r._field == "t_mean" or r._field == "t_count")\n  |> toFloat()\n' +
      '  |> aggregateWindow(every: 1d, fn: sum, timeSrc: "_start", createEmpty: false)',
  );
  assertStringIncludes(countQuery(ODD, QUESTION), 'bucket: "a\\"b\\\\c\\${d}(e)")');
});

Deno.test("V10: MetricsQL names every series of the measurement, and adds them up by device", () => {
  assertEquals(
    addedUp("count_over_time", QUESTION, QUESTION.fields, null),
    'sum(count_over_time({__name__=~"climate_(t_mean|t_count|state)",replayed=""}[1d])) by (device)',
  );
  assertEquals(
    addedUp("sum_over_time", { measurement: ODD }, ["x.y"], "plant"),
    'sum(sum_over_time({__name__=~"a\\"b\\\\\\\\c\\\\$\\\\{d\\\\}\\\\(e\\\\)_(x\\\\.y)",replayed="",db="plant"}[1d])) by (device)',
  );
});
