import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { InboxRecord, Point, Rules, Value } from "../../src/model/mod.ts";
import { River } from "../../src/pipeline/mod.ts";
import { replayLive } from "../../src/replay/mod.ts";
import { START } from "../unit/pipeline/river_bench.ts";
import { type Database, NotingSink, readerOf } from "../unit/replay/replay_bench.ts";
import { type Happening, happenings, KEYRING, recordsOf, RULE_SETS } from "./pipeline_traffic.ts";

/** A point that a gateway writes, and the position of the record that made it. */
interface Write {
  readonly at: number;
  readonly point: Point;
  /** It is of no window. */
  readonly passed: boolean;
}

/** What a gateway writes. */
function writesOf(rules: Rules, records: readonly InboxRecord[]): Write[] {
  const river = new River(rules, [], KEYRING);
  const writes: Write[] = [];
  for (const record of records) {
    river.step(record, {
      point: (point, window) => writes.push({ at: record.position, point, passed: window === undefined }),
      refused: () => {},
      alert: () => {},
    });
  }
  return writes;
}

/** The values of a point, each with its place in a database. */
function* values({ stream, fields, ms, ns }: Point): Generator<[string, Value]> {
  for (const { name, value } of fields) {
    yield [`${stream.measurement} ${JSON.stringify(stream.tags)} ${name} ${ms - START}+${ns}`, value];
  }
}

function write(database: Database, points: Iterable<Point>): void {
  for (const point of points) for (const [key, value] of values(point)) database.set(key, value);
}

/** The records of a day; at its end so much time passes that the gateway has written everything. */
function dayOf(all: readonly Happening[], rules: Rules): InboxRecord[] {
  // Made-up traffic has taken messages tried again, too: no gateway does that.
  const records = recordsOf(all.filter(({ kind }) => kind !== "reinject"), [rules]);
  const last = records.at(-1);
  if (last === undefined) return records;
  const stamp = { ...last.stamp, elapsed: last.stamp.elapsed + 86_400_000 };
  return [...records, { position: last.position + 1, stamp, content: { kind: "tick" } }];
}

/** A day of a gateway beside which a replay runs, all positions as parts of the whole. */
interface Day {
  /** The database loses what was written from here … */
  readonly lostFrom: number;
  /** The first position that the archive still has. */
  readonly archive: number;
  /** Positions that cannot be read: where, and how many. */
  readonly holes: readonly (readonly [number, number])[];
  /** The replay reads up to here, and while it writes and looks again the gateway comes so far of the rest. */
  readonly reads: number;
  readonly comes: readonly number[];
  /** The stretch that is asked for, by the times of receipt of these records. */
  readonly from: number | undefined;
  readonly to: number | undefined;
}

/** A part of the whole, evenly: doubles would be next to nothing mostly. */
const partUp = (min: number, max: number): fc.Arbitrary<number> =>
  fc.integer({ min, max }).map((n) => n / 100);
const part = partUp(0, 100);
const most = partUp(50, 100);

/** What the database holds at the end. */
interface Outcome {
  /** With a loss and a replay. */
  readonly healed: Database;
  /** With neither. */
  readonly whole: Database;
  /** With the loss alone. */
  readonly holed: Database;
  /** What the replay has sent. */
  readonly points: readonly Point[];
  /** What the gateway has sent. */
  readonly writes: readonly Write[];
}

/** The gateway's writes and the replay's in the worst order. */
async function afterwards(
  rules: Rules,
  records: readonly InboxRecord[],
  day: Day,
): Promise<Outcome> {
  const at = (share: number): number => Math.round(share * records.length);
  const receivedAt = (share: number): number => records[at(share)]?.stamp.receivedAt ?? Infinity;
  const writes = writesOf(rules, records);
  const whole: Database = new Map();
  write(whole, writes.map(({ point }) => point));
  const rest = 1 - day.reads;
  const steps = [day.reads, ...day.comes.map((share) => day.reads + share * rest).sort((a, b) => a - b)].map(
    at,
  );
  const healed: Database = new Map();
  const holed: Database = new Map();
  let [step, gateway, taken] = [0, 0, 0];
  const gatewayWrites = (upTo: number): void => {
    const lost = at(day.lostFrom);
    for (const each of writes.slice(gateway)) {
      if (each.at > upTo) break;
      gateway++;
      // What the database had when the replay began was lost from there on.
      if (each.at > lost && each.at <= (steps[0] ?? 0)) continue;
      for (const database of [healed, holed]) write(database, [each.point]);
    }
  };
  const readable = records.filter(({ position }) =>
    position > at(day.archive) &&
    // What cannot be read only when the replay looks again is told of by `unchecked`.
    !day.holes.some(([where, many]) =>
      position > at(where) && position <= at(where) + many && position < (steps[0] ?? 0)
    )
  );
  const sink = new NotingSink();
  // The gateway has written all that is durable when the replay's own points arrive.
  sink.onSettled = () => {
    step++;
    gatewayWrites(steps[step] ?? records.length);
    write(healed, sink.points.slice(taken));
    taken = sink.points.length;
  };
  const options = {
    rules,
    keyring: KEYRING,
    from: day.from === undefined ? -Infinity : receivedAt(day.from),
    to: day.to === undefined ? Infinity : receivedAt(day.to),
    onProgress: () => {},
  };
  await replayLive(readerOf(readable, () => steps[step] ?? records.length), options, sink);
  gatewayWrites(records.length);
  return { healed, whole, holed, points: sink.points, writes };
}

