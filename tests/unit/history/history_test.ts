import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { History, type HistoryEvent, NoHistory, startWorker } from "../../../src/history/mod.ts";
import { ManualClock } from "../../support/manual_clock.ts";
import { until } from "../../support/until.ts";
import { expected, type Named, named, ROOMY, seriesOf, type TestReading, WALL } from "./history_kit.ts";
import { InThisThread } from "./in_this_thread.ts";

/** Records with a reading each, ten seconds apart, by two devices. */
function records(many: number): (TestReading & { readonly position: number })[] {
  return Array.from({ length: many }, (_, n) => ({
    ...{ position: n + 1, series: n % 2, value: n, ms: WALL - (many - n) * 5_000 },
  }));
}

/** A life of a gateway: its history, its clock, its events. */
class Life {
  readonly clock = new ManualClock(WALL);
  readonly worker = new InThisThread();
  readonly events: HistoryEvent[] = [];
  readonly history: History;

  constructor(folder: string, newestRecord: number, slow = false) {
    this.worker.slow = slow;
    this.history = new History({
      ...{ folder, space: ROOMY, startWorker: this.worker.start, clock: this.clock, newestRecord },
      onEvent: (event) => this.events.push(event),
    });
    this.history.begin();
  }

  /** Takes records in. */
  take(all: readonly (TestReading & { readonly position: number })[]): void {
    for (const { series, value, ms, position } of all) {
      const { slot, stream } = seriesOf(series);
      this.history.reading(slot, stream, value, ms, position);
    }
  }

  /** What it holds of both devices. */
  async holds(): Promise<Named[]> {
    const keys = [seriesOf(0).key, seriesOf(1).key];
    return named(await this.history.read({ keys, from: 0, to: WALL / 1_000, by: { resolution: 60 } }));
  }

  /** Dies as with kill -9. */
  async kill(): Promise<void> {
    this.worker.kill();
    const closed = this.history.close();
    // Nobody answers any more.
    await this.clock.passSleep();
    await closed;
  }
}

async function withFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "sluice_history_" });
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("what is replayed after a crash counts once, wherever it crashed and from wherever it replays", async () => {
  const all = records(60);
  const place = fc.integer({ min: 1, max: 60 });
  await fc.assert(
    fc.asyncProperty(place, place, place, async (a, b, c) => {
      const [checkpoint, committed, crash] = [a, b, c].toSorted((x, y) => x - y);
      assert(checkpoint !== undefined && committed !== undefined && crash !== undefined);
      await withFolder(async (folder) => {
        const first = new Life(folder, 0);
        await first.history.opened(1_000);
        first.take(all.slice(0, committed));
        first.history.flush();
        await Promise.resolve();
        first.worker.commit(WALL);
        first.take(all.slice(committed, crash));
        await first.kill();
        const second = new Life(folder, crash);
        await second.history.opened(1_000);
        second.take(all.slice(checkpoint));
        assertEquals(await second.holds(), expected(all, 60));
        await second.history.close();
      });
    }),
    { numRuns: 25 },
  );
});

Deno.test("a folder whose inbox begins anew is counted from there on", async () => {
  await withFolder(async (folder) => {
    const first = new Life(folder, 0);
    await first.history.opened(1_000);
    first.take(records(50));
    await first.history.close();
    // The inbox was removed, the history was not.
    const second = new Life(folder, 0);
    await second.history.opened(1_000);
    const later = [{ series: 0, value: 7, ms: WALL - 1_000, position: 1 }];
    second.take(later);
    assertEquals((await second.holds()).at(-1), expected([...records(50), ...later], 60).at(-1));
    await second.history.close();
  });
});

Deno.test("without an answer in time a replay goes on, and what it takes in again is left out", async () => {
  await withFolder(async (folder) => {
    const life = new Life(folder, 10, true);
    const waited = life.history.opened(1_000);
    await life.clock.passSleep();
    await waited;
    life.take(records(20));
    assertEquals(life.history.state, "opening");
    await assertRejects(() => life.holds(), NoHistory, "not open yet");
    await life.history.close();
  });
});

