import { assertEquals } from "@std/assert";
import { delayAfter } from "../../../src/forward/delays.ts";
import { Histogram } from "../../../src/forward/histogram.ts";
import { Lanes } from "../../../src/forward/lanes.ts";

Deno.test("F13: fresh goes first, and every fourth send is the backlog's", () => {
  const lanes = new Lanes();
  const order = Array.from({ length: 12 }, () => {
    const [lane] = lanes.order();
    lanes.sent(lane);
    return lane[0];
  });
  assertEquals(order.join(""), "fffbfffbfffb");
});

Deno.test("F13: a fresh block that took many requests owes the backlog a quarter of them, up to eight", () => {
  const lanes = new Lanes();
  const owed = (requests: number): number => {
    for (let n = 0; n < requests; n++) lanes.sent("fresh");
    let sent = 0;
    while (lanes.order()[0] === "backlog") {
      lanes.sent("backlog");
      sent++;
    }
    return sent;
  };
  assertEquals([owed(12), owed(1_000)], [4, 8]);
});

Deno.test("F4: a refused token waits 30 s at least, a server's wish is kept, the rest is full jitter", () => {
  const retry = { initial: 500, max: 60_000 };
  const lowest = (): number => 0;
  const words = "";
  assertEquals(delayAfter({ kind: "unauthorised", status: 401, words }, 1, retry, lowest), 30_050);
  assertEquals(
    delayAfter({ kind: "overloaded", status: 429, retryAfter: 4_000, words }, 9, retry, lowest),
    4_000,
  );
  assertEquals(delayAfter({ kind: "unavailable", status: 500, words }, 20, retry, lowest), 50);
  assertEquals(delayAfter({ kind: "unavailable", status: 500, words }, 20, retry, () => 1), 60_000);
});

Deno.test("a histogram's buckets are cumulative, and what is above the last is in the count alone", () => {
  const histogram = new Histogram();
  for (const ms of [5, 6, 70_000]) histogram.add(ms);
  const { bounds, counts, count, sum } = histogram.snapshot();
  assertEquals([bounds[0], counts[0], counts[1], counts.at(-1), count, sum], [5, 1, 2, 2, 3, 70_011]);
});
