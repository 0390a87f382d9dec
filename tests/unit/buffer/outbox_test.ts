import { assert, assertEquals } from "@std/assert";
import { drain, linesOf, openOutbox, point, withOutbox } from "./outbox_bench.ts";

Deno.test("a block that is delivered before the next checkpoint never touches the disk", async () => {
  await withOutbox(async ({ outbox, files, journal }) => {
    const written = files.count("write");
    for (let ms = 1; ms <= 50; ms++) outbox.add(point(0, ms, ms));
    outbox.seal();
    assertEquals((await drain(outbox)).flat().length, 50);
    outbox.snapshot();
    await outbox.sync();
    assertEquals([files.count("write") - written, journal.last], [0, 0]);
  });
});

Deno.test("a block is full with its points, or sealed when its time is up", async () => {
  await withOutbox(async ({ outbox, timers }) => {
    for (let ms = 1; ms <= 5; ms++) outbox.add(point(0, ms, ms));
    assertEquals([outbox.waitingBlocks, timers.waiting], [2, 1]);
    let told = 0;
    outbox.onWaiting(() => told++);
    timers.fire();
    assertEquals([outbox.waitingBlocks, timers.waiting, told], [3, 0, 1]);
    assertEquals((await drain(outbox)).map((lines) => lines.length), [2, 2, 1]);
  }, { maxPoints: 2 });
});

Deno.test("beyond its memory the oldest blocks are written, unsynced, and read back in order", async () => {
  await withOutbox(async ({ outbox, files, journal }) => {
    const synced = files.count("syncData");
    for (let ms = 1; ms <= 60; ms++) {
      outbox.add(point(ms % 3, ms, ms));
      outbox.seal();
    }
    await journal.write();
    assert(outbox.memoryBytes <= 500, `${outbox.memoryBytes} bytes in memory`);
    assert(outbox.diskBytes > 0);
    assertEquals(files.count("syncData"), synced);
    assertEquals((await drain(outbox)).flat().map((line) => Number(/x=(\d+)/.exec(line)?.[1])), [
      ...Array.from({ length: 60 }, (_, index) => index + 1),
    ]);
    assertEquals(outbox.counts.total.waiting, { points: 0, readings: 0 });
  }, { memoryBytes: 500 });
});

Deno.test("a checkpoint writes every waiting block, also the one being built; after a power cut they wait again", async () => {
  const before = await openOutbox();
  for (const ms of [1, 2, 3, 4]) {
    before.outbox.add(point(ms % 2, ms, ms));
    if (ms < 4) before.outbox.seal();
  }
  const first = await before.outbox.next("backlog");
  before.outbox.delivered(first?.position ?? 0);
  const snapshot = structuredClone(before.outbox.snapshot());
  await before.outbox.sync();
  before.outbox.add(point(0, 5, 5));
  before.outbox.seal();
  const files = before.files.afterPowerCut();
  await before.close();
  const after = await openOutbox(files, snapshot);
  assertEquals([after.outbox.waitingBlocks, after.outbox.counts.total.waiting.points], [3, 3]);
  // What came after the checkpoint is produced again by the replay, under the same number.
  after.outbox.add(point(0, 5, 55));
  after.outbox.seal();
  assertEquals((await drain(after.outbox)).map((lines) => lines[0]?.split(" ")[1]), [
    "x=2",
    "x=3",
    "x=4",
    "x=55",
  ]);
  assertEquals(after.outbox.counts.total.delivered.points, 5);
  await after.close();
});

Deno.test("the backlog lane goes oldest first, the fresh lane takes the newest beside it, never a correction", async () => {
  await withOutbox(async ({ outbox }) => {
    for (const ms of [10, 20, 30]) {
      outbox.add(point(0, ms, ms));
      outbox.seal();
    }
    outbox.add(point(0, 20, 21, { correction: true }));
    outbox.seal();
    const position = async (lane: "fresh" | "backlog"): Promise<number | undefined> =>
      (await outbox.next(lane))?.position;
    assertEquals([await position("backlog"), await position("fresh")], [1, 3]);
    outbox.delivered(3);
    assertEquals([await position("backlog"), await position("fresh")], [1, 2]);
    outbox.delivered(1);
    assertEquals([await position("backlog"), await position("fresh")], [2, undefined]);
    outbox.delivered(2);
    assertEquals([await position("backlog"), await position("fresh")], [4, undefined]);
    outbox.delivered(4);
    assertEquals([await position("backlog"), outbox.low, outbox.waitingBlocks], [undefined, 5, 0]);
  });
});

