import { assert, assertEquals } from "@std/assert";
import { encodeLine } from "../../../src/forward/mod.ts";
import type { AlertRule, ReinjectedEntry, ReinjectedItem, Rules } from "../../../src/model/mod.ts";
import { type Reinject, snapshotRiver, tryReinject } from "../../../src/pipeline/mod.ts";
import { encodeCheckpoint } from "../../../src/pipeline/checkpoint_codec.ts";
import { field, NONE, profile, RiverBench, rulesOf, START, windowed } from "./river_bench.ts";

const HOT: AlertRule = {
  ...{ name: "hot", profile: null, device: null, topic: null, tags: {}, field: "t", for: 0, notify: [] },
  ...{
    condition: { kind: "above", limit: 500, clear: 400 },
    severity: "critical",
    summary: "{device}: {value}",
  },
};

function rules(most: number): Rules {
  const range: readonly [number, number] = [0, most];
  const fields = [
    field("t", windowed(), "float", { range, required: true }),
    field("raw", NONE),
  ];
  return rulesOf(profile(fields), { alerts: [HOT] });
}

/** A device with two refused messages in one window, another in a window that is gone, and a neighbour. */
function bench(): RiverBench {
  const one = new RiverBench(rules(100));
  one.report("k1", 500, { t: 700, raw: 1 });
  for (let at = 5_000; at <= 120_000; at += 5_000) {
    for (const device of ["k1", "k2"]) one.report(device, at, { t: 20 }, { elapsed: at });
  }
  one.report("k1", 121_000, { t: 800, raw: 2 }, { elapsed: 121_000 });
  one.report("k1", 122_000, { t: 900, raw: 3 }, { elapsed: 122_000 });
  assertEquals(one.out.reasons, ["range", "range", "range"]);
  one.rules(rules(900));
  return one;
}

function commandOf(one: RiverBench): Reinject {
  const entries = one.out.refusals.map((refused, index): ReinjectedEntry => ({
    ...{
      id: index + 1,
      what: refused.what,
      reason: refused.refusal.reason,
      inboxPosition: refused.inboxPosition,
    },
    ...{ topic: refused.topic, payload: refused.payload, device: refused.device, retain: false, readings: 0 },
    ...{ userProperties: [], receivedAt: refused.receivedAt, implausible: false },
  }));
  return { kind: "reinject", entries, oldest: 1, by: "anna" };
}

function told(items: readonly ReinjectedItem[]): unknown[] {
  return items.map((item) =>
    item.outcome === "accepted"
      ? [item.points.map(encodeLine), item.alerts.map(({ rule }) => rule)]
      : item.outcome
  );
}

const STAMP = { receivedAt: START + 130_000, elapsed: 130_000, implausible: false };

Deno.test("a trial tells points and alerts: what is late, what passes, and windows as if they closed now", () => {
  const one = bench();
  const items = tryReinject(one.river, commandOf(one), STAMP);
  const at = (ms: number): string => `${START + ms}000000`;
  assertEquals(told(items), [
    [[`kiln,device=k1,replayed=true t=700 ${at(500)}`, `kiln,device=k1 raw=1 ${at(500)}`], []],
    [[`kiln,device=k1 raw=2 ${at(121_000)}`], ["hot"]],
    [[
      `kiln,device=k1 raw=3 ${at(122_000)}`,
      // Its time closes the window before; its own holds what was there before, and both of the messages.
      `kiln,device=k1 t_mean=20,t_count=2i ${at(110_000)}`,
      `kiln,device=k1 t_mean=${1720 / 3},t_count=3i ${at(120_000)}`,
    ], []],
  ]);
});

Deno.test("a trial changes nothing, to the last bit of the state", () => {
  const one = bench();
  const before = encodeCheckpoint(snapshotRiver(one.river));
  const said = one.out.log.length;
  tryReinject(one.river, commandOf(one), STAMP);
  assertEquals(one.out.log.length, said);
  assertEquals(encodeCheckpoint(snapshotRiver(one.river)), before);
});

Deno.test("what a trial has told is what happens", () => {
  const one = bench();
  const command = commandOf(one);
  const trial = told(tryReinject(one.river, command, STAMP));
  one.step({ kind: "command", command }, { elapsed: 130_000 });
  const result = one.out.results.at(-1);
  assert(result?.kind === "reinject");
  one.tick(200_000);
  const lines = new Set(one.out.points.map(encodeLine));
  for (const [points] of trial as [string[], string[]][]) {
    for (const line of points) assert(lines.has(line), line);
  }
  assertEquals(one.out.alerts.filter(({ transition }) => transition === "firing").map(({ rule }) => rule), [
    "hot",
  ]);
  assertEquals(told(tryReinject(one.river, command, STAMP)), Array(3).fill("already_replayed"));
});