const sorted = (database: Database): [string, unknown][] => [...database].sort(([a], [b]) => a < b ? -1 : 1);

/** Fewer devices in less time, so that windows hold several readings; no operator, so that the rules stay. */
const dense: fc.Arbitrary<Happening[]> = happenings.map((all) =>
  all.filter(({ kind }) => kind !== "rules").map((each) => {
    if (each.kind === "report") {
      return { ...each, after: Math.ceil(each.after / 10), device: each.device % 2 };
    }
    return each.kind === "tick" ? { ...each, after: Math.ceil(each.after / 4) } : each;
  })
);

Deno.test("H4, H5, H9: with the whole history at hand, a replay beside the gateway leaves the database as if nothing had been lost", async () => {
  const day = fc.record({
    lostFrom: part,
    archive: fc.constant(0),
    holes: fc.constant([]),
    reads: most,
    comes: fc.array(part, { minLength: 1, maxLength: 4 }),
    from: fc.constant(undefined),
    to: fc.constant(undefined),
  });
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: RULE_SETS.length - 1 }), dense, day, async (which, all, one) => {
      const rules = RULE_SETS[which];
      if (rules === undefined) throw new Error(`There are no rules ${which}`);
      const { healed, whole } = await afterwards(rules, dayOf(all, rules), one);
      assertEquals(sorted(healed), sorted(whole));
    }),
    { numRuns: 300 },
  );
});

/**
 * Rule sets whose limits do not bite, since what a limit refuses depends on everything before; devices may be ahead
 * by a little only, so that much is left behind an edge. Twins have their DUP flag: without it they are known by the
 * record of their session alone, and here packet identifiers come again at once.
 */
const UNLIMITED: readonly Rules[] = RULE_SETS
  .filter(({ limits }) => limits.devices >= 100 && limits.windows >= 100)
  .map((rules) => ({
    ...rules,
    receiveMaximum: 0,
    profiles: Object.fromEntries(
      Object.entries(rules.profiles).map(([name, profile]) => [name, { ...profile, maxFuture: 5_000 }]),
    ),
  }));

Deno.test("H3, H6: wherever the archive begins, whatever cannot be read, whichever stretch is asked for: no good value is overwritten", async () => {
  const day = fc.record({
    lostFrom: part,
    archive: fc.oneof(fc.constant(0), partUp(0, 40)),
    holes: fc.array(fc.tuple(part, fc.integer({ min: 1, max: 9 })), { maxLength: 2 }),
    reads: most,
    comes: fc.array(part, { minLength: 1, maxLength: 4 }),
    from: fc.option(partUp(0, 60), { nil: undefined }),
    to: fc.option(partUp(40, 100), { nil: undefined }),
  });
  let healedPoints = 0;
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: UNLIMITED.length - 1 }), dense, day, async (which, all, one) => {
      const rules = UNLIMITED[which];
      if (rules === undefined) throw new Error(`There are no rules ${which}`);
      const { healed, whole, holed, points, writes } = await afterwards(rules, dayOf(all, rules), one);
      healedPoints += points.length;
      // Of two readings of one moment, the one on this side of a gap may be all that is known.
      const readings = new Set(
        writes.filter(({ passed }) => passed).flatMap(({ point }) => [...values(point)]).map(String),
      );
      // Something true may stand there besides: what was sent twice, or said again on change, is known as such only
      // with everything before it.
      const wrong = [...healed].filter(([key, value]) =>
        whole.has(key) && value !== whole.get(key) && value !== holed.get(key) &&
        !readings.has(String([key, value]))
      );
      assertEquals(wrong.map(([key, value]) => [key, value, whole.get(key)]), []);
    }),
    { numRuns: 400 },
  );
  assert(healedPoints > 0, "and yet something goes out");
});
