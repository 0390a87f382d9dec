import { assert, assertEquals } from "@std/assert";
import { Device, expectedPoints, type Published } from "../../../devices/simulator/mod.ts";
import { MODELS } from "../../../devices/simulator/models/registry.ts";
import { freePort } from "../../../devices/simulator/site.ts";
import { loadSite, OWN } from "./load_site.ts";

Deno.test("the site's configuration is one that the gateway takes, for each kind of database", async () => {
  assertEquals((await loadSite(OWN)).warnings, []);
  const base = { version: 1, url: "http://127.0.0.1:8086", database: "d" } as const;
  assertEquals((await loadSite({ ...base, username: null, password: null })).warnings, []);
  assertEquals((await loadSite({ ...base, username: "u", password: "p" })).warnings, []);
});

Deno.test("each model has its profile and its subscription, and every message passes it whole", async () => {
  const { rules } = await loadSite(OWN);
  const messages: Published[] = MODELS.flatMap((_, index) => {
    const device = new Device(1, index, 5, MODELS);
    return Array.from({ length: 3_000 }, () => ({
      topic: device.topic,
      payload: device.payload(device.take(), 1_764_000_000_000),
    }));
  });
  const { filtered, quarantined, rejected, sampled, readings, points } = expectedPoints(messages, rules);
  assertEquals({ filtered, quarantined, rejected }, { filtered: 0, quarantined: 0, rejected: 0 });
  assert(readings > 3 * messages.length);
  // Of 3,000 log lines, most are debug and info.
  assert(sampled > 1_500 && sampled < 2_700, `${sampled} sampled`);
  const measurements = new Set([...points.series()].map(({ key }) => key.slice(0, key.indexOf("{"))));
  assertEquals(measurements.size, MODELS.length);
});

Deno.test("a device that speaks rarely is not taken for idle between two messages", async () => {
  const { rules } = await loadSite(OWN, 0.1);
  const field = rules.profiles["thermo-hygrometer"]?.fields.find(({ name }) => name === "temperature");
  assert(field?.downsample.kind === "window");
  assertEquals(field.downsample.idleAfter, 30_000);
});

Deno.test("a port that is taken is given up for a free one", () => {
  const taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  assert(freePort(taken.addr.port) !== taken.addr.port);
  taken.close();
});
