import { assert, assertEquals } from "@std/assert";
import mqtt from "mqtt";
import { influx1 } from "../support/river_site.ts";
import { Site } from "../support/site.ts";
import { until } from "../support/until.ts";

const PROFILE = `profile: counter
measurement: counter
fields:
  n: { type: int, downsample: none }
`;
const TOTAL = 4_000;

/** A small volume of its own, where this user may mount one; else the reason is printed. */
async function smallVolume(site: Site): Promise<string | undefined> {
  const folder = await Deno.makeTempDir({ prefix: "sluice_volume_" });
  const { success, stderr } = await new Deno.Command("mount", {
    args: ["-t", "tmpfs", "-o", "size=8m", "tmpfs", folder],
  }).output().catch((error) => ({ success: false, stderr: new TextEncoder().encode(String(error)) }));
  site.use({
    async [Symbol.asyncDispose]() {
      if (success) await new Deno.Command("umount", { args: ["-l", folder] }).output();
      await Deno.remove(folder, { recursive: true });
    },
  });
  if (success) return folder;
  await Deno.stderr.write(
    new TextEncoder().encode(`skipped: no volume can be mounted: ${new TextDecoder().decode(stderr)}`),
  );
  return undefined;
}

/** Takes all the space there is. */
async function fill(path: string): Promise<void> {
  const file = await Deno.open(path, { write: true, create: true });
  try {
    const chunk = new Uint8Array(4_096);
    while (true) await file.write(chunk);
  } catch {
    // Full.
  } finally {
    file.close();
  }
}

Deno.test("a gateway that starts on a full disk delivers what it holds, takes nothing in, and goes on when there is space", async () => {
  await using site = await Site.open();
  if (site === undefined) return;
  const volume = await smallVolume(site);
  if (volume === undefined) return;
  const url = site.broker.url();
  const gateway = await site.gateway({
    config: {
      gateway: { id: "full", data_dir: `${volume}/data` },
      mqtt: { url, client_id: "sluice-full" },
      subscriptions: [{ topic: "count/{device}", profile: "counter" }],
      buffer: { max_bytes: "6MiB", checkpoint: { after_bytes: "64KiB", at_most: "1s" } },
      influxdb: influx1(site.database),
    },
    profiles: { counter: PROFILE },
  });
  await site.database.stop();
  const client = await mqtt.connectAsync(url, { protocolVersion: 5 });
  site.use({ [Symbol.asyncDispose]: () => client.endAsync() });
  const publish = (n: number): Promise<unknown> => {
    return client.publishAsync(`count/d${n % 4}`, JSON.stringify({ n }), { qos: 1 });
  };
  for (let n = 0; n < TOTAL; n += 100) {
    await Promise.all(Array.from({ length: 100 }, (_, k) => publish(n + k)));
  }
  await until("everything is taken in", async () => (await gateway.ledger()).messages.processed === TOTAL, {
    timeout: 30_000,
    every: 50,
  });
  await gateway.kill();
  await fill(`${volume}/filler`);
  await site.database.start();

  await gateway.start();
  const count = async (): Promise<number> => {
    const [counted] = await site.database.query('SELECT count("n") FROM "counter"');
    return Number(counted?.values[0]?.[1] ?? 0);
  };
  await until("what it held is in the database", async () => await count() === TOTAL, {
    timeout: 30_000,
    every: 100,
    state: () => gateway.stderrNow(),
  });

  await Deno.remove(`${volume}/filler`);
  await gateway.ready();
  await publish(TOTAL);
  const ledger = await gateway.atRest(TOTAL + 1);
  assert(ledger.balanced);
  assertEquals(await count(), TOTAL + 1);
});
