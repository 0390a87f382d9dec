import { assert, assertEquals } from "@std/assert";
import { pickResolution } from "../../../src/history/resolutions.ts";
import { RESOLUTIONS } from "../../../src/history/mod.ts";
import { BatchMaker, bucketsOf, named, type TestReading, WALL, withKeeper } from "./history_kit.ts";

const DAY = 86_400_000;
const MIB = 1024 * 1024;

/** Readings of some series every ten seconds for so long. */
function* hours(series: number, many: number): Generator<TestReading[]> {
  const steps = many * 360;
  for (let step = 0; step < steps; step++) {
    const ms = WALL - (steps - step) * 10_000;
    yield Array.from({ length: series }, (_, each) => ({ series: each, value: each + Math.sin(step), ms }));
  }
}

Deno.test("each resolution is kept as long as it is meant to be, the coarsest as long as keep says", async () => {
  await withKeeper((keeper) => {
    const ages = [0.5, 2, 8, 20, 40];
    const given = ages.map((days) => ({ series: 0, value: days, ms: WALL - days * DAY }));
    keeper.take(new BatchMaker().batch(given, 1), WALL);
    // The first look has come before anything was there.
    keeper.commit(WALL);
    keeper.commit(WALL + 61_000);
    const kept = RESOLUTIONS.map((each) =>
      named(bucketsOf(keeper, [0], each, WALL / 1_000 - 50 * 86_400)).map(({ last }) => last)
    );
    assertEquals(kept, [[0.5], [2, 0.5], [20, 8, 2, 0.5]]);
  });
});

Deno.test("the files stay within their space: the finest goes first, and its oldest", async () => {
  const maxBytes = 4 * MIB;
  await withKeeper((keeper) => {
    const maker = new BatchMaker();
    let position = 0;
    let most = 0;
    for (const step of hours(40, 9)) {
      const wall = step[0]?.ms ?? 0;
      keeper.take(maker.batch(step, ++position), wall);
      if (position % 20 === 0) {
        keeper.commit(wall);
        most = Math.max(most, keeper.bytes);
      }
    }
    assert(most <= maxBytes, `${most} bytes`);
    const [fine, minutes, quarters] = RESOLUTIONS.map((each) =>
      named(bucketsOf(keeper, [0], each, WALL / 1_000 - 86_400))
    );
    // All of the coarser ones; of the finest the newest, without a hole.
    assertEquals([minutes?.length, quarters?.length], [540, 36]);
    const length = fine?.length ?? 0;
    assert(length >= 360 && length < 9 * 360, `${length} buckets`);
    const first = fine?.[0]?.bucket ?? 0;
    assertEquals(fine?.map(({ bucket }) => bucket - first), Array.from({ length }, (_, n) => n));
    assertEquals((fine?.at(-1)?.bucket ?? 0) + 1, WALL / 10_000);
  }, { maxBytes, keep: 30 * DAY });
});

Deno.test("a smaller limit is kept at once, and gives the disk back what it holds", async () => {
  await withKeeper((keeper) => {
    const maker = new BatchMaker();
    let position = 0;
    for (const step of hours(60, 4)) keeper.take(maker.batch(step, ++position), WALL);
    keeper.commit(WALL);
    const before = keeper.bytes;
    const after = keeper.answer({ kind: "limit", bytes: MIB, wall: WALL });
    assert(before > 4 * MIB, `${before} bytes before`);
    assert(typeof after === "number" && after <= MIB && after === keeper.bytes, `${after} bytes after`);
    assert(named(bucketsOf(keeper, [0], 900)).length > 0, "the outline is left");
    keeper.take(maker.batch([{ series: 0, value: 1, ms: WALL }], ++position), WALL);
    keeper.commit(WALL);
    assert(keeper.bytes <= MIB);
  });
});

Deno.test("what was set aside goes before anything else", async () => {
  await withKeeper(async (keeper, folder) => {
    await Deno.writeFile(`${folder}/history.db.corrupt`, new Uint8Array(2 * MIB));
    keeper.take(new BatchMaker().batch([{ series: 0, value: 1, ms: WALL }], 1), WALL);
    keeper.commit(WALL);
    assert(keeper.bytes > 2 * MIB);
    keeper.answer({ kind: "limit", bytes: MIB, wall: WALL });
    assert(keeper.bytes < MIB);
    assertEquals(named(bucketsOf(keeper, [0], 10)).length, 1);
  });
});

function picked(...asked: Parameters<typeof pickResolution>): number {
  return pickResolution(...asked).resolution;
}

Deno.test("the finest resolution that fits and goes back far enough is taken", () => {
  const now = 1_000_000_000;
  const since = (ten: number, minute: number, quarter: number) =>
    RESOLUTIONS.map((resolution, n) => ({
      resolution,
      oldest: now - ([ten, minute, quarter][n] ?? 0),
      end: now,
    }));
  const all = since(86_400, 7 * 86_400, 30 * 86_400);
  assertEquals(picked(all, now - 3_600, now, 2_000), 10);
  assertEquals(picked(all, now - 86_400, now, 2_000), 60);
  assertEquals(picked(all, now - 7 * 86_400, now, 2_000), 900);
  // The finest would fit, but has given up its oldest.
  assertEquals(picked(since(600, 86_400, 86_400), now - 3_600, now, 2_000), 60);
  // A young history reaches back no further in any of them.
  assertEquals(picked(since(600, 640, 1_400), now - 3_600, now, 2_000), 10);
  // Nothing is there.
  assertEquals(picked(since(-Infinity, -Infinity, -Infinity), now - 3_600, now, 2_000), 10);
});
