import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { PassedTimes } from "../../../src/downsample/passed_times.ts";

const FIELD = { name: "x", type: "float" } as const;

/** Where points stand, all of them: what a little memory is held against. */
class EveryTime {
  readonly #values = new Map<string, number>();
  newest: readonly [number, number] = [-Infinity, -1];

  put(ms: number, ns: number, value: number): number | undefined {
    const before = this.#values.get(`${ms} ${ns}`);
    this.#values.set(`${ms} ${ns}`, value);
    const [newestMs, newestNs] = this.newest;
    if (ms > newestMs || (ms === newestMs && ns > newestNs)) this.newest = [ms, ns];
    return before;
  }
}

function isNewer(
  [ms, ns]: readonly [number, number],
  [newestMs, newestNs]: readonly [number, number],
): boolean {
  return ms > newestMs || (ms === newestMs && ns > newestNs);
}

Deno.test("W19: what it says of a time is true, whatever the order; what it does not remember it does not know", () => {
  const point = fc.tuple(fc.integer({ min: 0, max: 60 }), fc.constantFrom(0, 0, 0, 7), fc.boolean());
  fc.assert(fc.property(fc.array(point, { maxLength: 120, size: "max" }), (points) => {
    const all = new EveryTime();
    let times = new PassedTimes("nothing");
    let value = 0;
    for (const [ms, ns, reborn] of points) {
      if (reborn) times = new PassedTimes("unknown", structuredClone(times.snapshot()));
      const newer = isNewer([ms, ns], all.newest);
      const before = all.put(ms, ns, ++value);
      if (newer) {
        times.newest(ms, ns, value);
        continue;
      }
      const said = times.older(ms, ns, value, FIELD);
      if (said?.kind === "unknown") continue;
      assertEquals(said?.fields[0]?.value, before, `${ms} ${ns}`);
    }
  }));
});

Deno.test("W19: a backfill in order, into the gap that the device left, is known to overwrite nothing", () => {
  const times = new PassedTimes("nothing");
  for (let ms = 0; ms < 60_000; ms += 1_000) times.newest(ms, 0, 1);
  // The device was away for ten minutes and sends live data first.
  for (let ms = 660_000; ms < 700_000; ms += 1_000) times.newest(ms, 0, 2);
  for (let ms = 60_000; ms < 660_000; ms += 1_000) assertEquals(times.older(ms, 0, 3, FIELD), undefined);
  // The same once more is not remembered one by one.
  assertEquals(times.older(61_000, 0, 3, FIELD)?.kind, "unknown");
});

Deno.test("W19: the last points that come again are known with their values, as their sender repeats them", () => {
  const times = new PassedTimes("nothing");
  for (let n = 0; n < 50; n++) times.newest(1_000 * n, 0, n);
  for (let n = 42; n < 50; n++) {
    const said = times.older(1_000 * n, 0, n + 0.5, FIELD);
    assertEquals(said, { kind: "known", fields: [{ ...FIELD, value: n }] });
    assertEquals(times.older(1_000 * n, 0, n, FIELD), {
      kind: "known",
      fields: [{ ...FIELD, value: n + 0.5 }],
    });
  }
  assertEquals(times.older(41_000, 0, 1, FIELD), { kind: "unknown" });
});

Deno.test("W19: before the first point there is nothing, unless it is not known whether it was the first", () => {
  const first = new PassedTimes("nothing");
  first.newest(10_000, 0, 1);
  assertEquals(first.older(9_000, 0, 1, FIELD), undefined);
  const later = new PassedTimes("unknown");
  later.newest(10_000, 0, 1);
  assertEquals(later.older(9_000, 0, 1, FIELD), { kind: "unknown" });
});
