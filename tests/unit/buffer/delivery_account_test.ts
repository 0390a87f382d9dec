import { assertEquals } from "@std/assert";
import { type AccountRow, DAY, DeliveryAccount } from "../../../src/buffer/mod.ts";
import type { Point, PointField } from "../../../src/model/mod.ts";
import { drain, linesOf, type OutboxBench, point, withOutbox } from "./outbox_bench.ts";

/** A whole day, some time ago. */
const TODAY = 20_000 * DAY;

/** What matters of a row. */
type Counts = Partial<AccountRow>;

function rowsOf(account: DeliveryAccount): AccountRow[] {
  return [...account.rows];
}

/** Holds the only row of an outbox's account against what it should say. */
function assertRow({ outbox }: OutboxBench, expected: Counts): void {
  const [row] = rowsOf(outbox.account);
  const picked = Object.fromEntries(
    Object.keys(expected).map((name) => [name, Object.entries(row ?? {}).find(([key]) => key === name)?.[1]]),
  );
  assertEquals(picked, { ...expected });
}

/** A window's point that is written again. */
function again(device: number, ms: number, value: number, before: number): Point {
  const fields: PointField[] = [{ name: "x", type: "float", value: before }];
  return point(device, ms, value, { correction: true, earlier: { kind: "known", fields } });
}

Deno.test("V1: a value counts once, on the UTC day of its own time, when it was delivered", async () => {
  await withOutbox(async (bench) => {
    const { outbox } = bench;
    outbox.add(point(0, TODAY, 1.5));
    outbox.add(point(0, TODAY + DAY - 1, 2));
    outbox.add(point(0, TODAY + DAY, 4));
    outbox.add(point(1, TODAY, 8));
    outbox.seal();
    assertEquals(rowsOf(outbox.account).map(({ waiting, fresh }) => [waiting, fresh]), [[2, 0], [1, 0], [
      1,
      0,
    ]]);
    await drain(outbox);
    assertEquals(
      rowsOf(outbox.account).map((
        row,
      ) => [row.device, row.measurement, row.day, row.fresh, row.sum, row.waiting]),
      [[0, "m", 20_000, 2, 3.5, 0], [0, "m", 20_001, 1, 4, 0], [1, "m", 20_000, 1, 8, 0]],
    );
  });
});

Deno.test("V2: texts and booleans count and are not summed; a field that has both kinds is known as such", async () => {
  await withOutbox(async ({ outbox }) => {
    const fields: PointField[] = [
      { name: "n", type: "int", value: -3 },
      { name: "s", type: "string", value: "5" },
      { name: "b", type: "boolean", value: true },
    ];
    outbox.add(point(0, TODAY, 0, { fields }));
    outbox.add(point(0, TODAY + 1, 0, { ns: 5, fields: [{ name: "n", type: "string", value: "x" }] }));
    outbox.seal();
    await drain(outbox);
    const [row] = rowsOf(outbox.account);
    assertEquals([row?.fresh, row?.sum, row?.size, row?.summed], [4, -3, 3, true]);
    const [measurement] = [...outbox.account.measurements];
    assertEquals(measurement?.finer, true);
    assertEquals([...measurement?.fields ?? []], [
      ["n", { numbers: true, others: true }],
      ["s", { numbers: false, others: true }],
      ["b", { numbers: false, others: true }],
    ]);
  });
});

Deno.test("V3: what overwrites a known value replaces it in the sum and counts no second time", async () => {
  await withOutbox(async (bench) => {
    const { outbox } = bench;
    outbox.add(point(0, TODAY, 10));
    outbox.add(again(0, TODAY, 12, 10));
    outbox.seal();
    await drain(outbox);
    assertRow(bench, { fresh: 1, again: 1, sum: 12, size: 32, summed: true, doubt: 0, lost: 0 });
  });
});

Deno.test("V4: of what may overwrite something it says that it does not know, and no sum", async () => {
  await withOutbox(async (bench) => {
    bench.outbox.add(point(0, TODAY, 10));
    bench.outbox.add(point(0, TODAY - 1, 5, { correction: true, earlier: { kind: "unknown" } }));
    bench.outbox.seal();
    await drain(bench.outbox);
    assertEquals(rowsOf(bench.outbox.account).map((row) => [row.fresh, row.unsure, row.summed]), [
      [1, 0, true],
      [0, 1, false],
    ]);
  });
});

