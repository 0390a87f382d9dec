/** Devices that had no network and come back with a memory: what is old and what is too old. */
import { assertEquals } from "@std/assert";
import { differences } from "../../devices/simulator/mod.ts";
import { contentOf } from "../support/river_site.ts";
import { until } from "../support/until.ts";
import { LiveStand, scenario } from "./kit/mod.ts";

scenario("device sends what is live first, and three hours of memory afterwards", {
  shows: ["P2", "P3"],
  always: true,
}, async () => {
  await using stand = await LiveStand.open(3);
  if (stand === undefined) return;
  const { gateway, devices } = stand;
  const now = Date.now();
  const hour = 3_600_000;
  const parted = Math.floor((now - 3 * hour) / 2_000) * 2_000;
  for (const device of [0, 1, 2]) {
    // Before it went offline.
    for (let time = now - 4 * hour; time < now - 3.1 * hour; time += 45_000) devices.say(device, time);
    // Its last window, of which the other half stays in its memory.
    for (let time = parted; time < parted + 1_000; time += 100) devices.say(device, time);
  }
  for (const device of [0, 1, 2]) for (let n = 0; n < 50; n++) devices.say(device, now - 10_000 + n * 100);
  await devices.settled();
  await until("the live windows are written", async () => (await gateway.ledger()).readings.open === 0, {
    every: 100,
    timeout: 30_000,
  });
  stand.absenceOver();
  // Three hours every half minute: the first two devices oldest first, the third newest first, as a stack has it.
  const memory: number[] = [];
  for (let time = parted + 1_000; time < parted + 2_000; time += 100) memory.push(time);
  for (let time = parted + 30_000; time < now - 10_000; time += 30_000) memory.push(time, time + 700);
  for (const time of memory) devices.say(0, time);
  for (const time of memory.toReversed()) devices.say(2, time);
  for (const [n, time] of memory.entries()) {
    devices.say(1, time);
    if (n % 20 === 0) devices.say(1, now - 4_900 + n * 5);
  }
  const row = await stand.complete("oldest first, newest first, mixed with live ones: nothing is late");
  assertEquals((await gateway.ledger()).readings.late, 0);
  return row;
});

scenario("a reading whose window was written and forgotten", {
  shows: ["P2", "P3"],
  always: true,
}, async () => {
  await using stand = await LiveStand.open(1);
  if (stand === undefined) return;
  const { gateway, devices, site } = stand;
  const start = Math.floor(Date.now() / 2_000) * 2_000 - 60_000;
  // Ten windows, one after the other: all but the last few are written and forgotten by event time alone.
  for (let n = 0; n < 200; n++) devices.say(0, start + 100 * n);
  stand.absenceOver();
  const { recovered } = await stand.complete();
  const before = await contentOf(site.database, ["climate"]);
  const lateAt = start + 2_050;
  devices.say(0, lateAt);
  await devices.settled();
  const ledger = await gateway.atRest(devices.sent.length);
  // Of the late message its temperature and humidity; what passes without windows still goes in.
  assertEquals([ledger.readings.late, ledger.messages.quarantined, ledger.balanced], [2, 0, true]);
  const { items } = (await gateway.get("/api/v1/quarantine")).body;
  assertEquals(items.map((item: { reason: string; field: string }) => [item.reason, item.field]), [
    ["late", "temperature, humidity"],
  ]);
  const after = await contentOf(site.database, ["climate"]);
  const changes = [...differences(before, after)].map(({ kind, field, time }) => [kind, field, time]);
  assertEquals(changes, [["spurious", "raw_temperature", BigInt(lateAt) * 1_000_000n]]);
  const note = "2 readings late, kept in the quarantine; the good point stays";
  return { ...stand.row(ledger, after.points, recovered, note), quarantined: items.length };
});
