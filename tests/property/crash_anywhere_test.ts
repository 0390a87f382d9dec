import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { encodeLine } from "../../src/forward/mod.ts";
import { AlertHistory } from "../../src/gateway/alert_history.ts";
import { StandingAlerts } from "../../src/gateway/standing_alerts.ts";
import type { InboxRecord, Rules } from "../../src/model/mod.ts";
import { type Notifier, NotifyQueue } from "../../src/notify/mod.ts";
import { riverLedger } from "../../src/pipeline/mod.ts";
import { parseStrict } from "../support/line_parser.ts";
import { ManualClock } from "../support/manual_clock.ts";
import { MemoryFiles, someSectors } from "../support/memory_files.ts";
import { RiverBench, START } from "../unit/pipeline/river_bench.ts";
import { type Database, Life, type Noted } from "./core_life.ts";
import { HARD_DAYS } from "./hard_days.ts";
import { type Happening, happenings, recordsOf, RULE_SETS } from "./pipeline_traffic.ts";

/** How one life goes. */
interface Fate {
  /** File operations after which it stops dead. */
  readonly end: number;
  /** After so many records each a group goes down, a checkpoint is taken, and a block is delivered. */
  readonly sync: number;
  readonly checkpoint: number;
  readonly deliver: number;
  /** What the power cut that ends it leaves of unsynced bytes, as a part of them; `null`: the process dies alone. */
  readonly powerCut: number | null;
}

const fate: fc.Arbitrary<Fate> = fc.record({
  end: fc.integer({ min: 1, max: 160 }),
  sync: fc.integer({ min: 1, max: 6 }),
  checkpoint: fc.integer({ min: 2, max: 20 }),
  deliver: fc.integer({ min: 2, max: 9 }),
  powerCut: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
});

/**
 * The gateway without its two ends, dying again and again; returns the file operations of the last life.
 *
 * @param prepared whether each life writes its inbox over a former segment
 */
async function throughLives(
  rules: Rules,
  records: readonly InboxRecord[],
  fates: readonly Fate[],
  prepared = false,
): Promise<number> {
  const database: Database = [];
  const noted: Noted = new Map();
  let files = new MemoryFiles();
  let at = 0;
  let wall = START;
  for (const { end, sync, checkpoint, deliver, powerCut } of [...fates, LAST]) {
    const life = new Life(files, noted, wall, end, prepared);
    await life.begin(rules);
    let before = records[at]?.stamp.elapsed ?? 0;
    while (at < records.length && !life.isDead) {
      const record = records[at++];
      if (record === undefined) break;
      const passed = record.stamp.elapsed - before;
      before = record.stamp.elapsed;
      wall += passed;
      life.pass(passed);
      life.take(record);
      if (at % sync === 0) await life.sync();
      if (at % checkpoint === 0) await life.checkpoint();
      if (at % deliver === 0) await life.deliver(1, database);
    }
    if (end === Infinity) {
      await hold(life, rules, database, noted);
      const segments = files.paths().filter((path) => /^\/data\/inbox\/.*segment$/.test(path));
      const recycled = segments.some((path) => files.bytesOf(path)[8] === 3);
      // A last life after others may have had nothing to append.
      if (fates.length === 0) assertEquals(recycled, prepared, "whether a segment is recycled");
      return files.operations;
    }
    await life.end();
    const part = powerCut === 0 ? undefined : someSectors(Math.round((powerCut ?? 0) * 1_000));
    files = powerCut === null ? files.afterKill() : files.afterPowerCut(part);
  }
  throw new Error("There is no last life");
}

/** The life that nothing ends. */
const LAST: Fate = { end: Infinity, sync: 3, checkpoint: 11, deliver: 4, powerCut: null };

/** A notifier that is never asked: nothing is sent before the queue is started. */
const NOBODY: Notifier = { kind: "log", send: () => Promise.resolve({ kind: "sent" }) };

/** Holds what is left in the end against one river that took the same inbox in one go. */
async function hold(
  life: Life,
  rules: Rules,
  database: Database,
  noted: Noted,
): Promise<void> {
  await life.sync();
  await life.checkpoint();
  await life.deliver(Infinity, database);
  const inbox = [...noted.values()].sort((a, b) => a.position - b.position);
  assertEquals(inbox.map(({ position }) => position), inbox.map((_record, index) => index + 1));
  const { river, out } = inOneGo(rules, inbox);
  const { core } = life;
  const wanted = out.points.map(encodeLine);
  assertEquals([...new Set(database)].sort(), [...new Set(wanted)].sort());
  assertEquals(atRest(database), atRest(wanted));
  assertEquals(
    await life.refusals(),
    out.refusals.map(({ payload, ...facts }) => `${JSON.stringify(facts)} ${payload.toHex()}`),
  );
  const history = new AlertHistory();
  const standing = new StandingAlerts();
  const notifications = new NotifyQueue(new Map([["ops", NOBODY]]), {
    clock: new ManualClock(),
    random: () => 0,
    onEvent: () => {},
  });
  for (const event of out.alerts) {
    history.add(event);
    standing.add(event);
    notifications.add(event);
  }
  assertEquals(core.alertHistory.events, history.events);
  assertEquals(core.standingAlerts.events, standing.events);
  assertEquals(core.driver.river.alerts.snapshot(), river.alerts.snapshot());
  assertEquals(core.notifications.snapshot(), notifications.snapshot());
  assertEquals(core.driver.river.position, river.position);
  assertEquals(riverLedger(core.driver.river), riverLedger(river));
  const { produced, delivered, waiting } = core.outbox.counts.total;
  assertEquals([produced.points, delivered.points, waiting.points], [wanted.length, wanted.length, 0]);
  assertEquals(delivered.readings, out.delivered());
}

