import { assert, assertEquals } from "@std/assert";
import type { LedgerAnswer } from "../../src/api/mod.ts";
import type { GatewayProcess, Section } from "../support/gateway_process.ts";
import { differences } from "../../devices/simulator/mod.ts";
import { LiveDevices, pass } from "../support/live_devices.ts";
import { expectedPoints } from "../support/oracle.ts";
import {
  contentOf,
  countsOf,
  expectedCounts,
  influx1,
  siteConfig,
  siteProfiles,
  wrongIn,
} from "../support/river_site.ts";
import { Site } from "../support/site.ts";
import { until } from "../support/until.ts";

const DEVICES = 5;
/** Longer than `idle_after` and `hold` together, and than `silent_for`. */
const ABSENCE = 4_200;

/** Windows of 2 s; what lies still for a second is idle, what nobody hears from for 3 s counts as dead. */
function config(site: Site): Section {
  return siteConfig(site.broker.url(), influx1(site.database), {
    downsample: { every: "2s", lateness: "500ms", idle_after: "1s", hold: "1s" },
    alerts: [{ name: "silent", silent_for: "3s" }],
  });
}

/** Every window is complete, nothing was late, and the ledger says so. */
async function complete(site: Site, gateway: GatewayProcess, devices: LiveDevices): Promise<LedgerAnswer> {
  await devices.settled();
  const ledger = await gateway.atRest(devices.sent.length);
  const expected = expectedPoints(devices.sent, await gateway.rules());
  assertEquals(countsOf(ledger), expectedCounts(expected));
  assertEquals(wrongIn(expected.points, await contentOf(site.database, ["climate"])), []);
  assert(ledger.balanced);
  return ledger;
}

/** Alerts that fired, by device. */
async function fired(gateway: GatewayProcess): Promise<string[]> {
  return (await gateway.log("alert_firing")).map((line) => String(line.device));
}

/** Every device has been heard, and some windows are written. */
async function flowing(gateway: GatewayProcess): Promise<void> {
  await until("the river flows", async () => (await gateway.ledger()).points.delivered >= 5 * DEVICES, {
    every: 100,
  });
}

Deno.test("a device that falls silent in mid-window and comes back with its memory completes the window", async () => {
  await using site = await Site.open();
  if (site === undefined) return;
  const gateway = await site.gateway({ config: config(site), profiles: await siteProfiles() });
  const devices = site.use(await LiveDevices.connect(site.broker.url(), DEVICES));
  devices.begin();
  await flowing(gateway);
  // The first half of a window, then silence while the others go on.
  await until("a window of 2 s has just begun", () => Date.now() % 2_000 < 100, { every: 1 });
  const start = Math.floor(Date.now() / 2_000) * 2_000;
  await until("it is half over", () => Date.now() > start + 1_000, { every: 1 });
  devices.pause([0]);
  await pass(ABSENCE);
  // Its other half, and all that the device kept since, in order and at once.
  for (let time = start + 1_200; time < Date.now(); time += 100) devices.say(0, time);
  devices.begin([0]);
  await until("the alert is over", async () => (await gateway.log("alert_resolved")).length > 0, {
    every: 100,
  });
  devices.pause();
  await complete(site, gateway, devices);
  // Its own silence was longer than the rule allows, and nobody else's.
  assertEquals(await fired(gateway), ["d0"]);
});

Deno.test("a broker that was away for longer than windows are held costs no window and kills no device", async () => {
  await using site = await Site.open({ broker: { persistence: true } });
  if (site === undefined) return;
  const gateway = await site.gateway({ config: config(site), profiles: await siteProfiles() });
  const devices = site.use(await LiveDevices.connect(site.broker.url(), DEVICES));
  devices.begin();
  await flowing(gateway);
  await site.broker.stop();
  await pass(ABSENCE);
  await site.broker.start();
  await gateway.ready();
  await flowing(gateway);
  assertEquals(await fired(gateway), []);
  devices.pause();
  await complete(site, gateway, devices);
});

Deno.test("a gateway that stood still, by SIGSTOP and by a stop, finds every window to complete and no device dead", async () => {
  await using site = await Site.open();
  if (site === undefined) return;
  const gateway = await site.gateway({ config: config(site), profiles: await siteProfiles() });
  const devices = site.use(await LiveDevices.connect(site.broker.url(), DEVICES));
  devices.begin();
  await flowing(gateway);
  gateway.signal("SIGSTOP");
  await pass(ABSENCE);
  gateway.signal("SIGCONT");
  await until("it has caught up", async () => {
    const { messages } = await gateway.ledger();
    return messages.received >= devices.sent.length - 2 * DEVICES;
  }, { every: 100 });
  assertEquals(await fired(gateway), []);
  assertEquals(await gateway.stop(), 0);
  await pass(ABSENCE);
  await gateway.start();
  await gateway.ready();
  await until("it has caught up", async () => {
    const { messages } = await gateway.ledger();
    return messages.received >= devices.sent.length - 2 * DEVICES;
  }, { every: 100 });
  assertEquals(await fired(gateway), []);
  devices.pause();
  await complete(site, gateway, devices);
});

Deno.test("a device that sends live data first and three hours of memory afterwards has all of it in the right windows", async () => {
  await using site = await Site.open();
  if (site === undefined) return;
  const gateway = await site.gateway({ config: config(site), profiles: await siteProfiles() });
  const devices = site.use(await LiveDevices.connect(site.broker.url(), 3));
  const now = Date.now();
  const hour = 3_600_000;
  for (const device of [0, 1, 2]) {
    // Before it went offline.
    for (let time = now - 4 * hour; time < now - 3.1 * hour; time += 45_000) devices.say(device, time);
  }
  for (const device of [0, 1, 2]) for (let n = 0; n < 50; n++) devices.say(device, now - 10_000 + n * 100);
  await devices.settled();
  await until("the live windows are written", async () => (await gateway.ledger()).readings.open === 0, {
    every: 100,
    timeout: 20_000,
  });
  // Three hours every half minute: the first two devices oldest first, the third newest first, as a stack has it.
  const memory: number[] = [];
  for (let time = now - 3 * hour; time < now - 10_000; time += 30_000) memory.push(time, time + 700);
  for (const time of memory) devices.say(0, time);
  for (const time of memory.toReversed()) devices.say(2, time);
  for (const [n, time] of memory.entries()) {
    devices.say(1, time);
    if (n % 20 === 0) devices.say(1, now - 4_900 + n * 5);
  }
  const ledger = await complete(site, gateway, devices);
  assertEquals(ledger.readings.late, 0);
});

Deno.test("a reading whose window was written and forgotten is late: it is kept in the quarantine, and the good point stays", async () => {
  await using site = await Site.open();
  if (site === undefined) return;
  const gateway = await site.gateway({ config: config(site), profiles: await siteProfiles() });
  const devices = site.use(await LiveDevices.connect(site.broker.url(), 1));
  const start = Math.floor(Date.now() / 2_000) * 2_000 - 60_000;
  // Ten windows, one after the other: all but the last few are written and forgotten by event time alone.
  for (let n = 0; n < 200; n++) devices.say(0, start + 100 * n);
  await complete(site, gateway, devices);
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
});
