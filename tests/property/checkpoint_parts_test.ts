/**
 * Whether P5 proves anything: each part of a checkpoint that decides about points, refusals or alerts is lost in turn,
 * and the made-up traffic has to show it.
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { InboxRecord, Rules } from "../../src/model/mod.ts";
import {
  EMPTY_RULES,
  restoreRiver,
  River,
  riverLedger,
  type RiverSnapshot,
  type RiverStreamSnapshot,
  snapshotRiver,
} from "../../src/pipeline/mod.ts";
import { decodeCheckpoint, encodeCheckpoint } from "../../src/pipeline/checkpoint_codec.ts";
import { Output, RiverBench } from "../unit/pipeline/river_bench.ts";
import { HARD_DAYS } from "./hard_days.ts";
import { type Happening, happenings, KEYRING, recordsOf, RULE_SETS } from "./pipeline_traffic.ts";

type SeriesSnapshot = RiverStreamSnapshot["windows"]["series"][number];
type WindowSnapshot = SeriesSnapshot["windows"][number];

/** What is left of a checkpoint. */
type Loss = (whole: RiverSnapshot) => RiverSnapshot;

const stream = (lost: Partial<RiverStreamSnapshot>): Loss => (whole) => ({
  ...whole,
  streams: whole.streams.map((one) => ({ ...one, ...lost })),
});
const series = (lose: (one: SeriesSnapshot) => Partial<SeriesSnapshot>): Loss => (whole) => ({
  ...whole,
  streams: whole.streams.map((one) => ({
    ...one,
    windows: { ...one.windows, series: one.windows.series.map((each) => ({ ...each, ...lose(each) })) },
  })),
});
const windows = (lose: (one: WindowSnapshot) => Partial<WindowSnapshot>): Loss =>
  series((one) => ({ windows: one.windows.map((each) => ({ ...each, ...lose(each) })) }));

/** By the name of each part what a checkpoint without it would be. */
const RIVER: Readonly<Record<string, Loss>> = {
  totals: (whole) => ({ ...whole, totals: { ...whole.totals, processed: 0 } }),
  seriesCount: (whole) => ({ ...whole, seriesCount: 0 }),
  stage: (whole) => ({ ...whole, stage: { opened: 0, held: 0 } }),
  twins: (whole) => ({ ...whole, twins: { packetIds: [], hashes: [], watching: 0 } }),
  "twins.watching": (whole) => ({ ...whole, twins: { ...whole.twins, watching: 0 } }),
  alerts: (whole) => ({ ...whole, alerts: { ...whole.alerts, watchers: [] } }),
  "alerts.deadmen": (whole) => ({ ...whole, alerts: { ...whole.alerts, deadmen: [] } }),
  "alerts.nextDeadMan": (whole) => ({ ...whole, alerts: { ...whole.alerts, nextDeadMan: 0 } }),
  kept: (whole) => ({ ...whole, kept: new Map() }),
  memory: (whole) => ({ ...whole, memory: { sparkplug: { nodes: new Map(), entities: 0, metrics: 0 } } }),
  reinjected: (whole) => ({ ...whole, reinjected: { low: 0, edges: [] } }),
  "reinjected.low": (whole) => ({
    ...whole,
    reinjected: { low: 0, edges: whole.reinjected?.edges ?? [] },
  }),
  devices: (whole) => ({ ...whole, devices: whole.devices.map((one) => ({ ...one, tokens: 1e9 })) }),
  "devices.tokensAt": (whole) => ({
    ...whole,
    devices: whole.devices.map((one) => ({ ...one, tokensAt: 0 })),
  }),
};
const STREAM: Readonly<Record<string, Loss>> = {
  topic: stream({ topic: "elsewhere" }),
  slots: stream({ slots: [] }),
  sequence: stream({ sequence: undefined }),
  newestOf: stream({ newestOf: [] }),
  receiptMs: stream({ receiptMs: -1 }),
  receiptNs: stream({ receiptNs: 0 }),
  windows: (whole) => ({
    ...whole,
    streams: whole.streams.map((one) => ({ ...one, windows: { ...one.windows, newest: -Infinity } })),
  }),
};
const SERIES: Readonly<Record<string, Loss>> = {
  rules: series(({ rules }) => ({ rules: rules.slice(-1) })),
  "rules of now": series(({ rules }) => ({ rules: rules.slice(0, 1) })),
  coverage: series(() => ({ coverage: [] })),
  newestMs: series(() => ({ newestMs: -Infinity })),
  newestNs: series(() => ({ newestNs: -1 })),
  value: series(() => ({ value: undefined })),
  passedMs: series(() => ({ passedMs: -Infinity })),
  times: series(() => ({ times: undefined })),
  gaps: series(() => ({ gaps: [] })),
};
const WINDOW: Readonly<Record<string, Loss>> = {
  serial: windows(() => ({ serial: 0 })),
  drive: windows(() => ({ drive: "live" })),
  sketch: windows(({ sketch }) => ({
    sketch: sketch && { low: Infinity, high: -Infinity, count: 0, keys: [], counts: [] },
  })),
  texts: windows(() => ({ texts: [] })),
  slots: windows(({ slots }) => ({ slots: slots.map(() => 0) })),
  fresh: windows(() => ({ fresh: 0 })),
  emitted: windows(() => ({ emitted: false })),
  written: windows(() => ({ written: undefined })),
  lastAt: windows(() => ({ lastAt: 0 })),
  dirtyAt: windows(() => ({ dirtyAt: 0 })),
  emittedAt: windows(() => ({ emittedAt: 0 })),
  heldSerial: windows(() => ({ heldSerial: 0 })),
};

