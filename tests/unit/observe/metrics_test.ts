import { assertEquals, assertThrows } from "@std/assert";
import { balanced, emptyLedger } from "../../../src/model/mod.ts";
import { ledgerMetrics, Metrics } from "../../../src/observe/mod.ts";
import { parseExposition } from "./parse_exposition.ts";

Deno.test("an exposition is read by a strict parser, whatever labels and help hold", () => {
  const metrics = new Metrics();
  const evil = 'a\\b"c\nd} 1\n# TYPE x counter\u2028é';
  metrics.counter("sluice_evil_total", "Help with \\ and\na break.", ["text"]).add([evil], 2);
  metrics.gauge("sluice_level", "Level.", () => [
    { labels: { b: "2", a: "1" }, value: -Infinity },
    { labels: { a: "0", b: "3" }, value: NaN },
    { labels: { a: "lone \ud800 surrogate" }, value: 1e300 },
  ]);
  metrics.histogram("sluice_time_seconds", "Times.", [0.001, 0.1]).observe(0.05);
  assertEquals(parseExposition(metrics.exposition()), [
    {
      name: "sluice_evil_total",
      help: "Help with \\ and\na break.",
      type: "counter",
      samples: [{ name: "sluice_evil_total", labels: { text: evil }, value: 2 }],
    },
    {
      name: "sluice_level",
      help: "Level.",
      type: "gauge",
      samples: [
        { name: "sluice_level", labels: { a: "0", b: "3" }, value: NaN },
        { name: "sluice_level", labels: { a: "1", b: "2" }, value: -Infinity },
        { name: "sluice_level", labels: { a: "lone \ufffd surrogate" }, value: 1e300 },
      ],
    },
    {
      name: "sluice_time_seconds",
      help: "Times.",
      type: "histogram",
      samples: [
        { name: "sluice_time_seconds_bucket", labels: { le: "0.001" }, value: 0 },
        { name: "sluice_time_seconds_bucket", labels: { le: "0.1" }, value: 1 },
        { name: "sluice_time_seconds_bucket", labels: { le: "+Inf" }, value: 1 },
        { name: "sluice_time_seconds_sum", labels: {}, value: 0.05 },
        { name: "sluice_time_seconds_count", labels: {}, value: 1 },
      ],
    },
  ]);
});

Deno.test("the order depends neither on registration nor on use", () => {
  const build = (words: string[]): string => {
    const metrics = new Metrics();
    const counters = new Map(
      words.map((word) => [word, metrics.counter(`sluice_${word}_total`, "x", ["k"])]),
    );
    for (const word of words) for (const value of words) counters.get(word)?.add([value]);
    return metrics.exposition();
  };
  assertEquals(build(["a", "b", "c"]), build(["c", "a", "b"]));
});

Deno.test("a counter without labels is there from 0 on", () => {
  const metrics = new Metrics();
  const counter = metrics.counter("sluice_starts_total", "Starts.");
  assertEquals(parseExposition(metrics.exposition())[0]?.samples[0]?.value, 0);
  counter.add();
  counter.add([], 41);
  assertEquals(parseExposition(metrics.exposition())[0]?.samples[0]?.value, 42);
});

Deno.test("mistakes of the program are thrown at once", () => {
  const metrics = new Metrics();
  const counter = metrics.counter("sluice_a_total", "A.", ["k"]);
  assertThrows(() => metrics.gauge("sluice_a_total", "A.", () => 0), RangeError, "there already");
  assertThrows(() => metrics.gauge("other_a", "A.", () => 0), RangeError, '"other_a"');
  assertThrows(() => metrics.counter("sluice_b_total", "B.", ["le-k"]), RangeError, '"le-k"');
  assertThrows(() => counter.add([]), RangeError, "1 labels");
  assertThrows(() => counter.add(["x"], -1), RangeError, '"-1"');
  assertThrows(() => metrics.histogram("sluice_h", "H.", [1, 1]), RangeError, "do not ascend");
});

Deno.test("a value on a bound falls below it, one above all bounds is counted", () => {
  const metrics = new Metrics();
  const histogram = metrics.histogram("sluice_h", "H.", [1, 2]);
  for (const value of [1, 1.5, 2, 99]) histogram.observe(value);
  const samples = parseExposition(metrics.exposition())[0]?.samples;
  assertEquals(samples?.map((sample) => sample.value), [1, 3, 4, 103.5, 4]);
  assertEquals(histogram.count, 4);
});

Deno.test("quantiles are interpolated in their bucket as PromQL does", () => {
  const histogram = new Metrics().histogram("sluice_h", "H.", [1, 2, 4]);
  assertEquals(histogram.quantile(0.5), null);
  for (let index = 0; index < 10; index++) histogram.observe(0.5);
  for (let index = 0; index < 10; index++) histogram.observe(3);
  assertEquals([0.25, 0.5, 0.75, 1].map((q) => histogram.quantile(q)), [0.5, 1, 3, 4]);
  histogram.observe(100);
  assertEquals(histogram.quantile(1), 4);
});

Deno.test("every number of the ledger is exposed, and one exposition is one cut", () => {
  let delivered = 0;
  const metrics = new Metrics();
  const counts = emptyLedger();
  ledgerMetrics(metrics, () => counts);
  counts.readings.decoded = 5;
  counts.readings.delivered = delivered += 3;
  counts.readings.open = 2;
  counts.messages.quarantined = 1;
  counts.beside.sequence_gaps = 7;
  const families = parseExposition(metrics.exposition());
  const value = (name: string): [string | undefined, number | undefined] => {
    const family = families.find((family) => family.name === name);
    return [family?.type, family?.samples[0]?.value];
  };
  assertEquals(value("sluice_readings_decoded_total"), ["counter", 5]);
  assertEquals(value("sluice_readings_delivered_total"), ["counter", 3]);
  assertEquals(value("sluice_readings_open"), ["gauge", 2]);
  assertEquals(value("sluice_messages_quarantined"), ["gauge", 1]);
  assertEquals(value("sluice_sequence_gaps_total"), ["counter", 7]);
  assertEquals(value("sluice_ledger_balanced"), ["gauge", balanced(counts) ? 1 : 0]);
  assertEquals(value("sluice_ledger_balanced"), ["gauge", 0]);
  const words = Object.values(emptyLedger()).flatMap((part) => Object.keys(part));
  assertEquals(families.length, words.length + 1);
});
