import { assertEquals } from "@std/assert";
import type { AlertEvent } from "../../../src/model/mod.ts";
import { AlertStage, type DeadMan } from "../../../src/alerts/mod.ts";
import { silentRule, stream, TOPIC } from "./build.ts";

/** Wall clock minus journal time in these tests. */
const WALL = 1_700_000_000_000;

function watched(
  over = {},
): { stage: AlertStage; deadman: DeadMan; events: AlertEvent[]; take: (e: AlertEvent) => void } {
  const stage = new AlertStage([silentRule(over)]);
  const [deadman] = stage.deadmenFor(stream(), TOPIC);
  if (deadman === undefined) throw new Error("The rule concerns nothing");
  const events: AlertEvent[] = [];
  return { stage, deadman, events, take: (event) => events.push(event) };
}

Deno.test("D2: so long after the last message it fires, once", () => {
  const { stage, deadman, events, take } = watched();
  assertEquals(deadman.alive(1_000, WALL + 1_000, take), 61_000);
  assertEquals(stage.due(deadman.index, 61_000, 61_000, WALL + 61_000, take), undefined);
  const [event] = events;
  assertEquals(event?.transition, "firing");
  assertEquals(event?.alert, "silent:kiln-1");
  assertEquals([event?.field, event?.value, event?.unit], [null, null, null]);
  assertEquals(event?.summary, "kiln-1 has not reported for 1m");
  assertEquals([event?.at, event?.firedAt], [WALL + 61_000, WALL + 61_000]);
  assertEquals(stage.due(deadman.index, 90_000, 90_000, WALL + 90_000, take), undefined);
  assertEquals(events.length, 1);
});

Deno.test("D3: a record long after the deadline does not move the time of the firing", () => {
  const { stage, deadman, events, take } = watched();
  deadman.alive(0, WALL, take);
  stage.due(deadman.index, 60_000, 200_000, WALL + 200_000, take);
  assertEquals([events[0]?.at, events[0]?.receivedAt], [WALL + 60_000, WALL + 200_000]);
});

Deno.test("D5: one entry at a time, put back at the true due time while the device reports", () => {
  const { stage, deadman, events, take } = watched();
  assertEquals(deadman.alive(0, WALL, take), 60_000);
  assertEquals(deadman.alive(10_000, WALL, take), undefined);
  assertEquals(deadman.alive(50_000, WALL, take), undefined);
  assertEquals(stage.due(deadman.index, 60_000, 60_000, WALL, take), 110_000);
  assertEquals(events, []);
  assertEquals(stage.due(deadman.index, 110_000, 110_000, WALL, take), undefined);
  assertEquals(events.length, 1);
});

Deno.test("D5: an early entry is put back even when the record that follows is past the true due time", () => {
  const { stage, deadman, events, take } = watched();
  deadman.alive(0, WALL, take);
  deadman.alive(50_000, WALL, take);
  assertEquals(stage.due(deadman.index, 60_000, 500_000, WALL + 500_000, take), 110_000);
  assertEquals(events, []);
  stage.due(deadman.index, 110_000, 500_000, WALL + 500_000, take);
  assertEquals(events[0]?.at, WALL + 110_000);
});

Deno.test("D4: the next message resolves it as reported_again and the watch begins anew", () => {
  const { stage, deadman, events, take } = watched();
  deadman.alive(0, WALL, take);
  stage.due(deadman.index, 60_000, 60_000, WALL + 60_000, take);
  assertEquals(stage.active().map((a) => [a.id, a.state, a.since]), [[
    "silent:kiln-1",
    "firing",
    WALL + 60_000,
  ]]);
  assertEquals(deadman.alive(75_000, WALL + 75_000, take), 135_000);
  const [, back] = events;
  assertEquals([back?.transition, back?.reason], ["resolved", "reported_again"]);
  assertEquals([back?.at, back?.firedAt], [WALL + 75_000, WALL + 60_000]);
  assertEquals(stage.active(), []);
  stage.due(deadman.index, 135_000, 135_000, WALL + 135_000, take);
  assertEquals(events.length, 3);
});

Deno.test("D2: `for` is added to the silence", () => {
  const { deadman, take } = watched({ for: 5_000 });
  assertEquals(deadman.alive(0, WALL, take), 65_000);
});

Deno.test("D1: a device that never sent a live message is not watched", () => {
  const { stage, deadman, events, take } = watched();
  assertEquals([...stage.deadlines()], []);
  assertEquals(stage.due(deadman.index, 60_000, 60_000, WALL, take), undefined);
  assertEquals(events, []);
});

Deno.test("D1: all streams of a device that the rule concerns keep it alive", () => {
  const stage = new AlertStage([silentRule()]);
  const [one] = stage.deadmenFor(stream(), TOPIC);
  const [other] = stage.deadmenFor(stream({ profile: "power", tags: [] }), "power/kiln-1");
  assertEquals(one === other, true);
});

Deno.test("D7: a device known from before its rule is watched from the rule on, and only then", () => {
  const { deadman, take } = watched();
  assertEquals(deadman.watch(500_000), 560_000);
  assertEquals(deadman.watch(510_000), undefined);
  assertEquals(deadman.alive(520_000, WALL, take), undefined);
});

Deno.test("D6: an entry whose rule is gone does nothing, and its number is not used again", () => {
  const { stage, deadman, events, take } = watched();
  deadman.alive(0, WALL, take);
  stage.replaceRules([silentRule({ severity: "info" })], WALL, take);
  const [next] = stage.deadmenFor(stream(), TOPIC);
  assertEquals(next?.index, deadman.index + 1);
  assertEquals(stage.due(deadman.index, 60_000, 60_000, WALL, take), undefined);
  assertEquals(events, []);
  const restored = new AlertStage([silentRule({ severity: "info" })], stage.snapshot());
  assertEquals(restored.deadmenFor(stream(), TOPIC)[0]?.index, deadman.index + 1);
});

Deno.test("R2: pending and firing dead-men survive a restart with their numbers and deadlines", () => {
  const { stage, take, events } = watched();
  const a = stage.deadmenFor(stream({ device: "a" }), TOPIC)[0];
  const b = stage.deadmenFor(stream({ device: "b" }), TOPIC)[0];
  a?.alive(0, WALL, take);
  b?.alive(30_000, WALL, take);
  stage.due(a?.index ?? -1, 60_000, 60_000, WALL + 60_000, take);
  const restored = new AlertStage([silentRule()], structuredClone(stage.snapshot()));
  assertEquals([...restored.deadlines()], [{ due: 90_000, index: b?.index ?? -1 }]);
  assertEquals(restored.snapshot(), stage.snapshot());
  const rebuilt = restored.deadmenFor(stream({ device: "b" }), TOPIC)[0]?.alive(30_000, WALL, take);
  assertEquals(rebuilt, undefined, "its entry is in the queue already");
  const [again] = restored.deadmenFor(stream({ device: "a" }), TOPIC);
  again?.alive(70_000, WALL + 70_000, take);
  assertEquals(events.map((e) => [e.device, e.reason, e.firedAt]), [
    ["a", null, WALL + 60_000],
    ["a", "reported_again", WALL + 60_000],
  ]);
  assertEquals(restored.deadmenFor(stream({ device: "new" }), TOPIC)[0]?.index, 3);
});
