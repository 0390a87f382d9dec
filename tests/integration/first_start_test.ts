import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { freePort } from "../support/ports.ts";
import { connectPublisher } from "../support/publisher.ts";
import { StarterProcess } from "../support/starter_process.ts";
import { until } from "../support/until.ts";

const PATIENCE = { timeout: 60_000, every: 50 };

/** Publishes six readings of a device, each with another temperature, and waits for their acknowledgement. */
async function publish(broker: string, topic: string, extra: object = {}): Promise<void> {
  const device = await connectPublisher(broker, { protocol: 4 });
  try {
    for (let n = 0; n < 6; n++) {
      const reading = {
        ts: Date.now(),
        temp_c: 180.5 + n,
        door: n % 2 === 0,
        wifi_password: "hunter2",
        ...extra,
      };
      await device.publish(topic, JSON.stringify(reading));
    }
  } finally {
    await device.close();
  }
}

/** Waits for a kind of message to be proposed. */
function proposed(gateway: StarterProcess, topic: string): Promise<Record<string, string>> {
  return until(`${topic} is proposed`, async () => {
    const { body } = await gateway.ask("/api/v1/learned");
    return body.items.find((one: Record<string, string>) => one.topic === topic && one.state === "proposed");
  }, { ...PATIENCE, state: () => gateway.said });
}

/** Waits until a device is known, with so many messages at least. */
function device(gateway: StarterProcess, id: string, messages: number): Promise<unknown> {
  return until(`${id} has ${messages} messages`, async () => {
    const { body } = await gateway.ask(`/api/v1/devices/${id}`);
    return body.messages >= messages && body.values.length > 0 ? body : undefined;
  }, { ...PATIENCE, state: () => gateway.said });
}

Deno.test("from a bare folder to a device that is read, and again after a restart", async () => {
  await using stack = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir({ prefix: "sluice_bare_" });
  stack.defer(() => Deno.remove(folder, { recursive: true }));
  const config = `${folder}/data/gateway.yaml`;
  const first = await StarterProcess.start(folder);
  stack.use(first);

  const broker = await until(
    "it says where the broker is",
    () => /broker {2}(mqtt:\S+),/.exec(first.said)?.[1],
    PATIENCE,
  );
  assertStringIncludes(first.said, `page    ${first.url}`);
  assertStringIncludes(first.said, `deno task agent --broker ${broker}`);
  assertMatch(first.said, /mosquitto_pub -h 127\.0\.0\.1 -p \d+ -q 1 -t/);
  assertEquals((await first.ask("/api/v1/learned")).body.how_to.broker_url, broker);

  await publish(broker, "hall/oven-1/state");
  const kind = await proposed(first, "hall/{device}/state");
  assertEquals(JSON.stringify(kind).includes("hunter2"), false);
  const { body: { messages } } = await first.ask("/api/v1/ledger");
  assertEquals([messages.received, messages.filtered], [6, 6]);
  await Deno.stat(config).then(() => Promise.reject(new Error("nothing is accepted yet")), () => {});

  const bad = await first.ask(`/api/v1/learned/${kind.id}/accept`, "POST", {
    profile_yaml: "profile: hall\nfields:\n  temp_c: { typ: float }\n",
  });
  assertEquals([bad.status, bad.body.reason], [422, "config_invalid"]);
  assertEquals(bad.body.errors.map((one: { name: string; line: number }) => [one.name, one.line]), [
    ["fields.temp_c.type", 3],
    ["fields.temp_c.typ", 3],
  ]);
  const accepted = await first.ask(`/api/v1/learned/${kind.id}/accept`, "POST", {});
  assertEquals(accepted, { status: 200, body: { profile: "hall", subscription: "hall/{device}/state" } });
  assertEquals((await first.ask("/api/v1/learned")).body.items, []);

  await publish(broker, "hall/oven-1/state");
  await device(first, "oven-1", 6);
  assertEquals((await first.ask("/api/v1/ledger")).body.messages.filtered, 6);

  // A person adds to the file; what is accepted later leaves it as it is.
  const [next, page] = [`127.0.0.1:${freePort()}`, `127.0.0.1:${freePort()}`];
  const written = (await Deno.readTextFile(config)).replace(/(embedded:\/\/)[\d.:]+/, `$1${next}`)
    .replace(/(listen: )[\d.:]+/, `$1${page}`);
  await Deno.writeTextFile(config, `# Mine: do not touch\n${written}log:   { level: info }   # as it was\n`);
  await publish(broker, "yard/pump-1/state", { rpm: 900, flow_lpm: 3, ampere: 1.5, b: 1, c: 1, d: 1 });
  const other = await proposed(first, "yard/{device}/state");
  assertEquals((await first.ask(`/api/v1/learned/${other.id}/accept`, "POST", {})).status, 200);
  const text = await Deno.readTextFile(config);
  assertStringIncludes(text, "# Mine: do not touch\n# Sluice began");
  assertStringIncludes(text, "log:   { level: info }   # as it was\n");
  assertEquals((await Array.fromAsync(Deno.readDir(`${folder}/data/profiles`), ({ name }) => name)).sort(), [
    "hall.yaml",
    "yard.yaml",
  ]);
  assertEquals(await first.end(), 0);

  await using second = await StarterProcess.start(folder);
  assertEquals(second.fact("configuration"), "data/gateway.yaml");
  assertEquals(second.url, `http://${page}`);
  assertEquals(second.said.includes("There is no configuration"), false);
  await publish(`mqtt://${next}`, "hall/oven-2/state");
  await device(second, "oven-2", 6);
  assertEquals((await second.ask("/api/v1/audit")).status, 403);
});
