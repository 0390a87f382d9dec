import { createServer, type Socket } from "node:net";
import { Aedes } from "aedes";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { Fleet } from "../../../devices/simulator/mod.ts";
import { type Clock, systemClock } from "../../../src/clock.ts";

interface Site {
  readonly url: string;
  /** What came in, in order, by topic. */
  readonly received: Map<string, string[]>;
  /** Breaks every connection. */
  readonly cut: () => void;
}

/** A broker that keeps what it hears and, if it is deaf, never says so. */
async function withBroker(deaf: boolean, use: (site: Site) => Promise<void>): Promise<void> {
  const received = new Map<string, string[]>();
  const broker = await Aedes.createBroker();
  const held: (() => void)[] = [];
  broker.authorizePublish = (_client, packet, done) => {
    const list = received.get(packet.topic) ?? [];
    received.set(packet.topic, list);
    list.push(packet.payload.toString());
    if (deaf) held.push(() => done(new Error("closing")));
    else done(null);
  };
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    broker.handle(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  assert(address !== null && typeof address !== "string");
  try {
    await use({
      url: `mqtt://127.0.0.1:${address.port}`,
      received,
      cut: () => sockets.forEach((socket) => socket.destroy()),
    });
  } finally {
    for (const release of held) release();
    await new Promise<void>((resolve) => broker.close(() => resolve()));
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
}

const NEVER = new AbortController().signal;

async function withFleet(
  site: { url: string },
  options: { devices: number; rate: number; clock?: Clock },
  use: (fleet: Fleet) => Promise<void>,
): Promise<void> {
  const fleet = await Fleet.connect({ seed: 5, brokerUrl: site.url, clock: systemClock, ...options });
  try {
    await use(fleet);
  } finally {
    await fleet.close();
  }
}

/** The obligations, by topic. */
function obligations(fleet: Fleet): Map<string, string[]> {
  const byTopic = new Map<string, string[]>();
  for (const { topic, payload } of fleet.acknowledged()) {
    const list = byTopic.get(topic) ?? [];
    byTopic.set(topic, list);
    list.push(payload);
  }
  return byTopic;
}

Deno.test("what the broker acknowledged is made again word for word and in order", async () => {
  await withBroker(false, async (site) => {
    await withFleet(site, { devices: 20, rate: 50 }, async (fleet) => {
      await fleet.run(500, NEVER);
      assertEquals(await fleet.settled(10_000), true);
      assertEquals(fleet.counts.acknowledged, fleet.counts.published);
      const devices = new Map([...site.received].sort());
      assertEquals(new Map([...obligations(fleet)].sort()), devices);
      assert([...devices.values()].every((list) => list.length > 20));
    });
  });
});

Deno.test("a broken connection costs nothing: what was not acknowledged is sent again", async () => {
  await withBroker(false, async (site) => {
    let beats = 0;
    const clock: Clock = {
      ...systemClock,
      sleep: (ms, signal) => {
        if (++beats === 20) site.cut();
        return systemClock.sleep(ms, signal);
      },
    };
    await withFleet(site, { devices: 20, rate: 100, clock }, async (fleet) => {
      await fleet.run(800, NEVER);
      assertEquals(await fleet.settled(10_000), true);
      assert(beats > 20);
      for (const [topic, payloads] of obligations(fleet)) {
        const heard = new Set(site.received.get(topic));
        assertEquals(payloads.filter((payload) => !heard.has(payload)), []);
      }
    });
  });
});

Deno.test("what the broker did not acknowledge is no obligation, and the devices wait", async () => {
  await withBroker(true, async (site) => {
    await withFleet(site, { devices: 30, rate: 500 }, async (fleet) => {
      const end = new AbortController();
      const running = fleet.run(60_000, end.signal);
      while (fleet.counts.published < 4_000) await systemClock.sleep(10);
      await systemClock.sleep(50);
      end.abort();
      await running;
      assertEquals(fleet.counts, { published: 4_000, acknowledged: 0, foreign: 0 });
      assertEquals(await fleet.settled(20), false);
      assertEquals([...fleet.acknowledged()], []);
    });
  });
});

Deno.test("a broker that is not there is named", async () => {
  const error = await assertRejects(() =>
    withFleet({ url: "mqtt://127.0.0.1:1" }, { devices: 2, rate: 1 }, () => Promise.resolve())
  );
  assert(error instanceof Error);
  assertStringIncludes(error.message, 'The devices cannot connect to "mqtt://127.0.0.1:1"');
});
