import { assertEquals } from "@std/assert";
import { FieldStats } from "../../../src/learn/field_stats.ts";
import { ENOUGH, Learner, MOST_SHAPES } from "../../../src/learn/mod.ts";
import { bytes, limits, NOW } from "../decode/limits.ts";
import { learnedOf, learnerOf, repeated, type Sent } from "./learning.ts";

const v = (turn: number): object => ({ v: turn + 0.5 });

Deno.test("N13: a kind is proposed after five messages, and told of once", () => {
  const told: string[] = [];
  const few = learnerOf(repeated("hall/oven-1", v, ENOUGH - 1), (id) => told.push(id));
  assertEquals([learnedOf(few)[0]?.state, told], ["learning", []]);
  const enough = learnerOf(repeated("hall/oven-1", v, 3 * ENOUGH), (id) => told.push(id));
  const [kind] = learnedOf(enough);
  assertEquals([kind?.state, told], ["proposed", [kind?.id]]);
});

Deno.test("N15: what was dismissed is not shown again, whatever comes of it", () => {
  const learner = learnerOf(repeated("hall/oven-1", v));
  const id = learnedOf(learner)[0]?.id ?? "";
  assertEquals([learner.dismiss(id), learner.dismiss(id), learner.dismiss("other")], [true, false, false]);
  for (const topic of ["hall/oven-1", "hall/oven-2"]) {
    learner.see({ topic, payload: bytes('{"v":1.5}'), retain: false, receivedAt: NOW + 60_000 });
  }
  assertEquals(learnedOf(learner), []);
});

Deno.test("N15: what a subscription takes by now is forgotten", () => {
  const learner = learnerOf([...repeated("hall/oven-1", v), ...repeated("yard/pump-1/x", v)]);
  learner.prune((topic) => topic.startsWith("hall/"));
  assertEquals(learnedOf(learner).map(({ exampleTopic }) => exampleTopic), ["yard/pump-1/x"]);
});

Deno.test("N10: retained messages say nothing of how often a device reports", () => {
  const learner = new Learner({ limits: limits() });
  for (let turn = 0; turn < 10; turn++) {
    const receivedAt = NOW + 1_000 * turn;
    learner.see({ topic: "hall/oven-1", payload: bytes('{"v":1.5}'), retain: true, receivedAt });
  }
  assertEquals(learnedOf(learner).map(({ messages, everyMs }) => [messages, everyMs]), [[10, null]]);
});

Deno.test("N13: a flood of new topics is bounded in what is looked into and in what is remembered", () => {
  const flood = function* (): Generator<Sent> {
    for (let n = 0; n < 5_000; n++) yield [`f${n}/x${n}/y`, { [`k${n}`]: 1.5 }, 10];
  };
  const learner = learnerOf(flood());
  assertEquals(learnedOf(learner).length, MOST_SHAPES);
});

Deno.test("N13: of a flood on one topic all is counted, and little is looked into", () => {
  const learner = learnerOf(repeated("hall/oven-1", v));
  let looks = 0;
  const flood = {
    topic: "hall/oven-1",
    get payload(): Uint8Array {
      looks++;
      return bytes('{"v":1.5}');
    },
    retain: false,
    receivedAt: NOW + 100_000,
  };
  for (let n = 0; n < 10_000; n++) learner.see(flood);
  assertEquals([learnedOf(learner).map(({ messages }) => messages), looks], [[10_006], 10]);
});

Deno.test("N13: a flood does not hide a device that reports now and then", () => {
  const sent = function* (): Generator<Sent> {
    for (let second = 0; second < 8; second++) {
      for (let n = 0; n < 500; n++) yield ["flood/d-1/x", { a: n }, 0];
      yield ["hall/oven-1", { v: 1.5 }, 1_000];
    }
  };
  assertEquals(learnedOf(learnerOf(sent())).map(({ state }) => state), ["proposed", "proposed"]);
});

Deno.test("N13: topics that no device would have are passed over", () => {
  const learner = learnerOf([
    ...repeated("x".repeat(300), v),
    ...repeated(Array.from({ length: 20 }, () => "l").join("/"), v),
  ]);
  assertEquals(learnedOf(learner), []);
});

Deno.test("N12: a value that is hidden is not kept either", () => {
  const stats = new FieldStats({ path: ["password"], tag: false });
  stats.take("hunter2", NOW);
  const note = new FieldStats({ path: ["note"], tag: false });
  note.take("all is well", NOW);
  note.take("ann@example.org", NOW);
  note.take("all is well", NOW);
  note.absorb(stats);
  assertEquals([stats, note].map(({ example }) => example), ["••••••", "••••••"]);
  assertEquals([stats, note].some((one) => JSON.stringify(one).includes("hunter2")), false);
});
