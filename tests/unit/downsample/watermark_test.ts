import { assertEquals } from "@std/assert";
import { StageBench, windows } from "./stage_bench.ts";

Deno.test("W1: the newest event time never falls: an old reading does not keep a window open", () => {
  const bench = new StageBench();
  bench.read(5, 1);
  bench.read(13, 2);
  assertEquals(bench.take(), ["0=1 (1)"]);
  bench.read(4, 3, 13, 13);
  bench.read(14, 4);
  assertEquals(bench.take(), []);
});

Deno.test("W1: a clock that runs ahead moves the watermark no further than the time of receipt", () => {
  const bench = new StageBench();
  bench.read(5, 1);
  // Four minutes ahead, received at second 6: the window [0, 10) stays open.
  assertEquals(bench.read(246, 9, 6, 6), "open");
  assertEquals(bench.take(), []);
  assertEquals(bench.read(7, 3), "open");
  bench.read(12, 5);
  assertEquals(bench.take(), ["0=2 (2)"]);
});

Deno.test("W2: the watermark stays behind the newest time by the lateness of the window's own rule", () => {
  for (const lateness of [1, 2_000, 7_000]) {
    const bench = new StageBench(windows({ lateness }));
    bench.read(5, 1);
    bench.read(10 + lateness / 1_000 - 0.001, 2);
    assertEquals(bench.take(), [], `too early with ${lateness}`);
    bench.read(10 + lateness / 1_000, 2);
    assertEquals(bench.take(), ["0=1 (1)"], `due with ${lateness}`);
  }
});

Deno.test("W3: windows are aligned to the epoch, whatever their length, and carry their start", () => {
  const bench = new StageBench(windows({ every: 7_000, lateness: 0 }));
  for (const second of [20.999, 21, 27.999, 28, 35]) bench.read(second, Math.floor(second));
  assertEquals(bench.take(), ["14=20 (1)", "21=24 (2)", "28=28 (1)"]);
});

Deno.test("W3: a moment before 1970 falls into the window that begins before it", () => {
  const bench = new StageBench(windows({ lateness: 0 }));
  bench.read(-0.001, 1, 1, 1);
  bench.read(0, 2, 1, 1);
  assertEquals(bench.take(), ["-10=1 (1)"]);
});
