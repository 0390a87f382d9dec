/** Somebody is away for longer than windows are held and devices may be silent: it costs no window, and kills nobody. */
import { assertEquals } from "@std/assert";
import { pass } from "../support/live_devices.ts";
import { until } from "../support/until.ts";
import { LiveStand, scenario } from "./kit/mod.ts";

const DEVICES = 5;
/** Longer than `idle_after` and `hold` together, and than `silent_for`. */
const ABSENCE = 4_200;

scenario("broker away for longer than windows are held", { shows: ["P2", "P3"], always: true }, async () => {
  await using stand = await LiveStand.open(DEVICES, { persistence: true });
  if (stand === undefined) return;
  const { gateway, devices, site } = stand;
  devices.begin();
  await stand.flowing();
  await site.broker.stop();
  await pass(ABSENCE);
  await site.broker.start();
  await gateway.ready();
  stand.absenceOver();
  await stand.flowing();
  assertEquals(await stand.fired(), []);
  devices.pause();
  return await stand.complete("no window lost, no device dead");
});

scenario("gateway stands still, by SIGSTOP and by a stop, for longer than windows are held", {
  shows: ["P2", "P3"],
}, async () => {
  await using stand = await LiveStand.open(DEVICES);
  if (stand === undefined) return;
  const { gateway, devices } = stand;
  devices.begin();
  await stand.flowing();
  gateway.signal("SIGSTOP");
  await pass(ABSENCE);
  gateway.signal("SIGCONT");
  await stand.caughtUp(2 * DEVICES);
  assertEquals(await stand.fired(), []);
  assertEquals(await gateway.stop(), 0);
  await pass(ABSENCE);
  await gateway.start();
  await gateway.ready();
  stand.absenceOver();
  await stand.caughtUp(2 * DEVICES);
  assertEquals(await stand.fired(), []);
  devices.pause();
  return await stand.complete("no window lost, no device dead");
});

scenario("device silent from the middle of a window on, back with its memory", {
  shows: ["P2", "P3"],
}, async () => {
  await using stand = await LiveStand.open(DEVICES);
  if (stand === undefined) return;
  const { gateway, devices } = stand;
  devices.begin();
  await stand.flowing();
  // The first half of a window, then silence while the others go on.
  await until("a window of 2 s has just begun", () => Date.now() % 2_000 < 100, { every: 1 });
  const start = Math.floor(Date.now() / 2_000) * 2_000;
  await until("it is half over", () => Date.now() > start + 1_000, { every: 1 });
  devices.pause([0]);
  await pass(ABSENCE);
  // Its other half, and all that the device kept since, in order and at once.
  for (let time = start + 1_200; time < Date.now(); time += 100) devices.say(0, time);
  stand.absenceOver();
  devices.begin([0]);
  await until("the alert is over", async () => (await gateway.log("alert_resolved")).length > 0, {
    timeout: 30_000,
    every: 100,
  });
  devices.pause();
  const row = await stand.complete("its window is complete; one alert, for it alone");
  // Its own silence was longer than the rule allows, and nobody else's.
  assertEquals(await stand.fired(), ["d0"]);
  return row;
});
