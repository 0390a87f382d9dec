import { assertEquals } from "@std/assert";
import { DAY, DeliveryAccount } from "../../../src/buffer/mod.ts";
import { deliveredOf } from "../../../src/gateway/mod.ts";
import { point } from "../buffer/outbox_bench.ts";

const EVERYTHING = { since: null, until: null, limit: 100, after: null };
const FIRST = 20_500;

/** Two devices, three days. */
function account(): DeliveryAccount {
  const made = new DeliveryAccount(FIRST * DAY);
  for (const day of [0, 1, 2]) {
    for (const device of [0, 1]) made.waiting(point(device, (FIRST + day) * DAY, 1.5));
  }
  return made;
}

const idOf = (device: number): string => `d${device}`;

Deno.test("the account is told row by row, in stretches that go on where the one before ended", () => {
  const own = account();
  const rows: string[] = [];
  let after: number | null = null;
  for (let n = 0;; n++) {
    const { items, next_cursor, measurements, since } = deliveredOf(own, idOf, {
      ...EVERYTHING,
      limit: 4,
      after,
    });
    rows.push(...items.map((row) => `${row.device} ${row.day} ${row.waiting}`));
    assertEquals([since, measurements.length, measurements[0]?.fields], [
      "2026-02-16T00:00:00.000Z",
      1,
      [{ name: "x", numbers: true, others: false }],
    ]);
    if (next_cursor === null) {
      assertEquals(n, 1);
      break;
    }
    after = Number(next_cursor);
  }
  const days = ["2026-02-16", "2026-02-17", "2026-02-18"];
  assertEquals(rows, days.flatMap((day) => [`d0 ${day} 1`, `d1 ${day} 1`]));
  // As many as are left are no reason for another stretch.
  assertEquals(deliveredOf(own, idOf, { ...EVERYTHING, limit: 6 }).next_cursor, null);
});

Deno.test("a stretch of days is told without the others", () => {
  const days = (since: string | null, until: string | null): string[] =>
    deliveredOf(account(), idOf, { ...EVERYTHING, since, until }).items.map(({ day }) => day.slice(-2));
  assertEquals(days("2026-02-17", null), ["17", "17", "18", "18"]);
  assertEquals(days("2026-02-17", "2026-02-18"), ["17", "17"]);
  assertEquals(days(null, "2026-02-16"), []);
});

Deno.test("what overwrites a value that may never have come is in doubt, but no more than were lost", () => {
  const own = account();
  const [row] = own.rows;
  if (row === undefined) throw new Error("There is no row");
  Object.assign(row, {
    waiting: 0,
    fresh: 7,
    again: 5,
    doubt: 5,
    lost: 2,
    unsure: 1,
    sum: 3.5,
    summed: false,
  });
  const [told] = deliveredOf(own, idOf, EVERYTHING).items;
  assertEquals([told?.values, told?.uncertain, told?.not_delivered, told?.rewritten, told?.sum], [
    7,
    3,
    2,
    5,
    null,
  ]);
});
