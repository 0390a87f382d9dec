import { assertEquals } from "@std/assert";
import type { InboxRecord, ReinjectedEntry, Rules } from "../../../src/model/mod.ts";
import { replayLive } from "../../../src/replay/mod.ts";
import { field, NONE, profile, RiverBench, rulesOf } from "../pipeline/river_bench.ts";
import { everySecond, NotingSink, readerOf } from "./replay_bench.ts";

const rules = (most: number, required = true): Rules =>
  rulesOf(profile([field("t", NONE, "float", { range: [0, most], required }), field("n", NONE)]));

/** What a gateway received that refused some of it, and took that when its rules were wider. */
function day(narrow: Rules, wide: Rules): readonly InboxRecord[] {
  const bench = new RiverBench(narrow);
  const records = [...everySecond("d1", [0, 30])];
  for (const record of records) bench.record(record);
  const entries = bench.out.refusals.map((refused, index): ReinjectedEntry => ({
    ...{ id: index + 1, what: refused.what, reason: refused.refusal.reason, device: refused.device },
    ...{
      inboxPosition: refused.inboxPosition,
      topic: refused.topic,
      payload: refused.payload,
      retain: false,
    },
    ...{ userProperties: [], receivedAt: refused.receivedAt, implausible: false, readings: refused.readings },
    ...(refused.what === "readings" ? { fields: ["t"] } : {}),
  }));
  const last = records.at(-1);
  if (last === undefined) return [];
  const stamp = { ...last.stamp, elapsed: last.stamp.elapsed + 1 };
  const command = { kind: "reinject", entries, oldest: 1, by: "anna" } as const;
  return [
    ...records,
    { position: last.position + 1, stamp, content: { kind: "rules", rules: wide } },
    { position: last.position + 2, stamp, content: { kind: "command", command } },
  ];
}

async function replayed(records: readonly InboxRecord[], under: Rules): Promise<NotingSink> {
  const out = new NotingSink();
  const { keyring } = new RiverBench(under).river;
  await replayLive(readerOf(records), {
    rules: under,
    keyring,
    from: -Infinity,
    to: Infinity,
    onProgress() {},
  }, out);
  return out;
}

for (const required of [true, false]) {
  Deno.test(`H12: what the replay's rules take at once is not taken a second time (${required ? "messages" : "readings"})`, async () => {
    const records = day(rules(19, required), rules(90, required));
    const wide = await replayed(records, rules(90, required));
    assertEquals(wide.points.length, new Set(wide.points.map(({ ms }) => ms)).size);
    assertEquals(wide.points.length, 30);
    // Under rules that still refuse it nothing of it is taken, and under those of a step between only that part.
    assertEquals((await replayed(records, rules(19, required))).points.length, 20);
    assertEquals((await replayed(records, rules(24, required))).points.length, 25);
  });
}
