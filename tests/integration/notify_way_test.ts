/**
 * An alert's way to people: the simulator's devices cross a threshold, a real gateway process tells a webhook receiver,
 * a mail server, a rsyslogd and a mosquitto that retains it; killed where it hurts. What must be told is computed by the
 * simulator's oracle from what was published.
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import type { AlertNews } from "../../devices/simulator/mod.ts";
import {
  ALERT_TOPIC,
  AlertChannels,
  retainedNews,
  type Told,
  type ToldNews,
} from "../support/alert_channels.ts";
import { AlertPlant, type AlertPlantOptions } from "../support/alert_plant.ts";
import { freePort } from "../support/ports.ts";
import { until } from "../support/until.ts";

/** One piece of news: two of one text are the same news. */
function textOf({ transition, rule, device, firedAt, at }: AlertNews): string {
  return `${rule} ${device} ${transition} ${firedAt} ${at}`;
}

function texts(news: readonly AlertNews[]): string[] {
  return news.map(textOf).sort();
}

/** The key of each piece of news; fails where one has two, or two have one. */
function keysOf(told: readonly ToldNews[]): Map<string, string> {
  const keys = new Map<string, string>();
  for (const news of told) assertEquals(keys.getOrInsert(textOf(news), news.key), news.key, textOf(news));
  assertEquals(new Set(keys.values()).size, keys.size);
  return keys;
}

/** Every channel was told exactly this, each perhaps more than once under its key, which is the same for all channels. */
function assertTold(told: Told, expected: readonly AlertNews[]): void {
  keysOf(Object.values(told).flat());
  for (const [channel, all] of Object.entries(told)) {
    assertEquals([...keysOf(all).keys()].sort(), texts(expected), channel);
    // Never back: a firing after its resolution would be believed.
    for (const { rule, device } of expected) {
      const times = all.filter((news) => news.rule === rule && news.device === device).map(({ at }) => at);
      assertEquals(times.toSorted((a, b) => a - b), times, channel);
    }
  }
}

/** Nobody was told anything twice. */
function assertOnce(told: Told, expected: readonly AlertNews[]): void {
  assertTold(told, expected);
  for (const [channel, all] of Object.entries(told)) assertEquals(all.length, expected.length, channel);
}

/** A test of a gateway with every channel there is. */
function wayTest(
  sentence: string,
  checkpoints: AlertPlantOptions["checkpoints"],
  body: (plant: AlertPlant, channels: AlertChannels) => Promise<void>,
): void {
  Deno.test(sentence, async () => {
    await using channels = await AlertChannels.open();
    if (channels === undefined) return;
    const { broker, notifiers } = channels;
    await using plant = await AlertPlant.start({ url: broker.url(), notifiers, checkpoints });
    await body(plant, channels);
  });
}

/** Waits until every channel was told everything that there is to tell, and the broker retains the last of it. */
async function heard(plant: AlertPlant, channels: AlertChannels): Promise<Told> {
  const wanted = texts(plant.expected);
  let told: Told | undefined;
  await until("every channel has heard everything", async () => {
    told = await channels.told();
    return Object.values(told).every((all) => {
      const known = new Set(texts(all));
      return wanted.every((text) => known.has(text));
    });
  }, { timeout: 60_000, every: 50, state: () => [wanted, told, plant.gateway.stderrNow()] });
  await plant.quiet();
  const [all, retained] = [await channels.told(), await retainedNews(channels.broker.url())];
  assertEquals(texts(retained), texts(plant.standing));
  keysOf([...all.bus, ...retained]);
  return all;
}

wayTest(
  "each alert is heard once on every channel, firing and resolved, through a kill before each crossing",
  "soon",
  async (plant, channels) => {
    const crossings = new Set<string>();
    // First while the gateway runs, then while it is dead.
    for (const dead of [false, false, false, false, true, true, true, true]) {
      await plant.kill();
      if (!dead) await plant.start();
      for (const { transition } of await plant.cross()) crossings.add(`${transition} ${dead}`);
      if (dead) await plant.start();
      await heard(plant, channels);
      // After a checkpoint that knows it as told, it is not told again.
      await plant.checkpoint();
    }
    assertEquals(crossings.size, 4);
    assertOnce(await channels.told(), plant.expected);
  },
);

