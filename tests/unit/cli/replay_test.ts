import { assertEquals, assertStringIncludes } from "@std/assert";
import { rangeOf } from "../../../src/cli/replay_range.ts";
import { ReplayReport } from "../../../src/cli/replay_report.ts";
import type { CliIo } from "../../../src/cli/io.ts";
import { main } from "../../../src/cli/main.ts";
import type { AlertEvent, Point } from "../../../src/model/mod.ts";
import type { ReplaySummary } from "../../../src/replay/mod.ts";
import { ManualClock } from "../../support/manual_clock.ts";
import { memorySources } from "../config/memory_sources.ts";

const NOW = Date.UTC(2026, 10, 28, 12);

function run(files: Record<string, string> = {}, isTerminal = false) {
  const out: string[] = [];
  const err: string[] = [];
  const io: CliIo = {
    stdout: (text) => void out.push(text),
    stderr: (text) => void err.push(text),
    isTerminal,
    color: false,
    env: () => undefined,
    readBytes: (path) => Promise.reject(new Deno.errors.NotFound(path)),
    sources: memorySources(files),
  };
  return { io, out: () => out.join(""), err: () => err.join("") };
}

Deno.test("since and until are moments with a zone or durations before now; the rest is told what is allowed", () => {
  assertEquals(rangeOf(undefined, undefined, NOW), { from: -Infinity, to: Infinity });
  assertEquals(rangeOf("2h", "30m", NOW), { from: NOW - 7_200_000, to: NOW - 1_800_000 });
  assertEquals(rangeOf("2026-11-28T10:00:00+01:00", undefined, NOW), {
    from: NOW - 10_800_000,
    to: Infinity,
  });
  assertEquals(
    rangeOf("yesterday", undefined, NOW),
    '--since was "yesterday"; allowed is a moment with its zone, such as 2026-11-28T14:00:00Z, or a duration before ' +
      "now, such as 2h",
  );
  assertStringIncludes(
    String(rangeOf(undefined, "2026-11-28T10:00:00", NOW)),
    '--until was "2026-11-28T10:00:00"',
  );
  assertEquals(
    rangeOf("1h", "2h", NOW),
    '--since was "1h" and --until "2h"; allowed is a stretch that begins before it ends',
  );
});

const CONFIG = `mqtt: { url: mqtt://127.0.0.1:1883 }
subscriptions: [{ topic: "plant/{device}", profile: kiln }]
profiles_dir: profiles
`;
const FILES = {
  "gateway.yaml": CONFIG,
  "profiles/kiln.yaml": "profile: kiln\nmeasurement: kiln\nfields: { t: { type: float } }\n",
};

Deno.test("wrong usage and configurations end with 2, a folder that holds nothing with 1, each with one sentence", async () => {
  const cases: readonly (readonly [string[], number, string])[] = [
    [["replay"], 2, "replay needs --from with a data folder\n"],
    [["replay", "--from", "data", "--since", "soon"], 2, '--since was "soon"; allowed is a moment'],
    [["replay", "--from", "data", "--key-file", "gone"], 2, 'The key file "gone" cannot be read'],
    [
      ["replay", "--from", "data"],
      2,
      'The configuration "gateway.yaml" names no database; add the section influxdb',
    ],
    [
      ["replay", "--from", "/nowhere", "--dry-run"],
      1,
      'The folder "/nowhere" holds neither an inbox nor an archive',
    ],
    [
      ["replay", "--from", "/nowhere", "--dry-run", "--quarantine"],
      1,
      'The folder "/nowhere" holds no quarantine',
    ],
    [["replay", "--from", "data", "--config", "other.yaml"], 2, "other.yaml"],
    [["replay", "--form", "data"], 2, 'The option "--form" is not known'],
  ];
  for (const [argv, code, text] of cases) {
    const { io, out, err } = run(FILES);
    assertEquals([await main(argv, io), out()], [code, ""], argv.join(" "));
    assertStringIncludes(err(), text);
  }
});

Deno.test("--help says which times are meant, and what is left out", async () => {
  const { io, out } = run();
  assertEquals(await main(["replay", "--help"], io), 0);
  for (const word of ["by time of receipt", "2h", "replayed=true", "max_future", "--key-file FILE"]) {
    assertStringIncludes(out(), word);
  }
});

