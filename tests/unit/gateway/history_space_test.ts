import { assertEquals } from "@std/assert";
import { HistorySpace } from "../../../src/gateway/history_space.ts";
import { historyBytes } from "../../../src/gateway/make_history.ts";

const MIB = 1024 * 1024;

/** A history that does as it is told. */
class Obedient {
  readonly told: number[] = [];
  state = "open" as const;

  constructor(public bytes: number) {}

  limit(bytes: number): Promise<void> {
    this.told.push(bytes / MIB);
    this.bytes = Math.min(this.bytes, bytes);
    return Promise.resolve();
  }
}

Deno.test("with room enough the history is left alone", async () => {
  const history = new Obedient(100 * MIB);
  const space = new HistorySpace(history, 512 * MIB);
  for (const room of [900, 412, 600]) await space.fit(room * MIB);
  assertEquals(history.told, []);
});

Deno.test("where room is missing the history gives up that much, and grows again when there is room", async () => {
  const history = new Obedient(100 * MIB);
  const space = new HistorySpace(history, 512 * MIB);
  await space.fit(-30 * MIB);
  await space.fit(0);
  assertEquals([history.told, history.bytes / MIB], [[70], 70]);
  // Little news is no news.
  await space.fit(MIB / 2);
  await space.fit(200 * MIB);
  await space.fit(2_000 * MIB);
  assertEquals(history.told, [70, 270, 512]);
});

Deno.test("it never gives more than it has, and is not asked while it does not work", async () => {
  const history = new Obedient(10 * MIB);
  const space = new HistorySpace(history, 512 * MIB);
  await space.fit(-500 * MIB);
  assertEquals(history.told, [0]);
  const failed = {
    ...new Obedient(0),
    state: "failed" as const,
    limit: (): Promise<void> => Promise.reject(),
  };
  await new HistorySpace(failed, 512 * MIB).fit(-MIB);
  await new HistorySpace(undefined, 0).fit(-MIB);
});

Deno.test("it has half of buffer.max_bytes at most, and none where that is next to nothing", () => {
  const bytes = (max: number, history: number | false): number =>
    historyBytes({
      history: history === false ? false : { maxBytes: history * MIB, keep: 1 },
      buffer: { maxBytes: max * MIB },
    }) / MIB;
  assertEquals([bytes(1_024, 512), bytes(256, 512), bytes(1_024, 2)], [512, 128, 2]);
  assertEquals([bytes(4, 512), bytes(1_024, false)], [0, 0]);
});
