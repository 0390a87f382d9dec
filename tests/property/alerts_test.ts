import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { type AlertEvent, type AlertRule, DeadlineQueue } from "../../src/model/mod.ts";
import { AlertStage, type DeadMan, type Watcher } from "../../src/alerts/mod.ts";
import { rule, silentRule, stream, TOPIC } from "../unit/alerts/build.ts";
import { condition, episodes, type Reading, readings } from "./alert_episodes.ts";

const rules: fc.Arbitrary<AlertRule[]> = fc.array(
  fc.record({ condition, for: fc.constantFrom(0, 0, 1, 3, 8) }),
  { minLength: 1, maxLength: 3 },
).map((some) => some.map((over, index) => rule({ name: `rule-${index}`, summary: "{rule}", ...over })));

/** The stage, restored from a snapshot in JSON before every reading that says so. */
function throughStage(all: readonly AlertRule[], input: readonly Reading[], restarts: boolean): AlertEvent[] {
  const events: AlertEvent[] = [];
  let stage = new AlertStage(all);
  let lists = new Map<number, readonly Watcher[]>();
  for (const { series, value, at, restart } of input) {
    if (restart && restarts) {
      stage = new AlertStage(all, JSON.parse(JSON.stringify(stage.snapshot())));
      lists = new Map();
    }
    const list = lists.get(series) ??
      stage.watchersFor(stream({ device: `d${series}` }), TOPIC, "temperature", null);
    lists.set(series, list);
    for (const watcher of list) watcher.reading(value, at, at, (event) => events.push(event));
  }
  return events;
}

Deno.test("A1 … A9, C1 … C5: the state machine finds the episodes that a search of the whole history finds", () => {
  fc.assert(
    fc.property(rules, readings, (all, input) => {
      const events = throughStage(all, input, false);
      for (const one of all) {
        for (let series = 0; series < 3; series++) {
          const told = events
            .filter((event) => event.rule === one.name && event.device === `d${series}`)
            .map((event) => `${event.transition} ${event.at} of ${event.firedAt}: ${event.value}`);
          assertEquals(told, episodes(one, input.filter((reading) => reading.series === series)));
        }
      }
    }),
    { numRuns: 400 },
  );
});

Deno.test("R2: snapshots and restores at any points change no event and no later snapshot", () => {
  fc.assert(
    fc.property(rules, readings, (all, input) => {
      assertEquals(throughStage(all, input, true), throughStage(all, input, false));
    }),
    { numRuns: 200 },
  );
});

interface Sign {
  /** The device that reports; `null`: a record that is no sign of life. */
  readonly device: number | null;
  readonly elapsed: number;
  readonly restart: boolean;
}

const signs: fc.Arbitrary<Sign[]> = fc.array(
  fc.record({
    device: fc.option(fc.integer({ min: 0, max: 3 })),
    step: fc.constantFrom(0, 1, 2, 5, 9, 10, 11, 30),
    restart: fc.boolean(),
  }),
  { maxLength: 60, size: "max" },
).map((steps) => {
  let now = 0;
  return steps.map(({ step, ...rest }) => ({ ...rest, elapsed: now += step }));
});

const SPAN = 10;
const KIND = 7;

/** The stage behind a deadline queue, as the pipeline drives it. */
function throughQueue(input: readonly Sign[], restarts: boolean): string[] {
  const all = [silentRule({ condition: { kind: "silent", silentFor: SPAN } })];
  const events: string[] = [];
  const take = (e: AlertEvent): unknown => events.push(`${e.device} ${e.transition} ${e.at} of ${e.firedAt}`);
  let stage = new AlertStage(all);
  const queue = new DeadlineQueue<undefined>();
  let known = new Map<number, DeadMan | undefined>();
  for (const { device, elapsed, restart } of input) {
    if (restart && restarts) {
      stage = new AlertStage(all, JSON.parse(JSON.stringify(stage.snapshot())));
      known = new Map();
      queue.clear();
      for (const { due, index } of stage.deadlines()) queue.add(due, KIND, index, undefined);
    }
    while (queue.next <= elapsed) {
      const entry = queue.pop();
      if (entry === undefined) break;
      const again = stage.due(entry.index, entry.due, elapsed, elapsed, take);
      if (again !== undefined) queue.add(again, KIND, entry.index, undefined);
    }
    if (device === null) continue;
    const deadman = known.get(device) ?? stage.deadmenFor(stream({ device: `d${device}` }), TOPIC)[0];
    known.set(device, deadman);
    const due = deadman?.alive(elapsed, elapsed, take);
    if (due !== undefined && deadman !== undefined) queue.add(due, KIND, deadman.index, undefined);
  }
  assertEquals(queue.size <= 4, true, "more than one entry per device");
  return events;
}

/** D1 … D5 said without deadlines: by the gaps between the messages of each device. */
function gaps(input: readonly Sign[]): string[] {
  const order = [...new Set(input.map((sign) => sign.device).filter((device) => device !== null))];
  const found: { place: number; due: number; rank: number; text: string }[] = [];
  for (const device of order) {
    const own = input.flatMap((sign, place) => sign.device === device ? [{ ...sign, place }] : []);
    own.forEach(({ elapsed, place }, i) => {
      const next = own[i + 1];
      const due = elapsed + SPAN;
      const noticed = input.findIndex((sign, at) => at > place && sign.elapsed >= due);
      if (noticed < 0 || (next !== undefined && noticed > next.place)) return;
      const rank = order.indexOf(device);
      found.push({ place: noticed, due, rank, text: `d${device} firing ${due} of ${due}` });
      if (next === undefined) return;
      const text = `d${device} resolved ${next.elapsed} of ${due}`;
      found.push({ place: next.place, due: Infinity, rank, text });
    });
  }
  return found.sort((a, b) => a.place - b.place || a.due - b.due || a.rank - b.rank).map((one) => one.text);
}

Deno.test("D1 … D5: dead-men fire and resolve exactly at the gaps, in order of due time and number", () => {
  fc.assert(fc.property(signs, (input) => assertEquals(throughQueue(input, false), gaps(input))), {
    numRuns: 400,
  });
});

Deno.test("R2, D5: restores with a queue built anew change no dead-man event and no order", () => {
  fc.assert(fc.property(signs, (input) => assertEquals(throughQueue(input, true), gaps(input))), {
    numRuns: 300,
  });
});
