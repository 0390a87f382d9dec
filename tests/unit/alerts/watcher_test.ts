import { assertEquals } from "@std/assert";
import type { AlertEvent } from "../../../src/model/mod.ts";
import { bench, stream, TOPIC } from "./build.ts";

const hysteresis = { kind: "above", limit: 80, clear: 75 } as const;

Deno.test("A4: without `for` the first reading beyond the limit fires, with all that people need", () => {
  const { read, events } = bench();
  assertEquals(read(80, 1), "inactive");
  assertEquals(read(80.5, 2), "fired");
  const expected: AlertEvent = {
    transition: "firing",
    alert: "too-hot:kiln-1:kiln:line=a&site=north:temperature",
    rule: "too-hot",
    severity: "critical",
    device: "kiln-1",
    tags: [["line", "a"], ["site", "north"]],
    field: "temperature",
    value: 80.5,
    unit: "degC",
    limit: "80",
    at: 2_000,
    firedAt: 2_000,
    receivedAt: 2_007,
    notify: ["ops"],
    summary: "kiln-1 is 80.5 degC (limit 80)",
    reason: null,
  };
  assertEquals(events, [expected]);
});

Deno.test("A2: a reading older than the newest is ignored, whatever it says", () => {
  const { read, events } = bench();
  read(20, 10);
  assertEquals(read(99, 9), "older");
  assertEquals(events, []);
  read(99, 11);
  assertEquals(read(20, 10), "older");
  assertEquals(events.length, 1);
});

Deno.test("A2: of two readings at one time both are judged, the later has the last word", () => {
  const { read, events } = bench();
  assertEquals(read(99, 5), "fired");
  assertEquals(read(20, 5), "resolved");
  assertEquals(events.map((e) => [e.transition, e.at, e.firedAt]), [
    ["firing", 5_000, 5_000],
    ["resolved", 5_000, 5_000],
  ]);
});

Deno.test("A5: `for` counts in event time, to the millisecond", () => {
  const { read, events } = bench({ for: 30_000 });
  assertEquals(read(81, 0), "pending");
  assertEquals(read(82, 29.999), "pending");
  assertEquals(read(83, 30), "fired");
  assertEquals(events.map((e) => [e.at, e.firedAt, e.value]), [[30_000, 30_000, 83]]);
});

Deno.test("A5: a long gap between two readings that hold counts as holding", () => {
  const { read } = bench({ for: 30_000 });
  read(81, 0);
  assertEquals(read(81, 3_600), "fired");
});

Deno.test("A6: a clear reading while pending starts the wait anew", () => {
  const { read, events } = bench({ for: 30_000 });
  read(81, 0);
  assertEquals(read(80, 20), "inactive");
  assertEquals(read(81, 25), "pending");
  assertEquals(read(81, 50), "pending");
  assertEquals(events, []);
  assertEquals(read(81, 55), "fired");
});

Deno.test("A3: a reading in the band of the hysteresis keeps the wait but does not fire by itself", () => {
  const { read, events } = bench({ for: 30_000, condition: hysteresis });
  assertEquals(read(78, 0), "inactive");
  read(81, 1);
  assertEquals(read(78, 15), "pending");
  assertEquals(read(78, 40), "pending");
  assertEquals(events, []);
  assertEquals(read(81, 41), "fired");
});

Deno.test("A7: flapping within the hysteresis neither repeats nor restarts the alert", () => {
  const { read, events } = bench({ condition: hysteresis });
  read(81, 0);
  for (let second = 1; second < 50; second++) {
    assertEquals(read(second % 2 === 0 ? 81 : 76, second), "firing");
  }
  assertEquals(events.length, 1);
});

Deno.test("A8: a clear reading resolves, and says when it had fired", () => {
  const { read, events } = bench({ condition: hysteresis });
  read(81, 0);
  assertEquals(read(75, 9), "resolved");
  const [, resolved] = events;
  assertEquals(resolved?.transition, "resolved");
  assertEquals(resolved?.reason, "cleared");
  assertEquals([resolved?.at, resolved?.firedAt, resolved?.receivedAt], [9_000, 0, 9_007]);
  assertEquals(resolved?.value, 75);
  assertEquals(resolved?.alert, events[0]?.alert);
});

Deno.test("A9: a second episode keeps the alert's identity under another firing time", () => {
  const { read, events } = bench();
  read(81, 0);
  read(20, 1);
  read(81, 2);
  assertEquals(events.map((e) => e.firedAt), [0, 0, 2_000]);
  assertEquals(new Set(events.map((e) => e.alert)).size, 1);
});

Deno.test("a unit that changed with its profile is shown from then on", () => {
  const { stage, read, events } = bench();
  stage.watchersFor(stream(), TOPIC, "temperature", "K");
  read(300, 0);
  assertEquals([events[0]?.unit, events[0]?.summary], ["K", "kiln-1 is 300 K (limit 80)"]);
});

Deno.test("an active alert shows its state, since when, and the newest value", () => {
  const { read, stage } = bench({ for: 30_000 });
  assertEquals(stage.active(), []);
  read(81, 10);
  read(84, 20);
  const [pending] = stage.active();
  assertEquals(pending?.state, "pending");
  assertEquals([pending?.since, pending?.firedAt, pending?.value], [10_000, null, 84]);
  read(90, 40);
  const [firing] = stage.active();
  assertEquals(firing?.state, "firing");
  assertEquals([firing?.since, firing?.firedAt, firing?.value], [10_000, 40_000, 90]);
  assertEquals(firing?.summary, "kiln-1 is 90 degC (limit 80)");
  read(20, 41);
  assertEquals(stage.active(), []);
});