const POINT: Point = {
  stream: { deviceIndex: 0, device: "d1", profile: "kiln", measurement: "kiln", tags: [["device", "d1"]] },
  fields: [{ name: "t", type: "float", value: 1.5 }],
  ms: 1_000,
  ns: 0,
  readings: 1,
  correction: false,
};
const ALERT: AlertEvent = {
  transition: "firing",
  alert: "x",
  rule: "hot",
  severity: "critical",
  device: "d1",
  tags: [],
  field: "t",
  value: 1.5,
  unit: null,
  limit: "1",
  at: NOW,
  firedAt: NOW,
  receivedAt: NOW,
  notify: ["ops"],
  summary: "d1 is hot",
  reason: null,
};
const SUMMARY: ReplaySummary = {
  first: 101,
  last: 2_100,
  received: { from: NOW - 60_000, to: NOW },
  messages: { received: 2_000, processed: 1_990, duplicate: 3, filtered: 0, sampled: 0, quarantined: 7 },
  readings: { decoded: 4_000, unchanged: 12, rejected: 0, late: 1 },
  points: new Map([["kiln", 400], ["oven", 1]]),
  refusals: new Map([["undecodable", 7]]),
  alerts: new Map([["hot", { firing: 2, resolved: 1 }]]),
  leftOut: { edge: 40, open: 3 },
  lost: { records: 9, gaps: 1 },
  rulesSkipped: 1,
  sentAgain: 5,
  unchecked: 6,
};

Deno.test("a dry run prints lines to stdout, alerts and the summary to stderr", async () => {
  const { io, out, err } = run();
  const report = new ReplayReport(io, { dryRun: true, json: false }, new ManualClock());
  report.point(POINT);
  report.alert(ALERT);
  await report.settled();
  report.end(SUMMARY);
  assertEquals(out(), "kiln,device=d1 t=1.5 1000000000\n");
  assertEquals(
    err(),
    `alert firing critical hot at 2026-11-28T12:00:00.000Z: d1 is hot
  read          positions 101 to 2100 of the journal
  stretch       received from 2026-11-28T11:59:00.000Z to 2026-11-28T12:00:00.000Z
  messages      2,000 received, 1,990 processed, 3 duplicate, 7 quarantined
  readings      4,000 decoded, 12 unchanged, 1 late
  points        401 printed, kiln 400, oven 1
  refused       undecodable 7
  alerts        hot 2 fired, 1 resolved
  left out      40 points at an edge of what can be read, 3 windows still open
  missing       9 records in 1 gap
  passed over   1 record of rules
  sent again    5 points completed meanwhile
  unchecked     6 windows: what the gateway has taken in meanwhile cannot be read
`,
  );
});

Deno.test("with --json everything is JSON lines on stdout", async () => {
  const { io, out, err } = run();
  const report = new ReplayReport(io, { dryRun: true, json: true }, new ManualClock());
  report.point(POINT);
  report.alert(ALERT);
  await report.settled();
  report.end(SUMMARY, { entries: 9, repeated: 1, redacted: 2, points: 3 });
  const [point, alert, summary] = out().trimEnd().split("\n").map((line) => JSON.parse(line));
  assertEquals(point, { point: "kiln,device=d1 t=1.5 1000000000" });
  assertEquals(alert.alert.at, "2026-11-28T12:00:00.000Z");
  assertEquals(summary.summary.left_out, { edge: 40, open: 3 });
  assertEquals(summary.summary.points, { kiln: 400, oven: 1 });
  assertEquals(summary.summary.quarantine, { entries: 9, repeated: 1, redacted: 2, points: 3 });
  assertEquals([err(), Object.keys(summary.summary).every((name) => /^[a-z_]+$/.test(name))], ["", true]);
});

Deno.test("progress is told now and then, and what keeps the database from taking points once", () => {
  const { io, err } = run();
  const clock = new ManualClock();
  const report = new ReplayReport(io, { dryRun: false, json: false }, clock);
  for (let n = 1; n <= 25; n++) {
    clock.advance(1_000);
    report.progress({ records: n * 1_000, at: NOW, points: n });
    report.news({ kind: "waiting", text: "asks for patience" });
  }
  report.news({ kind: "refused", lines: 2, words: "a field has another type" });
  report.news({ kind: "refused", lines: 3, words: "again" });
  report.end({ ...SUMMARY, points: new Map() });
  assertEquals(err().split("\n").slice(0, 4), [
    "waiting: asks for patience",
    "10,000 records read, received up to 2026-11-28T12:00:00.000Z, 10 points",
    "20,000 records read, received up to 2026-11-28T12:00:00.000Z, 20 points",
    "refused by the database: a field has another type",
  ]);
  assertStringIncludes(err(), "  database      refused 5 lines\n");
  assertStringIncludes(err(), "  points        0 written\n");
});

Deno.test("at a terminal one line of progress overwrites the other, and the summary begins on its own", () => {
  const { io, err } = run({}, true);
  const clock = new ManualClock();
  const report = new ReplayReport(io, { dryRun: false, json: false }, clock);
  clock.advance(1_000);
  report.progress({ records: 5, at: NOW, points: 1 });
  report.end(SUMMARY);
  assertStringIncludes(err(), "\r5 records read");
  assertStringIncludes(err(), "1 points\x1b[K\n  read ");
});
