import { assertEquals } from "@std/assert";
import type { InboxRecord, Message, Rules } from "../../../src/model/mod.ts";
import { replayLive } from "../../../src/replay/mod.ts";
import { type SparkplugHappening, SparkplugNodes, withSparkplug } from "../../property/sparkplug_traffic.ts";
import {
  field,
  messageOf,
  NONE,
  profile,
  RiverBench,
  rulesOf,
  START,
  windowed,
} from "../pipeline/river_bench.ts";
import { everySecond, NotingSink, readerOf, replayed, report, seconds } from "./replay_bench.ts";

/** Devices may be ahead by five seconds. */
const AHEAD = { maxFuture: 5_000 };
const WINDOWS = rulesOf(profile([field("t")], AHEAD));
const EVERY = rulesOf(profile([field("t", NONE)], AHEAD));

function messageOfRecord({ content }: InboxRecord): Message {
  if (content.kind !== "message") throw new Error("It is no message");
  return content.message;
}

const without = (records: readonly InboxRecord[], from: number, to: number): InboxRecord[] =>
  records.filter(({ position }) => position < from || position > to);

Deno.test("H6: where the journal begins with its first record, nothing is left out", async () => {
  const { out, summary } = await replayed(WINDOWS, everySecond("d1", [0, 60]));
  assertEquals(seconds(out.points), [0, 10, 20, 30, 40]);
  assertEquals(summary.leftOut, { edge: 0, open: 1 });
});

Deno.test("H6: where it begins later, windows go out only from max_future behind the first record on", async () => {
  const { out, summary } = await replayed(WINDOWS, everySecond("d1", [6, 70]));
  assertEquals(seconds(out.points), [20, 30, 40, 50], "10 s lies within 6 s + 5 s");
  assertEquals(summary.leftOut, { edge: 2, open: 1 });
});

Deno.test("H6: points without a window keep the same distance from the edge", async () => {
  const records = [...everySecond("d1", [6, 15]), report(16, "d1", 1_000, { t: 5 }, 15_000)];
  const { out, summary } = await replayed(EVERY, records);
  assertEquals(seconds(out.points), [12, 13, 14]);
  assertEquals(summary.leftOut.edge, 7);
});

Deno.test("H6: a device that is ahead may have begun a window before the edge", async () => {
  // The whole journal has a reading at 14 s that was received at 9 s; what is left begins at 10 s.
  const records = [report(11, "d1", 14_500, { t: 1 }, 10_000), ...everySecond("d1", [15, 70])];
  const { out } = await replayed(
    WINDOWS,
    without(records, 12, 15).map((record, n) => ({ ...record, position: n + 11 })),
  );
  assertEquals(seconds(out.points), [20, 30, 40, 50]);
});

Deno.test("H6: a gap cuts the windows that were not forgotten and those that begin within max_future behind it", async () => {
  const records = without(everySecond("d1", [0, 200]), 101, 103);
  const { out, summary } = await replayed(WINDOWS, records);
  // At 99 s the windows from 60 s on are held: a reading that is missing may have come to them.
  assertEquals(seconds(out.points), [0, 10, 20, 30, 40, 50, 110, 120, 130, 140, 150, 160, 170, 180]);
  assertEquals(summary.leftOut, { edge: 5, open: 1 });
  assertEquals(summary.lost, { records: 3, gaps: 1 });
});

Deno.test("H6: also where the wall clock was set back while nothing could be read", async () => {
  const before = everySecond("d1", [0, 100]);
  const back = everySecond("d2", [102, 250]).map((record) => ({
    ...record,
    stamp: { ...record.stamp, receivedAt: record.stamp.receivedAt - 3_600_000 },
  }));
  const { out } = await replayed(WINDOWS, [...before, ...back]);
  assertEquals(seconds(out.points.filter(({ stream }) => stream.device === "d1")), [0, 10, 20, 30, 40, 50]);
});

Deno.test("H6: as long as no clock can be believed behind a gap, nothing goes out", async () => {
  const records = everySecond("d1", [6, 80]).map((record) => ({
    ...record,
    stamp: { ...record.stamp, implausible: record.position < 30 },
  }));
  const { out } = await replayed(WINDOWS, records);
  assertEquals(seconds(out.points), [40, 50, 60]);
});

const PASSING = rulesOf(profile([field("t")], { ...AHEAD, time: null }));