function inOneGo(rules: Rules, inbox: readonly InboxRecord[]): RiverBench {
  const bench = new RiverBench(rules);
  for (const record of inbox) bench.record(record);
  return bench;
}

/** What a database holds in the end: a later line overwrites an earlier one. */
function atRest(lines: readonly string[]): Map<string, unknown> {
  const held = new Map<string, unknown>();
  for (const { measurement, tags, fields, time } of lines.flatMap((line) => parseStrict(line))) {
    for (const [name, { value }] of fields) {
      held.set(`${measurement} ${JSON.stringify(tags)} ${name} ${time}`, value);
    }
  }
  return new Map([...held].sort(([a], [b]) => a < b ? -1 : 1));
}

const FIRST = RULE_SETS[0];

/** Rules as the configuration gives them: those of another configuration come only with a restart. */
const days: fc.Arbitrary<Happening[]> = happenings.map((all) =>
  all.filter(({ kind }) => kind !== "rules" && kind !== "still")
);

for (const prepared of [false, true]) {
  const how = prepared ? ", segments prepared" : "";

  Deno.test(`P1, P2, P3, P5: whatever comes, wherever it dies, at rest everything is as if nothing had been${how}`, async () => {
    assert(FIRST !== undefined);
    await fc.assert(
      fc.asyncProperty(days, fc.array(fate, { minLength: 1, maxLength: 5 }), async (all, fates) => {
        await throughLives(FIRST, recordsOf(all, RULE_SETS), fates, prepared);
      }),
      // Making a failing case smaller takes hundreds of lives.
      { numRuns: 60, interruptAfterTimeLimit: 60_000 },
    );
  });

  Deno.test(`P1, P2, P3, P5: one day, dying at every single file operation, alone or with the power${how}`, async () => {
    assert(FIRST !== undefined);
    const all = fc.sample(days, { seed: 4, numRuns: 100 });
    const day = all.find(({ length }) => length > 20 && length < 30) ?? [];
    await dyingEverywhere(FIRST, day, prepared);
  });
}

Deno.test("P1, P2, P3, P5, seed 1142671652: it dies in its second start, before anything was replayed", async () => {
  assert(FIRST !== undefined);
  const report = { kind: "report", after: 0, device: 0, age: 0, value: 0, fields: 0 } as const;
  const day: Happening[] = [
    { kind: "packed", after: 0, device: 0, format: "cbor", value: 1, age: 0, damaged: true },
    { ...report, restart: true, skipped: 0, packetId: 0, retain: true },
    { ...report, restart: true, skipped: 0, packetId: 0, retain: true },
  ];
  const fates = [40, 1].map((end): Fate => ({ end, sync: 1, checkpoint: 2, deliver: 2, powerCut: null }));
  await throughLives(FIRST, recordsOf(day, RULE_SETS), fates);
});

Deno.test("P5: people silence and acknowledge, and it dies at every single file operation", async () => {
  assert(FIRST !== undefined);
  const day = HARD_DAYS.find(({ day }) => day.some(({ kind }) => kind === "command"))?.day ?? [];
  await dyingEverywhere(FIRST, day);
});

Deno.test("P5, I2: what was refused is tried again, and it dies at every single file operation", async () => {
  assert(FIRST !== undefined);
  const day = HARD_DAYS.find(({ day }) => day.some(({ kind }) => kind === "reinject"))?.day ?? [];
  await dyingEverywhere(FIRST, day);
});

async function dyingEverywhere(rules: Rules, day: readonly Happening[], prepared = false): Promise<void> {
  const records = recordsOf(day, RULE_SETS);
  const operations = await throughLives(rules, records, [], prepared);
  assert(records.length > 15 && operations > 100, `${records.length} records, ${operations} operations`);
  for (const powerCut of [null, 0, 0.6]) {
    for (let end = 1; end <= operations; end++) {
      await throughLives(rules, records, [{ ...LAST, end, powerCut }], prepared);
    }
  }
}
