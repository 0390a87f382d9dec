import { assertEquals } from "@std/assert";
import { encodeLine } from "../../../src/forward/mod.ts";
import type { AlertRule, FieldRule, Limits } from "../../../src/model/mod.ts";
import { field, messageOf, NONE, profile, RiverBench, rulesOf, START, windowed } from "./river_bench.ts";

const SEVERITY = field("severity", NONE, "string", {
  tag: true,
  required: true,
  values: ["debug", "info", "err", "crit"],
});
const FACILITY = field("facility", NONE, "string", { tag: true });
const MESSAGE = field("message", NONE, "string", { maxLength: 80, required: true });

/** A profile of log lines. */
function logs(
  fields: readonly FieldRule[] = [FACILITY, MESSAGE, SEVERITY],
  more: { sequence?: string } = {},
) {
  const { sequence } = more;
  return profile(fields, {
    measurement: "logs",
    ...(sequence === undefined ? {} : { sequence: [sequence] }),
  });
}

const alert: AlertRule = {
  name: "a",
  profile: null,
  device: null,
  topic: null,
  tags: {},
  field: null,
  condition: { kind: "silent", silentFor: 40_000 },
  for: 0,
  severity: "warning",
  notify: [],
  summary: "",
};

function lines(bench: RiverBench): string[] {
  return bench.out.points.splice(0).map((point) => encodeLine(point).replace(String(START / 1_000), "T"));
}

Deno.test("a log line becomes a point under the tags that its payload names, beside those of the topic", () => {
  const bench = new RiverBench(rulesOf(logs()));
  bench.report("web1", 1, { severity: "err", facility: "auth", message: 'no "key", says sshd' });
  bench.report("web1", 2, { severity: "info", message: "hello" });
  bench.report("web2", 3, { severity: "err", facility: "a b=c,d", message: "" });
  assertEquals(lines(bench), [
    'logs,device=web1,facility=auth,severity=err message="no \\"key\\", says sshd" T001000000',
    'logs,device=web1,severity=info message="hello" T002000000',
    'logs,device=web2,facility=a\\ b\\=c\\,d,severity=err message="" T003000000',
  ]);
  // A tag is no reading.
  assertEquals(bench.ledger.readings.decoded, 3);
});

Deno.test("each combination of tags is a stream of its own, known again after a checkpoint", () => {
  const change = field("message", { kind: "change", heartbeat: null }, "string");
  const bench = new RiverBench(rulesOf(logs([SEVERITY, FACILITY, change])));
  const say = (time: number, severity: string, message: string): void =>
    bench.report("web1", time, { severity, message });
  say(1, "err", "x");
  say(2, "info", "x");
  bench.crash();
  say(3, "err", "x");
  say(4, "info", "y");
  assertEquals(bench.ledger.readings.unchanged, 1);
  assertEquals(lines(bench).map((line) => line.split(" ").slice(0, 2).join(" ")), [
    'logs,device=web1,severity=err message="x"',
    'logs,device=web1,severity=info message="x"',
    'logs,device=web1,severity=info message="y"',
  ]);
  // One for the topic, one for each severity.
  assertEquals(bench.river.registry.streams.length, 3);
});

Deno.test("windows of a tagged stream count only its own readings", () => {
  const code = field("code", windowed({ aggregates: ["count", "p50"] }), "int");
  const bench = new RiverBench(rulesOf(logs([SEVERITY, code])));
  for (let n = 0; n < 10; n++) {
    bench.report("web1", n * 100, { severity: n % 5 === 0 ? "err" : "info", code: 200 });
  }
  bench.tick(60_000);
  assertEquals(lines(bench).sort().map((line) => line.split(" ").slice(0, 2).join(" ")), [
    "logs,device=web1,severity=err code_count=2i,code_p50=200",
    "logs,device=web1,severity=info code_count=8i,code_p50=200",
  ]);
});