/** A message without a time of its own. */
function plain(position: number, second: number, more: Parameters<typeof messageOf>[2]): InboxRecord {
  return {
    position,
    stamp: { receivedAt: START + 1_000 * second, elapsed: 1_000 * second, implausible: false },
    content: { kind: "message", message: messageOf("plant/d1", `{"t":${second % 7}}`, more) },
  };
}

function session(position: number, second: number, resumed: boolean): InboxRecord {
  const stamp = { receivedAt: START + 1_000 * second, elapsed: 1_000 * second, implausible: false };
  return { position, stamp, content: { kind: "session", session: { connection: 2, resumed } } };
}

/** A message a second that stands for itself, from position 11 on; what `extra` says comes at 51 s. */
function withSession(extra: readonly InboxRecord[]): InboxRecord[] {
  const later = (record: InboxRecord): InboxRecord => ({
    ...record,
    position: record.position + extra.length,
  });
  return [
    ...Array.from({ length: 40 }, (_, n) => plain(11 + n, 11 + n, { packetId: 1 + n })),
    ...extra,
    ...Array.from({ length: 40 }, (_, n) => plain(51 + n, 51 + n, { packetId: 100 + n })).map(later),
  ];
}

Deno.test("H6: what the broker sends again may have come before the gap: its session is a gap itself", async () => {
  // The twin of a message that is missing: the gateway has not counted it, nobody here can know.
  const twin = plain(52, 51, { packetId: 900, dup: true });
  const { out } = await replayed(PASSING, withSession([session(51, 51, true), twin]));
  assertEquals(seconds(out.points), [60, 70]);
  const fresh = await replayed(PASSING, withSession([session(51, 51, false)]));
  assertEquals(seconds(fresh.out.points), [20, 30, 40, 50, 60, 70], "a new session sends nothing again");
});

Deno.test("H6: a retained message behind a gap may be a copy of one that is missing", async () => {
  const retained = plain(51, 51, { packetId: 0, retain: true });
  const { out } = await replayed(PASSING, withSession([retained]));
  assertEquals(seconds(out.points), [60, 70], "those of its device that were not forgotten");
});

Deno.test("H6: a Sparkplug message that only a missing birth explains is a gap for its device", async () => {
  const rules = withSparkplug(rulesOf(profile([])));
  const nodes = new SparkplugNodes();
  const says = (
    position: number,
    node: number,
    type: SparkplugHappening["type"],
    second: number,
  ): InboxRecord => {
    const what = {
      kind: "sparkplug",
      after: 0,
      node,
      type,
      value: 1,
      age: 0,
      strange: false,
      lost: false,
    } as const;
    const stamp = { receivedAt: START + 1_000 * second, elapsed: 1_000 * second, implausible: false };
    const message = nodes.message(what, stamp.receivedAt, {});
    return { position, stamp, content: { kind: "message", message } };
  };
  const births = [says(1, 0, "NBIRTH", 1), says(2, 1, "NBIRTH", 1)];
  const data = Array.from({ length: 500 }, (_, n) => says(3 + n, n % 2, "NDATA", 2 + n));
  const again = says(503, 0, "NBIRTH", 502);
  const records = [
    ...births,
    ...data,
    again,
    ...Array.from({ length: 800 }, (_, n) => says(504 + n, 0, "NDATA", 503 + n)),
  ];
  // The birth of the first node is missing, so nothing that it says before its next one can be read.
  const { out, summary } = await replayed(rules, records.slice(1));
  const first = out.points.filter(({ stream, fields }) =>
    stream.device === "g/n0" && fields[0]?.name !== "raw"
  );
  const other = out.points.filter(({ stream, fields }) =>
    stream.device === "g/n1" && fields[0]?.name !== "raw"
  );
  assertEquals(summary.refusals, new Map([["no_birth", 250]]));
  assertEquals(
    first[0] === undefined ? 0 : (first[0].ms - START) / 1_000,
    805,
    "500 s + max_future and its window",
  );
  assertEquals(
    other[0] === undefined ? 0 : (other[0].ms - START) / 1_000,
    305,
    "1 s + max_future and its window",
  );
});

