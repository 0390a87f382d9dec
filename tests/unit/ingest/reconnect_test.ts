import { assertEquals } from "@std/assert";
import { Reconnect } from "../../../src/ingest/reconnect.ts";
import { ManualClock } from "../../support/manual_clock.ts";

const BACKOFF = { initial: 2_000, max: 30_000 };

Deno.test("the wait grows with each failure in a row from 1 s to at most 30 s", () => {
  const longest = new Reconnect(BACKOFF, new ManualClock(), () => 1);
  const shortest = new Reconnect(BACKOFF, new ManualClock(), () => 0);
  const seven = [1, 2, 3, 4, 5, 6, 7];
  assertEquals(seven.map(() => longest.plan(() => {})), [
    2_000,
    4_000,
    8_000,
    16_000,
    30_000,
    30_000,
    30_000,
  ]);
  assertEquals(seven.map(() => shortest.plan(() => {})), seven.map(() => 1_000));
});

Deno.test("only a connection that stood for the longest wait starts the waits anew", () => {
  const reconnect = new Reconnect(BACKOFF, new ManualClock(), () => 1);
  reconnect.plan(() => {});
  reconnect.plan(() => {});
  reconnect.stood(29_999);
  assertEquals(reconnect.plan(() => {}), 8_000);
  reconnect.stood(30_000);
  assertEquals(reconnect.plan(() => {}), 2_000);
});

Deno.test("an attempt comes once, when it is due, and not when it was taken back", () => {
  const clock = new ManualClock();
  const reconnect = new Reconnect(BACKOFF, clock, () => 0);
  let attempts = 0;
  reconnect.plan(() => attempts++);
  clock.advance(999);
  assertEquals([attempts, reconnect.pending], [0, true]);
  clock.advance(1);
  assertEquals([attempts, reconnect.pending], [1, false]);
  reconnect.plan(() => attempts++);
  reconnect.cancel();
  clock.advance(60_000);
  assertEquals([attempts, reconnect.pending], [1, false]);
});
