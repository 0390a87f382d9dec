/** Server-Sent Events of a gateway as its own process, with a broker inside and a device that reports. */
import { assert, assertEquals, assertGreater } from "@std/assert";
import { connectPublisher } from "../support/publisher.ts";
import { EventReader, type ReadEvent } from "../support/event_reader.ts";
import { GatewayProcess } from "../support/gateway_process.ts";
import { freePort } from "../support/ports.ts";
import { until } from "../support/until.ts";

const ROOM = `profile: room
expect_every: 500ms
downsample: none
fields:
  temperature: { type: float, unit: degC }
`;

const BASE = {
  subscriptions: [{ topic: "site/{device}/room", profile: "room", format: "json" }],
  buffer: { max_bytes: "64MiB" },
};
const HOT = { alerts: [{ name: "hot", field: "temperature", above: 80, severity: "critical" }] };

async function look(gateway: GatewayProcess, query: string, seen?: string): Promise<EventReader> {
  // Many come from one address at once: who is told to wait comes again.
  return await until("there is a stream", async () => {
    const headers: Record<string, string> = seen === undefined ? {} : { "Last-Event-ID": seen };
    const answer = await fetch(`${gateway.url}/api/v1/events${query}`, { headers });
    if (answer.status === 200 && answer.body !== null) return new EventReader(answer.body);
    await answer.body?.cancel();
    return undefined;
  }, { timeout: 30_000, every: 300 });
}

Deno.test("a page sees status, readings, devices, alerts and configurations come, and misses nothing", async () => {
  const port = freePort();
  const config = { ...BASE, ...HOT, mqtt: { url: `embedded://127.0.0.1:${port}` } };
  await using gateway = await GatewayProcess.start({ config, profiles: { room: ROOM } });
  const page = await look(gateway, "");
  const one = await look(gateway, "?topics=readings&device=kiln-2");
  const device = await connectPublisher(`mqtt://127.0.0.1:${port}`, { protocol: 4 });
  await using _ = { [Symbol.asyncDispose]: () => device.close() };
  const report = async (id: string, temperature: number): Promise<void> => {
    await device.publish(`site/${id}/room`, JSON.stringify({ temperature }));
  };

  const seen: ReadEvent[] = [];
  const next = async (name: string, which: (data: ReadEvent["data"]) => boolean): Promise<ReadEvent> => {
    return await page.until((event) => {
      seen.push(event);
      return event.event === name && which(event.data);
    });
  };
  await report("kiln-1", 21);
  await report("kiln-2", 85);
  const alert = await next("alert", ({ device }) => device === "kiln-2");
  assertEquals([alert.data.rule, alert.data.state, alert.data.value], ["hot", "firing", 85]);
  await next("device", ({ id, liveness }) => id === "kiln-2" && liveness === "offline");
  const names = new Set(seen.map(({ event }) => event));
  assertEquals([...names].sort(), ["alert", "device", "reading", "status"]);
  const readings = seen.filter(({ event }) => event === "reading").map((
    { data },
  ) => [data.device, data.value]);
  assertEquals(readings.sort(), [["kiln-1", 21], ["kiln-2", 85]], "the newest of each, once");
  const status = seen.filter(({ event }) => event === "status").at(-1)?.data;
  assertEquals([status.ledger.messages.received, status.ledger.balanced, status.alerts_firing], [2, true, 1]);
  assertEquals((await one.next(1))[0]?.data, {
    device: "kiln-2",
    field: "temperature",
    tags: seen.find(({ event, data }) => event === "reading" && data.device === "kiln-2")?.data.tags,
    value: 85,
    unit: "degC",
    time: seen.find(({ event, data }) => event === "reading" && data.device === "kiln-2")?.data.time,
  });

  await gateway.configure({ ...config, alerts: [] });
  gateway.signal("SIGHUP");
  await next("config", () => true);
  const last = await next("alert", ({ state, resolved_because }) => {
    return state === "resolved" && resolved_because === "rule_removed";
  });
  await page.close();

  // While nobody looks on: what is kept is told to whoever comes back.
  await report("kiln-3", 22);
  await until(
    "the new device is known",
    async () => (await gateway.get("/api/v1/devices/kiln-3")).status === 200,
  );
  const back = await look(gateway, "?topics=devices,alerts,config,learned", last.id);
  const missed = await back.until(({ event, data }) => event === "device" && data.id === "kiln-3");
  assertGreater(Number(missed.id), Number(last.id));

  // A process that ends says so, and one that begins knows nothing of what the one before told.
  const ended = back.end();
  assertEquals(await gateway.stop(), 0);
  assertEquals([await ended, await one.end()], ["", ""]);
  await gateway.start();
  await gateway.ready();
  const again = await look(gateway, "?topics=alerts,config", missed.id);
  assertEquals((await again.next(1)).map(({ event }) => event), ["reset"]);
  await again.close();
});

Deno.test("100 pages look on while messages pour in: each is told, none is missed, the books balance", async () => {
  const port = freePort();
  const config = { ...BASE, mqtt: { url: `embedded://127.0.0.1:${port}` } };
  await using gateway = await GatewayProcess.start({ config, profiles: { room: ROOM } });
  const pages: EventReader[] = [];
  for (let index = 0; index < 100; index++) pages.push(await look(gateway, "?topics=status,readings"));
  // One more that never reads.
  const sleeper = await Deno.connect({ hostname: "127.0.0.1", port: gateway.port });
  await sleeper.write(new TextEncoder().encode("GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n"));
  const device = await connectPublisher(`mqtt://127.0.0.1:${port}`, { protocol: 4 });
  const messages = 5_000;
  const enough = (event: ReadEvent): boolean => {
    return event.event === "status" && event.data.ledger.messages.processed === messages;
  };
  const told = Promise.all(pages.map((page) => page.until(enough)));
  for (let sent = 0; sent < messages; sent += 500) {
    await Promise.all(
      Array.from(
        { length: 500 },
        (_, index) => device.publish(`site/d${index}/room`, JSON.stringify({ temperature: sent + index })),
      ),
    );
  }
  const statuses = await told;
  assert(statuses.every(({ data }) => data.ledger.balanced));
  assertEquals((await gateway.ledger()).balanced, true);
  await Promise.all(pages.map((page) => page.close()));
  await device.close();
  assertEquals(await gateway.stop(), 0);
  sleeper.close();
});