Deno.test("a tag that is missing, not allowed or cannot stand in a line refuses the whole message", () => {
  const bench = new RiverBench(rulesOf(logs()));
  bench.report("web1", 1, { message: "x" });
  bench.report("web1", 2, { severity: "ERR", message: "x" });
  bench.report("web1", 3, { severity: 3, message: "x" });
  bench.report("web1", 4, { severity: "err", facility: "a\nb", message: "x" });
  bench.report("web1", 5, { severity: "err", facility: "", message: "x" });
  bench.report("web1", 6, { severity: "err", facility: 7, message: "x" });
  assertEquals(bench.out.reasons, ["missing_field", "range", "type", "bad_tag", "bad_tag", "type"]);
  assertEquals(bench.out.refusals.map(({ what }) => what), Array(6).fill("message"));
  assertEquals(bench.out.points, []);
  assertEquals(bench.out.refusals[1]?.refusal, {
    reason: "range",
    field: "severity",
    found: "ERR",
    allowed: "debug, info, err, crit",
    hint: 'write it as "err"',
  });
});

Deno.test("no payload makes itself another device", () => {
  const device = field("device", NONE, "string", { tag: true });
  const bench = new RiverBench(rulesOf(logs([SEVERITY, device, MESSAGE])));
  bench.report("web1", 1, { severity: "err", device: "web9", message: "x" });
  assertEquals(lines(bench), ['logs,device=web1,severity=err message="x" T001000000']);
});

Deno.test("the sequence is the device's, whatever the tags of its lines", () => {
  const bench = new RiverBench(rulesOf(logs(undefined, { sequence: "seq" })));
  const say = (seq: number, severity: string): void =>
    bench.report("web1", seq, { seq, severity, message: "x" });
  say(1, "err");
  say(2, "info");
  say(2, "info");
  say(5, "err");
  const { messages, beside } = bench.ledger;
  assertEquals([messages.processed, messages.duplicate, beside.sequence_gaps], [3, 1, 2]);
});

Deno.test("limits.series bounds the combinations: what is beyond it is rejected, known ones go on", () => {
  const limits: Partial<Limits> = { series: 4 };
  const bench = new RiverBench(rulesOf(logs([SEVERITY, FACILITY, MESSAGE]), { limits }));
  const say = (time: number, facility: string): void =>
    bench.report("web1", time, { severity: "err", facility, message: "x" });
  for (let n = 0; n < 100; n++) say(n, `f${n}`);
  assertEquals(bench.river.registry.streams.length, 4);
  assertEquals(bench.ledger.readings.rejected, 97);
  assertEquals(new Set(bench.out.reasons), new Set(["cardinality"]));
  bench.crash();
  say(200, "f1");
  say(201, "new");
  assertEquals(bench.ledger.readings.rejected, 98);
  // Another device has no room for its topic's stream: the message is refused as a whole.
  bench.report("web2", 202, { severity: "err", message: "x" });
  assertEquals(bench.out.refusals.at(-1)?.what, "message");
  assertEquals(bench.ledger.messages.quarantined, 1);
});

Deno.test("readings that come to nothing open no more streams than there may be series", () => {
  const bench = new RiverBench(rulesOf(logs(), { limits: { series: 5 } }));
  for (let n = 0; n < 50; n++) {
    bench.report("web1", 86_400_000, { severity: "err", facility: `f${n}`, message: "from the future" });
  }
  assertEquals(bench.river.registry.streams.length, 5);
  assertEquals(bench.ledger.readings.rejected, 50);
});

Deno.test("a rule watches the lines under the tags that it names", () => {
  const rules = rulesOf(logs(), {
    alerts: [{
      ...alert,
      field: "message",
      tags: { severity: "crit" },
      condition: { kind: "equals", value: "disk full" },
    }],
  });
  const bench = new RiverBench(rules);
  bench.report("web1", 1, { severity: "info", message: "disk full" });
  bench.report("web1", 2, { severity: "crit", facility: "kern", message: "disk full" });
  assertEquals(bench.out.alerts.map(({ tags }) => tags.map((tag) => tag.join("=")).join(",")), [
    "device=web1,facility=kern,severity=crit",
  ]);
});

