import { assert, assertEquals } from "@std/assert";
import { Settled } from "../../../src/buffer/mod.ts";
import { linesOf, point, withOutbox } from "./outbox_bench.ts";

const HEAD = "m,device=d1";

Deno.test("the block that carried a point is found by its line, with what became of it", async () => {
  await withOutbox(async ({ outbox }) => {
    for (let ms = 1; ms <= 4; ms++) {
      outbox.add(point(1, ms, ms));
      if (ms % 2 === 0) outbox.seal();
    }
    assertEquals(outbox.recent.find(1, HEAD, 2, "x")?.in.state, "waiting");
    const block = await outbox.next("backlog");
    const [line = ""] = linesOf(block);
    const at = block?.position ?? 0;
    outbox.refused(at, [{ index: 0, line, whole: true, words: "no", status: 422 }]);
    outbox.delivered(at);
    const found = outbox.recent.find(1, HEAD, 2, "x");
    assertEquals(
      [found?.line, found?.in.block.position, found?.in.state, found?.in.leftAt, found?.refused],
      ["m,device=d1 x=2 2000000", 1, "delivered", 1_700_000_000_000, undefined],
    );
    assertEquals(outbox.recent.find(1, HEAD, 1, "x")?.refused?.words, "no");
    for (
      const [device, head, ms, field] of [[0, HEAD, 2, "x"], [1, "m", 2, "x"], [1, HEAD, 9, "x"], [
        1,
        HEAD,
        2,
        "y",
      ]] as const
    ) {
      assertEquals(outbox.recent.find(device, head, ms, field), undefined);
    }
  });
});

Deno.test("no more than a few megabytes are remembered, the newest", async () => {
  await withOutbox(({ outbox }) => {
    for (let ms = 1; ms <= 2_100; ms++) {
      outbox.add(point(1, ms, ms));
      outbox.seal();
    }
    assertEquals(outbox.recent.oldest, 101);
    assertEquals(outbox.recent.find(1, HEAD, 100, "x"), undefined);
    assert(outbox.recent.find(1, HEAD, 101, "x") !== undefined);
    return Promise.resolve();
  });
});

Deno.test("a point that was refused and is offered again moves back, is its old line, and is counted once", async () => {
  await withOutbox(async ({ outbox }) => {
    outbox.add(point(1, 7, 7, { readings: 3 }));
    outbox.seal();
    const first = await outbox.next("backlog");
    const [line = ""] = linesOf(first);
    outbox.refused(1, [{ index: 0, line, whole: true, words: "no", status: 422 }]);
    outbox.delivered(1);
    const { total } = outbox.counts;
    assertEquals([total.produced.points, total.refused], [1, { points: 1, readings: 3 }]);
    assertEquals([...outbox.account.rows].map(({ lost, waiting }) => [lost, waiting]), [[1, 0]]);
    const again = { line, partial: false };
    outbox.add(point(1, 7, 0, { readings: 3, correction: true, earlier: { kind: "unknown" }, again }));
    outbox.seal();
    assertEquals([total.produced.points, total.refused.points, total.waiting], [1, 0, {
      points: 1,
      readings: 3,
    }]);
    const second = await outbox.next("backlog");
    assertEquals(linesOf(second), [line]);
    outbox.delivered(second?.position ?? 0);
    assertEquals([total.delivered, outbox.counts.device(1).delivered], [
      { points: 1, readings: 3 },
      { points: 1, readings: 3 },
    ]);
    assertEquals([...outbox.account.rows].map(({ lost, unsure }) => [lost, unsure]), [[0, 1]]);
    // What was refused of a point that was taken is a point beside it, as is one that the accounts do not know.
    for (const partial of [true, false]) {
      outbox.add(point(1, 8, 1, { readings: 0, correction: true, again: { line, partial } }));
    }
    assertEquals(total.produced.points, 3);
  });
});

Deno.test("what is written under a tag of its own stands in no delivery account", async () => {
  await withOutbox(({ outbox }) => {
    outbox.add(point(1, 7, 7, { extraTags: [["replayed", "true"]] }));
    assertEquals([...outbox.account.rows], []);
    assertEquals(outbox.counts.total.produced.points, 1);
    return Promise.resolve();
  });
});

Deno.test("settled positions are counted, below the lowest and above it", () => {
  const settled = new Settled(4, [6, 8, 10, 10]);
  assertEquals(settled.count, 3 + 3 + 1);
});
