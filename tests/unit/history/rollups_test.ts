import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { RESOLUTIONS } from "../../../src/history/mod.ts";
import { Keeper } from "../../../src/history/keeper.ts";
import {
  BatchMaker,
  bucketsOf,
  expected,
  named,
  ROOMY,
  seriesOf,
  type TestReading,
  WALL,
  withKeeper,
} from "./history_kit.ts";

/** Readings out of order, of a few series over two hours; whole numbers, so that sums are exact in any order. */
const readings = fc.array(
  fc.record({
    series: fc.nat(3),
    value: fc.oneof(fc.integer({ min: -50, max: 50 }), fc.boolean()),
    ms: fc.nat(7_200_000).map((ago) => WALL - ago),
  }),
  { maxLength: 200 },
);

/** Each reading at a time of its own: which of two at one moment is the newest, only their order says. */
function distinct(all: readonly TestReading[]): TestReading[] {
  return all.filter((one, n) =>
    all.findIndex(({ series, ms }) => series === one.series && ms === one.ms) === n
  );
}

Deno.test("every resolution holds what the readings say, whatever their order and their batches", async () => {
  await fc.assert(
    fc.asyncProperty(readings, fc.integer({ min: 1, max: 60 }), fc.boolean(), async (all, size, commit) => {
      const given = distinct(all);
      await withKeeper((keeper) => {
        const maker = new BatchMaker();
        for (let n = 0; n < given.length; n += size) {
          keeper.take(maker.batch(given.slice(n, n + size), n + 1), WALL);
          if (commit) keeper.commit(WALL);
        }
        for (const resolution of RESOLUTIONS) {
          assertEquals(named(bucketsOf(keeper, [0, 1, 2, 3], resolution)), expected(given, resolution));
        }
      });
    }),
    { numRuns: 25 },
  );
});

Deno.test("what was committed is there after the file was closed and opened", async () => {
  await withKeeper((keeper, folder) => {
    const maker = new BatchMaker();
    const given = [{ series: 0, value: 4, ms: WALL - 60_000 }, { series: 0, value: 6, ms: WALL - 59_000 }];
    keeper.take(maker.batch(given, 7), WALL);
    keeper.commit(WALL);
    const again = new Keeper(folder, ROOMY, WALL);
    try {
      assertEquals(again.position, 7);
      assertEquals(named(bucketsOf(again, [0], 60)), expected(given, 60));
      // Another number in this process, the same series.
      again.take(new BatchMaker().batch([{ series: 0, value: 2, ms: WALL - 58_000 }], 8), WALL);
      const all = [...given, { series: 0, value: 2, ms: WALL - 58_000 }];
      assertEquals(named(bucketsOf(again, [0], 900)), expected(all, 900));
    } finally {
      again.abandon();
    }
  });
});

Deno.test("texts keep the newest and how many there were", async () => {
  await withKeeper((keeper) => {
    const maker = new BatchMaker();
    const say = (value: string, ago: number): TestReading => ({ series: 5, value, ms: WALL - ago });
    keeper.take(maker.batch([say("closed", 30_000), say("open", 31_000)], 1), WALL);
    keeper.commit(WALL);
    keeper.take(maker.batch([say("moving", 29_000), say("x".repeat(1_000), 1_000)], 2), WALL);
    const stretch = {
      keys: [seriesOf(5, "string").key],
      from: 0,
      to: WALL / 1_000,
      by: { resolution: 60 },
    } as const;
    const answer = keeper.answer({ kind: "read", stretch });
    if (typeof answer !== "object" || !("texts" in answer)) throw new Error("No texts were answered");
    const minute = Math.floor((WALL - 1) / 60_000);
    assertEquals(answer.texts, [
      { series: 0, bucket: minute, count: 4, last: "x".repeat(256), lastAt: WALL - 1_000 },
    ]);
  });
});

Deno.test("a series that is not known has nothing, and does not shift the places of the others", async () => {
  await withKeeper((keeper) => {
    keeper.take(new BatchMaker().batch([{ series: 2, value: 1, ms: WALL }], 1), WALL);
    assertEquals(named(bucketsOf(keeper, [9, 2], 10)).map(({ series }) => series), [1]);
    assertEquals(named(bucketsOf(keeper, [9], 10)), []);
  });
});