Deno.test("H9: what comes while the points are sent, and completes one of them, is sent once more, until nothing does", async () => {
  const records = [
    ...everySecond("d1", [0, 25]),
    // While the replay sends, late readings come to a window that has gone out, and time passes.
    report(26, "d1", 12_500, { t: 100 }, 25_000),
    { ...report(27, "d1", 25_000, { t: 1 }, 40_000) },
    report(28, "d1", 13_500, { t: 100 }, 40_000),
    { ...report(29, "d1", 60_000, { t: 1 }, 60_000) },
  ];
  const sink = new NotingSink();
  const steps = [25, 25, 27, 29, 29];
  const reads: number[] = [];
  const read = readerOf(records, () => steps[reads.length - 1] ?? 29);
  const rules = WINDOWS;
  const { keyring } = new RiverBench(rules).river;
  const summary = await replayLive(
    (after) => {
      reads.push(after);
      return read(after);
    },
    { rules, keyring, from: -Infinity, to: Infinity, onProgress: () => {} },
    sink,
  );
  const counts = sink.log.flatMap((line) => /t_count=(\d+)i/.exec(line)?.[1] ?? []);
  assertEquals(seconds(sink.points), [0, 10, 10, 10]);
  assertEquals(counts, ["10", "10", "11", "12"]);
  assertEquals(reads, [0, 25, 25, 27, 29]);
  assertEquals([summary.sentAgain, summary.points.get("kiln"), summary.last], [2, 2, 25]);
});

Deno.test("H9: a window that went out is completed, though a retained message of its device came meanwhile", async () => {
  const copy = report(56, "d1", 44_000, { t: 5 }, 46_000);
  const retained = { kind: "message", message: { ...messageOfRecord(copy), retain: true } } as const;
  const records = [
    ...everySecond("d1", [6, 45]),
    // Journal time alone has passed: the window from 40 s on is written, and open to whatever comes.
    {
      position: 46,
      stamp: { receivedAt: START + 45_000, elapsed: 90_000, implausible: false },
      content: { kind: "tick" },
    } as const,
    report(47, "d1", 45_500, { t: 100 }, 45_500),
    { ...copy, position: 48, content: retained },
    report(49, "d1", 70_000, { t: 1 }, 70_000),
  ];
  const sink = new NotingSink();
  const steps = [46, 46, 49];
  let reads = 0;
  const { keyring } = new RiverBench(WINDOWS).river;
  const read = readerOf(records, () => steps[reads++] ?? 49);
  await replayLive(
    read,
    { rules: WINDOWS, keyring, from: -Infinity, to: Infinity, onProgress: () => {} },
    sink,
  );
  assertEquals(seconds(sink.points), [20, 30, 40, 40]);
  assertEquals(sink.database.get("d1 t_count 40000"), 7);
});

Deno.test("H9: a point without a window that another one takes the place of is sent once more, and no other", async () => {
  const records = [
    ...everySecond("d1", [0, 10]),
    // The same moment again; a backfilled one; and one that is simply new.
    report(11, "d1", 3_000, { t: 77 }, 10_000),
    report(12, "d1", 11_000, { t: 1 }),
  ];
  // While that is sent, more is backfilled: nothing of it stands where something went out.
  const more = [report(13, "d1", 3_500, { t: 78 }, 12_000), report(14, "d1", 4_500, { t: 79 }, 12_000)];
  const sink = new NotingSink();
  const steps = [10, 10, 12, 13, 14];
  let reads = 0;
  const { keyring } = new RiverBench(EVERY).river;
  const read = readerOf([...records, ...more], () => steps[reads++] ?? 14);
  await replayLive(
    read,
    { rules: EVERY, keyring, from: -Infinity, to: Infinity, onProgress: () => {} },
    sink,
  );
  assertEquals(seconds(sink.points), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 3]);
  assertEquals(sink.database.get("d1 t 3000"), 77);
  assertEquals(reads, 4, "and that is the end of it");
});

Deno.test("H9: where what came meanwhile cannot be read, that is told", async () => {
  const records = [...everySecond("d1", [0, 25]), ...everySecond("d1", [30, 33])];
  const sink = new NotingSink();
  const steps = [25, 25, 33];
  let reads = 0;
  const { keyring } = new RiverBench(WINDOWS).river;
  const read = readerOf(records, () => steps[reads++] ?? 33);
  const options = { rules: WINDOWS, keyring, from: -Infinity, to: Infinity, onProgress: () => {} };
  assertEquals((await replayLive(read, options, sink)).unchecked, 2);
});

Deno.test("H6: a window longer than the distance to the edge is left out as well", async () => {
  const rules: Rules = rulesOf(profile([field("t", windowed({ every: 60_000 }))], AHEAD));
  const { out } = await replayed(rules, everySecond("d1", [6, 300]));
  assertEquals(seconds(out.points), [60, 120, 180]);
});