Deno.test("V5: a refused line and a refused field are not delivered, and leave the sum", async () => {
  await withOutbox(async (bench) => {
    const { outbox } = bench;
    const two = (value: number): PointField[] => [
      { name: "x", type: "float", value },
      { name: "y", type: "int", value: 100 },
    ];
    for (const n of [1, 2, 3]) outbox.add(point(0, TODAY + n, 0, { fields: two(n) }));
    outbox.seal();
    const block = await outbox.next("backlog");
    const [first = "", second = ""] = linesOf(block);
    const dead = { words: "", status: 422 };
    outbox.refused(block?.position ?? 0, [
      { index: 0, line: first, whole: true, ...dead },
      { index: 1, line: second.replace("x=2,", ""), whole: false, ...dead },
    ]);
    outbox.delivered(block?.position ?? 0);
    assertRow(bench, { fresh: 3, lost: 3, sum: 105, summed: true, waiting: 0 });
  });
});

Deno.test("V5: what is given up is not delivered; what then overwrites it is in doubt", async () => {
  await withOutbox(async (bench) => {
    const { outbox } = bench;
    outbox.add(point(0, TODAY, 10));
    outbox.add(point(0, TODAY + 1, 20));
    outbox.seal();
    await outbox.evictBelow(2);
    assertRow(bench, { fresh: 0, lost: 2, unsure: 0, sum: 0, summed: true });
    outbox.add(again(0, TODAY, 12, 10));
    outbox.seal();
    await drain(outbox);
    assertRow(bench, { fresh: 0, lost: 2, again: 1, doubt: 1, summed: false });
  });
});

Deno.test("V6: what is given up after an answer that never came may be there", async () => {
  await withOutbox(async (bench) => {
    const { outbox } = bench;
    outbox.add(point(0, TODAY, 10));
    outbox.seal();
    outbox.unclear((await outbox.next("backlog"))?.position ?? 0);
    await outbox.evictBelow(2);
    assertRow(bench, { fresh: 0, lost: 0, unsure: 1, summed: false, waiting: 0 });
  });
});

Deno.test("V6: what waited when the gateway began, an earlier process may have delivered before it was given up", async () => {
  await withOutbox(async (bench) => {
    const { outbox } = bench;
    outbox.add(point(0, TODAY, 10));
    outbox.seal();
    outbox.onWaiting(() => {});
    outbox.add(point(0, TODAY + 1, 10));
    outbox.seal();
    await outbox.evictBelow(3);
    assertRow(bench, { fresh: 0, lost: 1, unsure: 1, waiting: 0 });
  });
});

Deno.test("V8: the newest fourteen days are kept; what belongs to an older one goes unaccounted", async () => {
  await withOutbox(async ({ outbox }) => {
    for (let day = 0; day < 16; day++) outbox.add(point(0, TODAY + day * DAY, day));
    outbox.add(point(1, TODAY + DAY, 5));
    outbox.seal();
    await drain(outbox);
    const rows = rowsOf(outbox.account);
    assertEquals([rows.length, rows[0]?.day, rows.at(-1)?.day], [14, 20_002, 20_015]);
    assertEquals(outbox.account.from, 20_002);
    // A clock that is years ahead takes one of the days, and no more.
    outbox.add(point(0, TODAY + 5_000 * DAY, 1));
    outbox.add(point(0, TODAY + 15 * DAY + 1, 1));
    assertEquals(rowsOf(outbox.account).map(({ day }) => day).slice(0, 2), [20_003, 20_004]);
  });
});

Deno.test("V7: a snapshot gives the same account, which goes on", async () => {
  await withOutbox(async ({ outbox }) => {
    for (let day = 0; day < 15; day++) {
      outbox.add(point(day % 3, TODAY + day * DAY, day, { ns: day === 3 ? 1 : 0 }));
    }
    outbox.seal();
    await outbox.evictBelow(2);
    const snapshot = structuredClone(outbox.account.snapshot());
    const restored = new DeliveryAccount(0, snapshot);
    assertEquals(structuredClone(restored.snapshot()), snapshot);
    assertEquals(rowsOf(restored), rowsOf(outbox.account));
    const number = restored.waiting(point(0, TODAY + 14 * DAY, 1));
    assertEquals(number, 16, "a new row, since it was device 2 that had the day");
    assertEquals(restored.waiting(point(2, TODAY + 14 * DAY + 5, 1)), 15);
    assertEquals([restored.since, restored.from], [1_700_000_000_000, 20_001]);
  });
});
