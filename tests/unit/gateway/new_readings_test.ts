import { assert, assertEquals } from "@std/assert";
import { NewReadings } from "../../../src/gateway/views/live.ts";
import { field, NONE, profile, RiverBench, rulesOf, START } from "../pipeline/river_bench.ts";

/** A river that takes two fields as they come. */
function rig() {
  const bench = new RiverBench(rulesOf(profile([field("t", NONE), field("u", NONE)])));
  return { bench, follow: (device: string | null) => new NewReadings(bench.river.registry, device) };
}

const words = (readings: ReturnType<NewReadings["next"]>): string[] =>
  readings.map(({ device, field: name, value }) => `${device} ${name}=${value}`);

Deno.test("what was there before is no news, and the newest of a series is told once", () => {
  const { bench, follow } = rig();
  bench.report("d1", 1_000, { t: 1, u: 1 });
  const watch = follow(null);
  assertEquals(watch.next(), []);
  bench.report("d1", 2_000, { t: 2 });
  bench.report("d1", 3_000, { t: 3 });
  bench.report("d2", 3_000, { u: 7 });
  const news = watch.next();
  assertEquals(words(news), ["d1 t=3", "d2 u=7"]);
  assertEquals(Date.parse(news[0]?.time ?? ""), START + 3_000);
  assertEquals(watch.next(), []);
});

Deno.test("of one device only its own are told, also where it comes later", () => {
  const { bench, follow } = rig();
  const watch = follow("d2");
  bench.report("d1", 1_000, { t: 1 });
  assertEquals(watch.next(), []);
  bench.report("d2", 2_000, { t: 2 });
  assertEquals(words(watch.next()), ["d2 t=2"]);
});

Deno.test("a look tells 200 at most, and every series has its turn", () => {
  const { bench, follow } = rig();
  const watch = follow(null);
  const seen = new Map<string, number>();
  for (let look = 0; look < 10; look++) {
    // Each has something new at each look.
    for (let index = 0; index < 350; index++) {
      bench.report(`d${index}`, 1_000 * (look + 1), { t: look, u: look });
    }
    const news = watch.next();
    assert(news.length <= 200, `${news.length}`);
    for (const reading of news) {
      const key = `${reading.device} ${reading.field}`;
      seen.set(key, (seen.get(key) ?? 0) + 1);
    }
  }
  assertEquals(seen.size, 700);
  assert(
    Math.max(...seen.values()) - Math.min(...seen.values()) <= 1,
    "none is told twice as often as another",
  );
});
