import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { type Deadline, DeadlineQueue } from "../../../src/model/mod.ts";

function byOrder(a: Deadline<string>, b: Deadline<string>): number {
  return a.due - b.due || a.kind - b.kind || a.index - b.index;
}

Deno.test("an empty queue is never due", () => {
  const queue = new DeadlineQueue<string>();
  assertEquals([queue.size, queue.next, queue.pop()], [0, Infinity, undefined]);
});

Deno.test("deadlines of one moment come by kind, then by index", () => {
  const queue = new DeadlineQueue<string>();
  queue.add(5, 1, 0, "of 5, 1, 0");
  queue.add(5, 0, 9, "of 5, 0, 9");
  queue.add(5, 0, 2, "of 5, 0, 2");
  const popped = [queue.pop(), queue.pop(), queue.pop()];
  assertEquals(popped.map((one) => [one?.kind, one?.index]), [[0, 2], [0, 9], [1, 0]]);
});

Deno.test("clear forgets everything, and the queue goes on", () => {
  const queue = new DeadlineQueue<string>();
  queue.add(1, 0, 0, "of 1, 0, 0");
  queue.clear();
  queue.add(2, 0, 0, "of 2, 0, 0");
  assertEquals([queue.size, queue.next], [1, 2]);
});

Deno.test("any course of adding and taking gives what a sorted list gives (property)", () => {
  const small = fc.nat(6);
  const entry = fc.record({ due: small, kind: fc.nat(2), index: fc.nat(3) })
    .map((at) => ({ ...at, subject: `of ${at.due}, ${at.kind}, ${at.index}` }));
  const step = fc.oneof(
    { weight: 3, arbitrary: entry },
    { weight: 2, arbitrary: fc.constant("pop" as const) },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const queue = new DeadlineQueue<string>();
      const list: Deadline<string>[] = [];
      for (const one of steps) {
        if (one === "pop") {
          assertEquals(queue.pop(), list.shift());
        } else {
          queue.add(one.due, one.kind, one.index, one.subject);
          list.push(one);
          list.sort(byOrder);
        }
        assertEquals(queue.size, list.length);
        assertEquals(queue.next, list[0]?.due ?? Infinity);
      }
      while (list.length > 0) assertEquals(queue.pop(), list.shift());
    }),
    { numRuns: 300 },
  );
});

Deno.test("entries that count no longer are swept out when most are stale, and the others come in order", () => {
  const stale = new Set<number>();
  const queue = new DeadlineQueue<string>(({ index }) => !stale.has(index));
  let most = 0;
  for (let n = 0; n < 50_000; n++) {
    queue.add(1_000_000 - n, 0, n, `of ${n}`);
    if (n % 100 !== 0) {
      stale.add(n);
      queue.stale();
    }
    most = Math.max(most, queue.size);
  }
  assert(most <= 2_100, `${most} entries were kept`);
  const kept: number[] = [];
  for (let one = queue.pop(); one !== undefined; one = queue.pop()) {
    if (!stale.has(one.index)) kept.push(one.index);
  }
  assertEquals(kept, Array.from({ length: 500 }, (_, n) => (499 - n) * 100));
});
