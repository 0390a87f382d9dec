import { assertEquals } from "@std/assert";
import type { AlertEvent } from "../../../src/model/mod.ts";
import { AlertStage } from "../../../src/alerts/mod.ts";
import { bench, silentRule, stream, TOPIC } from "./build.ts";

const ANNA = { by: "anna", at: 9_000, note: "on my way" };
const BEN = { by: "ben", at: 9_500, note: null };

Deno.test("A10: whoever takes care of an alert first is named; a second one changes nothing", () => {
  const { stage, watcher, read, events } = bench();
  read(90, 1);
  assertEquals(stage.active()[0]?.acknowledged, null);
  assertEquals(stage.acknowledge(watcher.alert, ANNA), "acknowledged");
  assertEquals(stage.acknowledge(watcher.alert, BEN), "already");
  assertEquals(stage.active()[0]?.acknowledged, ANNA);
  read(95, 2);
  assertEquals([stage.active()[0]?.acknowledged, events.length], [ANNA, 1], "it goes on firing, quietly");
});

Deno.test("A11: what is pending, has ended or never was cannot be acknowledged", () => {
  const { stage, watcher, read } = bench({ for: 10_000 });
  assertEquals(stage.acknowledge(watcher.alert, ANNA), "unknown");
  read(90, 1);
  assertEquals(stage.acknowledge(watcher.alert, ANNA), "not_firing");
  read(90, 20);
  read(20, 21);
  assertEquals(stage.acknowledge(watcher.alert, ANNA), "unknown");
  assertEquals(stage.acknowledge("nobody:knows", ANNA), "unknown");
});

Deno.test("A12: the end names who took care, everybody hears of it, and the next firing is a new one", () => {
  const { stage, watcher, read, events } = bench();
  read(90, 1);
  stage.acknowledge(watcher.alert, ANNA);
  read(20, 2);
  read(91, 3);
  assertEquals(events.map(({ transition, acknowledged, notify }) => ({ transition, acknowledged, notify })), [
    { transition: "firing", acknowledged: undefined, notify: ["ops"] },
    { transition: "resolved", acknowledged: ANNA, notify: ["ops"] },
    { transition: "firing", acknowledged: undefined, notify: ["ops"] },
  ]);
  assertEquals(stage.active()[0]?.acknowledged, null);
  read(20, 4);
  assertEquals(events[3]?.acknowledged, undefined);
});

Deno.test("A10, A12: a dead-man is acknowledged like any other, and its rule's removal names who did", () => {
  const stage = new AlertStage([silentRule()]);
  const events: AlertEvent[] = [];
  const take = (event: AlertEvent): unknown => events.push(event);
  const [deadman] = stage.deadmenFor(stream(), TOPIC);
  if (deadman === undefined) throw new Error("The rule concerns nothing");
  deadman.alive(0, 0, take);
  assertEquals(stage.acknowledge(deadman.alert, ANNA), "unknown");
  stage.due(deadman.index, 60_000, 60_000, 60_000, take);
  assertEquals(stage.acknowledge(deadman.alert, ANNA), "acknowledged");
  assertEquals(stage.acknowledge(deadman.alert, BEN), "already");
  deadman.alive(61_000, 61_000, take);
  stage.due(deadman.index, 121_000, 121_000, 121_000, take);
  assertEquals(stage.active()[0]?.acknowledged, null, "the next silence is a new one");
  stage.acknowledge(deadman.alert, BEN);
  stage.replaceRules([], 130_000, take);
  assertEquals(events.map(({ reason, acknowledged }) => [reason, acknowledged]), [
    [null, undefined],
    ["reported_again", ANNA],
    [null, undefined],
    ["rule_removed", BEN],
  ]);
});

Deno.test("R2: an acknowledgement is in the snapshot; one of an earlier version holds none", () => {
  const { stage, watcher, read } = bench();
  read(90, 1);
  assertEquals("care" in (stage.snapshot().watchers[0] ?? {}), false, "what is ordinary costs nothing");
  stage.acknowledge(watcher.alert, ANNA);
  const restored = new AlertStage([watcher.rule], JSON.parse(JSON.stringify(stage.snapshot())));
  assertEquals(restored.active(), stage.active());
  assertEquals(restored.acknowledge(watcher.alert, BEN), "already");
});
