import { assertEquals } from "@std/assert";
import { StageBench, windows } from "./stage_bench.ts";

Deno.test("W4: a window is emitted when the watermark reaches its end", () => {
  const bench = new StageBench();
  bench.read(1, 2);
  bench.read(9, 4);
  bench.read(11.999, 0);
  assertEquals(bench.take(), []);
  bench.read(12, 0);
  assertEquals(bench.take(), ["0=3 (2)"]);
});

Deno.test("W4: or idle_after of journal time after its last reading", () => {
  const bench = new StageBench();
  bench.read(1, 2);
  bench.read(9, 4);
  bench.pass(38.999);
  assertEquals(bench.take(), []);
  bench.pass(39);
  assertEquals(bench.take(), ["0=3 (2)"]);
});

Deno.test("W4: idleness only emits: hours later the window still takes the rest of its readings", () => {
  const bench = new StageBench();
  bench.read(1, 2);
  bench.pass(31);
  assertEquals(bench.take(), ["0=2 (1)"]);
  bench.pass(7_200);
  assertEquals(bench.read(5, 4, 7_200, 7_200), "open");
  bench.pass(7_210);
  assertEquals(bench.take(), ["0=3 (1)!"]);
});

Deno.test("W5: an emitted window is held until the watermark has passed its end by hold, then forgotten", () => {
  const bench = new StageBench();
  bench.read(5, 1);
  for (const second of [13, 20, 30, 41.999]) bench.read(second, 0);
  assertEquals(bench.read(6, 3, 41.999, 41.999), "open", "held");
  bench.read(42, 0);
  assertEquals(bench.read(6, 9, 42, 42), "late", "forgotten");
});

Deno.test("W6: a reading for a held window has it emitted again, fuller, one window length later, once", () => {
  const bench = new StageBench();
  bench.read(5, 1);
  bench.read(12, 0);
  assertEquals(bench.take(), ["0=1 (1)"]);
  bench.read(6, 3, 13, 13);
  bench.read(7, 5, 16, 16);
  bench.pass(22.999);
  assertEquals(bench.take(), []);
  bench.pass(23);
  assertEquals(bench.take(), ["0=3 (2)!"]);
  bench.pass(1_000);
  // Only the window of second 12, for idleness.
  assertEquals(bench.take(), ["10=0 (1)"]);
});

Deno.test("W6: or when it is forgotten, if that comes first", () => {
  const bench = new StageBench();
  bench.read(5, 1, 5, 5);
  for (const second of [13, 25, 37]) bench.read(second, 0);
  bench.take();
  bench.read(6, 3, 38, 38);
  bench.read(42, 0, 38.5, 42);
  assertEquals(bench.take().filter((point) => point.startsWith("0=")), ["0=2 (1)!"]);
});

Deno.test("W7: after a jump past the hold, the two newest windows stay held for what is in the device's memory", () => {
  const bench = new StageBench();
  bench.read(5, 1);
  bench.read(3_605, 10);
  assertEquals(bench.take(), ["0=1 (1)"]);
  assertEquals(bench.read(6, 3, 3_606, 3_606), "open", "the half-full window before the gap");
  bench.read(7_205, 20);
  assertEquals(bench.read(3_607, 30, 7_206, 7_206), "open", "the second gap");
  assertEquals(bench.read(7, 5, 7_206, 7_206), "open", "the first, still");
  bench.read(10_805, 30);
  assertEquals(bench.read(8, 5, 10_806, 10_806), "late", "newer ones took its place");
  bench.pass(10_900);
  assertEquals(bench.take().filter((point) => point.startsWith("0=")), ["0=2 (1)!", "0=3 (1)!"]);
});

Deno.test("W8: an open window goes through a restart and is written once, whole", () => {
  const bench = new StageBench();
  bench.read(1, 2);
  bench.read(2, 4);
  bench.restart();
  assertEquals([bench.take(), bench.open], [[], 2]);
  bench.read(9, 9);
  bench.read(12, 0);
  assertEquals(bench.take(), ["0=5 (3)"]);
});

Deno.test("W8: held, gap and backfill windows and their deadlines go through a restart", () => {
  const told = (restarts: boolean): string[] => {
    const bench = new StageBench();
    const again = (): void => {
      if (restarts) bench.restart();
    };
    for (
      const step of [
        () => bench.read(5, 1),
        () => bench.read(12, 1),
        () => bench.read(6, 3),
        () => bench.read(3_605, 10),
        () => bench.read(1_801, 7, 3_606, 3_606),
        () => bench.pass(3_640),
        () => bench.read(1_802, 9, 3_641, 3_641),
        () => bench.pass(3_700),
        () => bench.read(1_803, 9, 3_700, 3_700),
        () => bench.read(8, 5, 3_701, 3_701),
        () => bench.pass(9_000),
      ]
    ) {
      step();
      again();
    }
    return bench.take();
  };
  assertEquals(told(true), told(false));
});

Deno.test("W12: each point accounts for the readings that no earlier point of its window did", () => {
  const bench = new StageBench(windows({ aggregates: ["count"] }));
  for (const second of [1, 2, 3, 12]) bench.read(second, 0);
  bench.read(4, 0, 13, 13);
  bench.pass(23);
  bench.read(5, 0, 24, 24);
  bench.read(6, 0, 24, 24);
  bench.pass(34);
  assertEquals(bench.take(), ["0=3 (3)", "0=4 (1)!", "0=6 (2)!"]);
});

Deno.test("W13: a point that is not newer than the newest of its series is a correction", () => {
  const bench = new StageBench(windows({ idleAfter: 1_000 }));
  bench.read(25, 1, 25, 25);
  bench.pass(26);
  assertEquals(bench.take(), ["20=1 (1)"]);
  bench.read(15, 1, 26, 26);
  bench.pass(27);
  assertEquals(bench.take(), ["10=1 (1)!"], "an earlier window");
  bench.read(26, 3, 27, 27);
  bench.pass(37);
  assertEquals(bench.take(), ["20=2 (1)!"], "the same window");
  bench.read(35, 1, 37, 37);
  bench.pass(38);
  assertEquals(bench.take(), ["30=1 (1)"], "a newer window");
});
