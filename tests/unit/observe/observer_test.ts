import { assert, assertEquals } from "@std/assert";
import { Logger, Metrics, Observer } from "../../../src/observe/mod.ts";
import { parseExposition } from "./parse_exposition.ts";

class Rig {
  now = 0;
  readonly lines: Record<string, unknown>[] = [];
  readonly metrics = new Metrics();
  readonly observer: Observer;

  constructor() {
    const time = { wall: (): number => 0, monotonic: (): number => this.now };
    const logger = new Logger({
      sink: { write: (line): void => this.#note(line) },
      time,
      level: "info",
      format: "json",
    });
    this.observer = new Observer({ logger, metrics: this.metrics, time });
  }

  #note(line: string): void {
    const { time: _, level: __, ...rest } = JSON.parse(line);
    this.lines.push(rest);
  }

  count(event: string): number | undefined {
    const family = parseExposition(this.metrics.exposition()).find(({ name }) =>
      name === "sluice_events_total"
    );
    return family?.samples.find((sample) => sample.labels["event"] === event)?.value;
  }
}

Deno.test("an event is a line and a counter together", () => {
  const rig = new Rig();
  rig.observer.event("mqtt_connected", "info", { host: "broker" });
  assertEquals(rig.lines, [{ event: "mqtt_connected", host: "broker" }]);
  assertEquals(rig.count("mqtt_connected"), 1);
});

Deno.test("an event below the level is counted all the same", () => {
  const rig = new Rig();
  rig.observer.event("api_request", "debug", { path: "/" });
  assertEquals([rig.lines.length, rig.count("api_request")], [0, 1]);
});

Deno.test("identical events are one line and a count, the counter knows each", () => {
  const rig = new Rig();
  for (let index = 0; index < 100; index++) {
    rig.now = index * 50;
    rig.observer.event("database_away", "warning", { reason: "refused" });
  }
  assertEquals(rig.lines, [{ event: "database_away", reason: "refused" }]);
  rig.now = 10_000;
  rig.observer.event("something_else", "info");
  assertEquals(rig.lines, [
    { event: "database_away", reason: "refused" },
    { event: "database_away", reason: "refused", repeated: 99 },
    { event: "something_else" },
  ]);
  assertEquals(rig.count("database_away"), 100);
});

Deno.test("after the interval the next identical event is a line again", () => {
  const rig = new Rig();
  rig.observer.event("x", "info");
  rig.now = 10_000;
  rig.observer.event("x", "info");
  assertEquals(rig.lines, [{ event: "x" }, { event: "x" }]);
});

Deno.test("other facts or another level are another event", () => {
  const rig = new Rig();
  rig.observer.event("x", "info", { a: 1 });
  rig.observer.event("x", "info", { a: 2 });
  rig.observer.event("x", "warning", { a: 1 });
  assertEquals(rig.lines.length, 3);
});

Deno.test("one event with ever new facts fills no disk: beyond 20 lines the rest is one count", () => {
  const rig = new Rig();
  for (let index = 0; index < 5_000; index++) {
    rig.observer.event("message_refused", "warning", { device: index });
  }
  assertEquals(rig.lines.length, 21);
  rig.observer.event("other", "info");
  assertEquals(rig.lines.length, 22);
  rig.observer.flush();
  assertEquals(rig.lines.slice(22), [{ event: "message_refused", similar: 4_979 }]);
  assertEquals(rig.count("message_refused"), 5_000);
});

Deno.test("what is owed is written at the end, once", () => {
  const rig = new Rig();
  rig.observer.event("x", "info");
  rig.observer.event("x", "info");
  rig.observer.flush();
  rig.observer.flush();
  assertEquals(rig.lines, [{ event: "x" }, { event: "x", repeated: 1 }]);
});

Deno.test("every event is either a line or in a line's count", () => {
  const rig = new Rig();
  let said = 0;
  let seed = 1;
  for (let index = 0; index < 20_000; index++) {
    seed = seed * 16_807 % 2_147_483_647;
    rig.now += seed % 40;
    rig.observer.event(`event_${seed % 150}`, "info", { n: seed % 31 });
    said++;
  }
  rig.observer.flush();
  const accounted = rig.lines.reduce((sum, line) => {
    const more = line["repeated"] ?? line["similar"];
    return sum + (typeof more === "number" ? more : 1);
  }, 0);
  assertEquals(accounted, said);
  assert(rig.lines.length < said);
});