Deno.test("a correction is sealed behind the point that it corrects, two of one moment in two blocks", async () => {
  await withOutbox(async ({ outbox }) => {
    outbox.add(point(0, 10, 1));
    outbox.add(point(0, 10, 2, { correction: true }));
    outbox.add(point(1, 10, 7, { correction: true }));
    outbox.add(point(0, 20, 3));
    outbox.add(point(0, 10, 4, { correction: true }));
    outbox.seal();
    assertEquals((await drain(outbox)).map((lines) => lines.map((line) => line.split(",")[1])), [
      ["device=d0 x=1 10000000", "device=d0 x=3 20000000"],
      ["device=d0 x=2 10000000", "device=d1 x=7 10000000"],
      ["device=d0 x=4 10000000"],
    ]);
  });
});

Deno.test("dead letters are counted as refused, with the readings of their own point", async () => {
  await withOutbox(async ({ outbox, dead }) => {
    [3, 5, 7].forEach((readings, index) => outbox.add(point(index, 10, index, { readings })));
    outbox.seal();
    const block = await outbox.next("backlog");
    const lines = linesOf(block);
    const at = block?.position ?? 0;
    const letter = (index: number, whole: boolean) => ({
      index,
      line: lines[index] ?? "",
      whole,
      words: "field type conflict",
      status: 422,
    });
    // Of the third point only one field was refused: the point itself is in the database.
    outbox.refused(at, [letter(1, true), letter(2, false)]);
    outbox.delivered(at);
    const { total } = outbox.counts;
    assertEquals([total.refused, total.delivered, total.waiting], [
      { points: 1, readings: 5 },
      { points: 2, readings: 10 },
      { points: 0, readings: 0 },
    ]);
    assertEquals(outbox.counts.device(1).refused, { points: 1, readings: 5 });
    assertEquals(dead, [[lines[1] ?? "", 1, 5], [lines[2] ?? "", 2, 0]]);
  });
});

Deno.test("evicted blocks are counted, and one that was on its way is not counted again", async () => {
  await withOutbox(async ({ outbox }) => {
    for (const ms of [1, 2, 3, 4]) {
      outbox.add(point(0, ms, ms, { readings: 10 }));
      outbox.seal();
    }
    const flying = await outbox.next("backlog");
    await outbox.evictBelow(3);
    outbox.delivered(flying?.position ?? 0);
    outbox.refused(flying?.position ?? 0, [{ index: 0, line: "", whole: true, words: "", status: 400 }]);
    const { evicted, delivered, waiting } = outbox.counts.total;
    assertEquals([evicted, delivered, waiting], [
      { points: 2, readings: 20 },
      { points: 0, readings: 0 },
      { points: 2, readings: 20 },
    ]);
    assertEquals([outbox.low, outbox.waitingBlocks], [3, 2]);
  });
});

Deno.test("a block that nobody was offered, and one that is settled already, are not settled", async () => {
  await withOutbox(async ({ outbox }) => {
    outbox.add(point(0, 1, 1));
    outbox.seal();
    outbox.delivered(1);
    assertEquals(outbox.waitingBlocks, 1);
    await outbox.next("backlog");
    outbox.delivered(1);
    outbox.delivered(1);
    assertEquals(outbox.counts.total.delivered, { points: 1, readings: 1 });
  });
});

Deno.test("blocks that damage has taken are written off, told, and hold up nothing", async () => {
  const before = await openOutbox();
  for (const ms of [1, 2, 3]) {
    before.outbox.add(point(0, ms, ms, { readings: 4 }));
    before.outbox.snapshot();
    await before.outbox.sync();
  }
  const snapshot = structuredClone(before.outbox.snapshot());
  const files = before.files.afterPowerCut();
  await before.close();
  for (const path of files.paths().filter((path) => path.startsWith("/j/"))) {
    const bytes = files.bytesOf(path);
    // In the middle of the second block's gzip'd lines.
    const at = bytes.findIndex((byte, index) => byte === 0x1f && bytes[index + 1] === 0x8b);
    const second = bytes.findIndex((byte, index) => index > at && byte === 0x1f && bytes[index + 1] === 0x8b);
    if (second < 0) continue;
    bytes[second + 12] = (bytes[second + 12] ?? 0) ^ 0xff;
    files.put(path, bytes);
  }
  const after = await openOutbox(files, snapshot);
  assertEquals((await drain(after.outbox)).flat().map((line) => line.split(" ")[1]), ["x=1", "x=3"]);
  assertEquals(after.lost, [{ points: 1, readings: 4 }]);
  const { delivered, evicted, waiting } = after.outbox.counts.total;
  assertEquals([delivered.points, evicted.points, waiting.points], [2, 1, 0]);
  await after.close();
});

Deno.test("the age of the oldest waiting block is known, in memory and on disk", async () => {
  await withOutbox(async ({ outbox, journal }) => {
    assertEquals(outbox.oldestCreatedAt, undefined);
    for (let ms = 1; ms <= 20; ms++) {
      outbox.add(point(0, ms, ms));
      outbox.seal();
    }
    await journal.write();
    assertEquals(outbox.oldestCreatedAt, 1_700_000_000_000);
  }, { memoryBytes: 200 });
});
