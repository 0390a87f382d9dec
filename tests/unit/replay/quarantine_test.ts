import { assertEquals, assertRejects } from "@std/assert";
import { Quarantine } from "../../../src/buffer/mod.ts";
import { encodeLine } from "../../../src/forward/mod.ts";
import { Journal } from "../../../src/journal/mod.ts";
import type { Refused, Rules } from "../../../src/model/mod.ts";
import {
  journalView,
  type QuarantineCounts,
  readQuarantined,
  replayClosed,
  ReplayProblem,
  type ReplaySummary,
} from "../../../src/replay/mod.ts";
import { MemoryFiles } from "../../support/memory_files.ts";
import { rig } from "../journal/rig.ts";
import { field, NONE, profile, RiverBench, rulesOf, START, windowed } from "../pipeline/river_bench.ts";
import { everySecond, NotingSink, seconds } from "./replay_bench.ts";

/** A gateway's quarantine with these entries. */
async function folderOf(entries: readonly Refused[]): Promise<MemoryFiles> {
  const files = new MemoryFiles();
  const journal = await Journal.open(rig(files, { folder: "data/quarantine", sync: "manual" }).options);
  const quarantine = new Quarantine(journal);
  for (const entry of entries) quarantine.add(entry);
  await quarantine.sync();
  await journal.close();
  return files;
}

async function replayed(
  files: MemoryFiles,
  rules: Rules,
  { from = -Infinity, to = Infinity } = {},
): Promise<{ out: NotingSink; summary: ReplaySummary; counts: QuarantineCounts }> {
  const out = new NotingSink();
  const counts = { entries: 0, repeated: 0, redacted: 0, points: 0 };
  const view = await journalView(files, "data", "quarantine", undefined);
  const { keyring } = new RiverBench(rules).river;
  const options = { rules, keyring, from, to, onProgress: () => {} };
  return { out, counts, summary: await replayClosed(readQuarantined(view, undefined, counts), options, out) };
}

/** What the gateway refuses of a minute of messages under rules that allow less. */
function refusedBy(rules: Rules, count = 60): Refused[] {
  const bench = new RiverBench(rules);
  for (const record of everySecond("d1", [0, count])) bench.record(record);
  return bench.out.refusals;
}

const NARROW = rulesOf(profile([field("t", windowed(), "float", { range: [0, 19], required: true })]));
const WIDE = rulesOf(profile([field("t", windowed())]));

Deno.test("H10: what was refused goes through the new rules, every window is written, and the tag keeps it apart", async () => {
  const { out, summary, counts } = await replayed(await folderOf(refusedBy(NARROW)), WIDE);
  assertEquals(seconds(out.points), [20, 30, 40, 50]);
  assertEquals(
    out.points.map((point) => encodeLine(point).split(" ")[0]),
    Array(4).fill("kiln,device=d1,replayed=true"),
  );
  assertEquals(out.database.get("d1 t_count 50000"), 10);
  assertEquals(counts, { entries: 40, repeated: 0, redacted: 0, points: 0 });
  assertEquals([summary.messages.processed, summary.leftOut], [40, { edge: 0, open: 0 }]);
});

Deno.test("H10: rules that still refuse a message are told so", async () => {
  const { out, summary } = await replayed(await folderOf(refusedBy(NARROW)), NARROW);
  assertEquals([out.points, summary.refusals], [[], new Map([["range", 40]])]);
});

Deno.test("H10: a message with several entries goes through once", async () => {
  const narrow = rulesOf(profile(["t", "u"].map((name) => field(name, NONE, "float", { range: [0, 1] }))));
  const bench = new RiverBench(narrow);
  for (let n = 0; n < 3; n++) bench.report("d1", n, { t: 5, u: 6 });
  const wide = rulesOf(profile(["t", "u"].map((name) => field(name, NONE))));
  const { out, counts } = await replayed(await folderOf(bench.out.refusals), wide);
  assertEquals(counts, { entries: 6, repeated: 3, redacted: 0, points: 0 });
  assertEquals(out.points.length, 6);
});

Deno.test("H11: redacted entries and refused points are counted, and not replayed", async () => {
  const entries = refusedBy(NARROW).map((entry, n): Refused =>
    n < 3 ? { ...entry, redacted: true } : n < 5 ? { ...entry, what: "point" } : entry
  );
  const { counts, summary } = await replayed(await folderOf(entries), WIDE);
  assertEquals(counts, { entries: 40, repeated: 0, redacted: 3, points: 2 });
  assertEquals(summary.messages.received, 35);
});

Deno.test("H3, H10: since and until choose by time of receipt here as well, and alerts of the end are none", async () => {
  const silent = {
    name: "silent",
    profile: null,
    device: null,
    topic: null,
    tags: {},
    field: null,
    condition: { kind: "silent", silentFor: 20_000 },
    for: 0,
    severity: "warning",
    notify: [],
    summary: "",
  } as const;
  const files = await folderOf(refusedBy(NARROW));
  const range = { from: START + 30_000, to: START + 45_000 };
  const { out, summary } = await replayed(files, { ...WIDE, alerts: [silent] }, range);
  assertEquals(summary.messages.received, 15);
  assertEquals(
    seconds(out.points),
    [20, 30],
    "written within the stretch: the one from 40 s on comes after it",
  );
  assertEquals([out.alerts, summary.alerts.size], [[], 0]);
});

Deno.test("H10: a payload that was cut is refused for its size again", async () => {
  const [entry] = refusedBy(NARROW);
  if (entry === undefined) throw new Error("Nothing was refused");
  const { summary } = await replayed(await folderOf([{ ...entry, originalBytes: 1_000_000 }]), WIDE);
  assertEquals(summary.refusals, new Map([["payload_too_large", 1]]));
});

Deno.test("a folder without a quarantine is told as such", async () => {
  const error = await assertRejects(() => replayed(new MemoryFiles(), WIDE), ReplayProblem);
  assertEquals(
    error.message,
    'The folder "data" holds no quarantine; give a gateway\'s data folder with --from',
  );
});
