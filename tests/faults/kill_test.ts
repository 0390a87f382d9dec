/** `kill -9` at random moments, and at the moments that matter. */
import { Dice } from "../../devices/simulator/dice.ts";
import type { Section } from "../support/gateway_process.ts";
import { until } from "../support/until.ts";
import { scenario, seedOf, Stand } from "./kit/mod.ts";

/** Kills a gateway under load at random moments, so often. */
async function killed(
  name: string,
  times: number,
  config: Section = {},
): ReturnType<Parameters<typeof scenario>[2]> {
  const seed = seedOf(name);
  await using stand = await Stand.open(seed, {
    load: { each: 40 * times, pace: 400 * times > 4_000 ? 4_000 : 2_000 },
    config,
  });
  if (stand === undefined) return;
  const { gateway, load } = stand;
  const dice = new Dice(seed);
  const moments = Array.from({ length: times }, () => dice.between(0.02, 0.98) * stand.share)
    .sort((a, b) => a - b);
  const publishing = load.publish(stand.share);
  for (const moment of moments) {
    await until("the load is at the next kill", () => load.acknowledged >= moment, {
      timeout: 60_000,
      every: 1,
    });
    await gateway.kill();
    // Now and then it does not even come to its feet.
    if (dice.happens(0.4)) {
      gateway.spawn();
      const stop = performance.now() + dice.between(100, 700);
      await until("the next kill is due", () => performance.now() >= stop, { every: 1 });
      await gateway.kill();
    }
    await gateway.start();
  }
  stand.faultOver();
  await publishing;
  return await stand.accounted(`seed ${seed}`);
}

scenario("kill -9 at 5 random moments under load", { shows: ["P1", "P2", "P3"], always: true }, () => {
  return killed("5 kills", 5);
});

scenario(
  "kill -9 at 50 random moments under load",
  { shows: ["P1", "P2", "P3"] },
  () => killed("50 kills", 50),
);

scenario(
  "kill -9 at 20 random moments under load, segments prepared",
  { shows: ["P1", "P2", "P3", "P7"] },
  () => {
    const checkpoint = { after_bytes: "32KiB", at_most: "1s" };
    return killed("20 kills, prepared", 20, {
      buffer: { max_bytes: "16MiB", checkpoint, prepare_segments: true },
    });
  },
);