Deno.test("a dead-man watches the device, or with tags those lines of it", () => {
  const rules = rulesOf(logs(), {
    alerts: [alert, { ...alert, name: "no heartbeat", tags: { severity: "debug" } }],
  });
  const bench = new RiverBench(rules);
  const say = (elapsed: number, severity: string): void =>
    bench.report("web1", elapsed, { severity, message: `at ${elapsed}` }, { elapsed });
  say(0, "debug");
  for (let at = 10_000; at <= 60_000; at += 10_000) say(at, "info");
  bench.crash();
  say(61_000, "debug");
  bench.tick(200_000);
  assertEquals(bench.out.alerts.map(({ rule, transition }) => `${rule} ${transition}`), [
    "no heartbeat firing",
    "no heartbeat resolved",
    "a firing",
    "no heartbeat firing",
  ]);
});

Deno.test("a field that becomes a tag by a reload makes other series from there", () => {
  const before = logs([field("severity", NONE, "string"), MESSAGE]);
  const bench = new RiverBench(rulesOf(before));
  bench.report("web1", 1, { severity: "err", message: "x" });
  bench.rules(rulesOf(logs()));
  bench.report("web1", 2, { severity: "err", message: "x" });
  assertEquals(lines(bench), [
    'logs,device=web1 severity="err" T001000000',
    'logs,device=web1 message="x" T001000000',
    'logs,device=web1,severity=err message="x" T002000000',
  ]);
});

Deno.test("the same tags from the topic and from the payload are one series", () => {
  const plain = { ...logs([MESSAGE]), name: "plain" };
  const tagged = logs([SEVERITY, MESSAGE]);
  const rules = {
    ...rulesOf(tagged),
    profiles: { [plain.name]: plain, [tagged.name]: tagged },
    subscriptions: [
      { topic: "a/{device}", profile: tagged.name, format: "json" as const, tags: {} },
      { topic: "b/{device}/{severity}", profile: tagged.name, format: "json" as const, tags: {} },
    ],
  };
  const bench = new RiverBench(rules);
  const line = (message: string, ms: number): string =>
    JSON.stringify({ ts: START + ms, severity: "err", message });
  bench.message(messageOf("a/web1", line("one", 5)));
  bench.message(messageOf("b/web1/err", line("two", 4)));
  assertEquals(bench.out.points.map(({ correction }) => correction), [false, true]);
  assertEquals(bench.river.registry.seriesCount, 1);
});

Deno.test("distinct: events of one millisecond are points of their own, the same ones whenever they come", () => {
  const time = { path: ["ts"], unit: "ms", distinct: true } as const;
  const pid = field("pid", NONE, "int");
  const rules = rulesOf({ ...logs([SEVERITY, MESSAGE, pid]), time });
  const run = (order: readonly number[]): Map<string, unknown> => {
    const bench = new RiverBench(rules);
    for (const n of order) bench.report("web1", 7, { severity: "err", message: `line ${n}`, pid: n });
    return new Map([...bench.out.database].sort());
  };
  const numbers = Array.from({ length: 300 }, (_, n) => n);
  const found = run(numbers);
  assertEquals(found.size, 600);
  assertEquals(run(numbers.toReversed()), found);
  // The fields of one event share its time.
  const times = new Set([...found.keys()].map((key) => key.split(" ")[2]));
  assertEquals(times.size, 300);
});

Deno.test("distinct: a clock that is finer than a millisecond is left alone", () => {
  const time = { path: ["ts"], unit: "us", distinct: true } as const;
  const bench = new RiverBench(rulesOf({ ...logs(), time }));
  bench.message(
    messageOf("plant/web1", JSON.stringify({ ts: START * 1_000 + 5, severity: "err", message: "x" })),
  );
  assertEquals(bench.out.points[0]?.ns, 5_000);
});