Deno.test("a full disk ends it with one event, it is tried again, and goes on", async () => {
  await withFolder(async (folder) => {
    const life = new Life(folder, 0);
    await life.history.opened(1_000);
    life.worker.failure = new Error("database or disk is full");
    life.take(records(4));
    life.clock.advance(2_000);
    await until("it has failed", () => life.history.state === "failed");
    life.take(records(4));
    life.clock.advance(120_000);
    await until(
      "it was tried again",
      () => life.worker.came.filter(({ kind }) => kind === "open").length > 1,
    );
    assertEquals(life.events.map(({ kind }) => kind), ["failed"]);
    await assertRejects(() => life.holds(), NoHistory, "cannot be written");
    life.worker.failure = undefined;
    life.clock.advance(60_000);
    await until("it is open", () => life.history.state === "open");
    assertEquals(life.events.map(({ kind }) => kind), ["failed", "recovered"]);
    life.take([{ series: 1, value: 5, ms: WALL - 20_000, position: 99 }]);
    assertEquals((await life.holds()).map(({ last }) => last), [5]);
    assert(life.history.dropped > 0);
    await life.history.close();
  });
});

Deno.test("a worker that does not keep up costs buckets, not memory", async () => {
  await withFolder(async (folder) => {
    const life = new Life(folder, 0);
    await life.history.opened(1_000);
    life.worker.slow = true;
    for (let n = 1; n <= 20; n++) {
      life.take([{ series: 0, value: n, ms: WALL - n * 10_000, position: n }]);
      life.clock.advance(2_000);
    }
    assertEquals(life.worker.came.filter(({ kind }) => kind === "batch").length, 8);
    assertEquals(life.history.dropped, 12);
    assertEquals(life.events[0], { kind: "dropped", buckets: 1 });
    await life.kill();
  });
});

Deno.test("a question that nobody answers ends, and a limit holds after a failure, too", async () => {
  await withFolder(async (folder) => {
    const life = new Life(folder, 0);
    await life.history.opened(1_000);
    life.worker.slow = true;
    const limited = assertRejects(() => life.history.limit(20_000_000), NoHistory, "does not answer");
    life.clock.advance(5_000);
    await limited;
    life.worker.slow = false;
    life.worker.failure = new Error("disk I/O error");
    life.take(records(1));
    life.clock.advance(2_000);
    await until("it has failed", () => life.history.state === "failed");
    life.worker.failure = undefined;
    life.clock.advance(60_000);
    await until("it is open", () => life.history.state === "open");
    const opened = life.worker.came.findLast(({ kind }) => kind === "open");
    assertEquals(opened?.kind === "open" && opened.space.maxBytes, 20_000_000);
    await life.history.close();
  });
});

Deno.test("the worker itself, in its thread: readings in, buckets out, a last commit at the end", async () => {
  await withFolder(async (folder) => {
    const clock = new ManualClock(WALL);
    const make = (newestRecord: number): History =>
      new History({ folder, space: ROOMY, startWorker, clock, newestRecord, onEvent: () => {} });
    const ask = async (history: History): Promise<Named[]> => {
      const stretch = { keys: [seriesOf(0).key], from: WALL / 1_000 - 3_600, to: WALL / 1_000 + 1 };
      return named(await history.read({ ...stretch, by: { most: 1_000 } }));
    };
    for (const count of [1, 2]) {
      const history = make(count - 1);
      history.begin();
      await until("it is open", () => history.state === "open", { timeout: 30_000 });
      const { slot, stream } = seriesOf(0);
      history.reading(slot, stream, 20 + count, WALL + count, count);
      const found = await ask(history);
      assertEquals(found.map(({ count, max }) => [count, max]), [[count, 20 + count]]);
      assertEquals((await history.series()).map(({ field, unit }) => [field, unit]), [["level", "kW"]]);
      await history.close();
    }
  });
});