interface Day {
  readonly rules: Rules;
  readonly records: readonly InboxRecord[];
  /** What is said of it without a loss; empty: not yet known. */
  sound: string;
}

/** Hard days, then days under each of the rules in turn. */
const days: readonly Day[] = [
  ...HARD_DAYS.map(({ rules, day }) => dayOf(rules, day)),
  ...fc.sample(happenings, { seed: 11, numRuns: 360 }).map((day, index) =>
    dayOf(index % RULE_SETS.length, day)
  ),
];

function dayOf(which: number, day: readonly Happening[]): Day {
  const rules = RULE_SETS[which];
  assert(rules !== undefined);
  return { rules, records: recordsOf(day, RULE_SETS), sound: "" };
}

/** What a river says of a day, dying after each record. */
function said(rules: Rules, records: readonly InboxRecord[], lose: Loss | undefined): string {
  const out = new Output();
  let river = new River(rules, [], KEYRING);
  for (const record of records) {
    river.step(record, out);
    if (lose === undefined) continue;
    const found = decodeCheckpoint(encodeCheckpoint(snapshotRiver(river)));
    assert(!("problem" in found));
    river = restoreRiver(lose(found.content as RiverSnapshot), KEYRING);
  }
  return JSON.stringify([out.log, riverLedger(river)]);
}

/** Whether any day shows a loss; a river that cannot go on shows it too. */
function isShown(lose: Loss): boolean {
  return days.some((day) => {
    day.sound ||= said(day.rules, day.records, undefined);
    try {
      return said(day.rules, day.records, lose) !== day.sound;
    } catch {
      return true;
    }
  });
}

const PARTS = { river: RIVER, stream: STREAM, series: SERIES, window: WINDOW };

for (const [part, losses] of Object.entries(PARTS)) {
  Deno.test(`P5 would show the loss of any part of a checkpoint that decides about something: ${part}`, () => {
    const silent = Object.entries(losses).filter(([, lose]) => !isShown(lose)).map(([name]) => name);
    assertEquals(silent, []);
  });
}

/** What says whose state it is, what holds the parts above, and what `crash_anywhere_test.ts` shows. */
const BESIDE: Readonly<Record<keyof typeof PARTS, readonly string[]>> = {
  river: ["rules", "position", "elapsed", "connection", "streams"],
  stream: ["device"],
  series: ["index", "field", "type", "windows"],
  window: ["start", "end", "rule"],
};

Deno.test("no part of a checkpoint is forgotten above", () => {
  const bench = new RiverBench(days[1]?.rules ?? EMPTY_RULES, KEYRING);
  for (const record of days[1]?.records ?? []) bench.record(record);
  const river = snapshotRiver(bench.river);
  const [stream] = river.streams;
  const series = stream?.windows.series.find((one) => one.windows.length > 0);
  const found = { river, stream, series, window: series?.windows[0] };
  for (const part of ["river", "stream", "series", "window"] as const) {
    const known = [...BESIDE[part], ...Object.keys(PARTS[part]).map((name) => name.split(/[. ]/, 1)[0])];
    const all = Object.keys(found[part] ?? {});
    assert(all.length > 3, part);
    assertEquals(all.filter((name) => !known.includes(name)), [], part);
  }
});