for (
  const [sentence, checkpoints] of [
    [
      "notifications that wait when the gateway is killed are heard, though no checkpoint knows of them",
      "never",
    ],
    ["notifications that wait when the gateway is killed are heard, out of its checkpoint", "soon"],
  ] as const
) {
  wayTest(sentence, checkpoints, async (plant, channels) => {
    for (let n = 0; n < 4; n++) {
      await channels.close();
      const { length } = await plant.cross();
      await plant.waiting(length);
      if (checkpoints === "soon") await plant.checkpoint();
      // Once while nobody takes anything, and once more: what waits goes on waiting.
      await plant.kill();
      await plant.start();
      await plant.waiting(length);
      await plant.kill();
      await channels.reopen();
      await plant.start();
      await heard(plant, channels);
    }
    assertTold(await channels.told(), plant.expected);
  });
}

wayTest(
  "an alert whose gateway is killed right after each crossing, wherever it stands then, is heard",
  "soon",
  async (plant, channels) => {
    for (let n = 0; n < 8; n++) {
      await plant.cross();
      await plant.kill();
      await plant.start();
      await heard(plant, channels);
    }
    assertTold(await channels.told(), plant.expected);
  },
);

wayTest(
  "what was told before a kill and is in no checkpoint is told again, under the same key",
  "never",
  async (plant, channels) => {
    channels.holdAnswers();
    // One alert: a channel sends the next when the one before is answered.
    assertEquals((await plant.cross()).length, 1);
    await until("every channel has taken it, of one the gateway has not heard so", async () => {
      const told = Object.values(await channels.told());
      return told.every((all) => all.length === plant.expected.length);
    }, { timeout: 30_000, every: 20 });
    await plant.kill();
    channels.letGo();
    await plant.start();
    await until("every channel was told twice", async () => {
      return Object.values(await channels.told()).every((all) => all.length === 2 * plant.expected.length);
    }, { timeout: 30_000, every: 20 });
    assertTold(await channels.told(), plant.expected);
    await plant.cross();
    await heard(plant, channels);
    await plant.kill();
    await plant.start();
    assertTold(await heard(plant, channels), plant.expected);
  },
);

Deno.test("a broker inside the gateway, which forgets with it, retains the standing alerts again", async () => {
  const url = `embedded://127.0.0.1:${freePort()}`;
  const notifiers = { bus: { mqtt: { topic: ALERT_TOPIC, retain: true } } };
  await using plant = await AlertPlant.start({ url, notifiers, checkpoints: "soon" });
  const broker = url.replace("embedded", "mqtt");
  const retained = async (): Promise<Map<string, string>> => {
    let seen: ToldNews[] = [];
    return keysOf(
      await until("the broker retains the alerts that fire", async () => {
        seen = await retainedNews(broker);
        return texts(seen).join() === texts(plant.standing).join() ? seen : undefined;
      }, { timeout: 30_000, every: 50, state: () => [seen, plant.standing] }),
    );
  };
  await plant.cross();
  const keys = await retained();
  await plant.checkpoint();
  await plant.kill();
  await plant.start();
  assertEquals(await retained(), keys);
  await plant.cross();
  await retained();
});

wayTest(
  "the API says how each channel fares, and the page which of them fails",
  "soon",
  async (plant, channels) => {
    const { gateway } = plant;
    assertEquals((await gateway.get("/api/v1/status")).body.notifiers, {
      configured: 4,
      failing: 0,
      pending: 0,
      lost: 0,
    });
    assert(!(await gateway.get("/")).text.includes("People are not told"));
    const first = await plant.cross();
    await heard(plant, channels);
    const { items } = (await gateway.get("/api/v1/notifiers")).body;
    assertEquals(
      items.map((one: { name: string; kind: string; sent: number }) => [one.name, one.kind, one.sent]),
      [["hook", "webhook"], ["mail", "email"], ["logs", "syslog"], ["bus", "mqtt"]].map((one) => [
        ...one,
        first.length,
      ]),
    );
    await channels.logsAway();
    const { length } = await plant.cross();
    const failing = await until("syslog fails", async () => {
      const { body } = await gateway.get("/api/v1/notifiers");
      const logs = body.items[2];
      return logs.last_error === null ? undefined : logs;
    }, { timeout: 30_000, every: 50 });
    assertEquals([failing.pending, failing.lost], [length, 0]);
    assert(failing.oldest_at !== null && failing.last_error.text.includes("nothing listens there"));
    assertEquals((await gateway.get("/api/v1/status")).body.notifiers.failing, 1);
    assert((await gateway.get("/")).text.includes(`logs (syslog): ${length} waiting`));
  },
);
