import { assertEquals } from "@std/assert";
import mqtt from "mqtt";

const CONF = new URL("../../deploy/mosquitto/mosquitto.conf", import.meta.url);

async function settings(): Promise<Map<string, string>> {
  const lines = (await Deno.readTextFile(CONF)).split("\n").filter((line) => /^[a-z]/.test(line));
  return new Map(lines.map((line): [string, string] => {
    const [key = "", ...rest] = line.split(" ");
    return [key, rest.join(" ")];
  }));
}

Deno.test("the mosquitto configuration keeps the queue on disk and keeps far more than 1000 messages", async () => {
  const conf = await settings();
  assertEquals(conf.get("persistence"), "true");
  assertEquals(conf.get("autosave_on_changes"), "true");
  assertEquals(conf.get("autosave_interval"), "1");
  const queue = Number(conf.get("max_queued_messages"));
  assertEquals(queue >= 100_000, true, `${queue}`);
});

/** Path of mosquitto, or why it is not tried. */
async function mosquitto(): Promise<string | undefined> {
  for (const path of ["/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto", "/opt/homebrew/sbin/mosquitto"]) {
    if (await Deno.stat(path).then(() => true, () => false)) return path;
  }
  return undefined;
}

const program = await mosquitto();
const missing = program === undefined;
// deno-lint-ignore no-console -- a skip is printed with its reason
if (missing) console.log("skipped: mosquitto is not installed, its configuration is not tried on a real one");

/** A port that was free a moment ago. */
function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  return port;
}

/** The configuration as it is, but for the port, the folder and the user. */
async function start(path: string, folder: string, port: number): Promise<Deno.ChildProcess> {
  const text = (await Deno.readTextFile(CONF))
    .replace(/^listener .*$/m, `listener ${port} 127.0.0.1`)
    .replace(/^persistence_location .*$/m, `persistence_location ${folder}/`);
  await Deno.writeTextFile(`${folder}/mosquitto.conf`, `${text}\nuser ${await userName()}\n`);
  const args = ["-c", `${folder}/mosquitto.conf`];
  return new Deno.Command(path, { args, stdin: "null", stdout: "null", stderr: "null" }).spawn();
}

/** mosquitto gives up the rights of root for another user, who could not write to the folder. */
async function userName(): Promise<string> {
  const { stdout } = await new Deno.Command("id", { args: ["-un"] }).output();
  return new TextDecoder().decode(stdout).trim();
}

async function connect(port: number, clientId: string): Promise<mqtt.MqttClient> {
  const deadline = AbortSignal.timeout(20_000);
  let last: unknown;
  while (!deadline.aborted) {
    try {
      return await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, {
        clientId,
        clean: false,
        protocolVersion: 5,
        properties: { sessionExpiryInterval: 600 },
        reconnectPeriod: 0,
      }, false);
    } catch (error) {
      last = error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  throw new Error(`mosquitto does not answer: ${last}`);
}

Deno.test({
  name: "a mosquitto that is killed keeps 1500 messages for a gateway that is away",
  ignore: missing,
  async fn() {
    if (program === undefined) return;
    const folder = await Deno.makeTempDir({ prefix: "sluice-mosquitto-" });
    const port = freePort();
    let broker = await start(program, folder, port);
    try {
      const away = await connect(port, "gateway");
      await away.subscribeAsync("t/#", { qos: 1 });
      await away.endAsync();
      const device = await connect(port, "device");
      await Promise.all(
        Array.from({ length: 1_500 }, (_, index) => device.publishAsync(`t/${index}`, "x", { qos: 1 })),
      );
      await device.endAsync();
      broker.kill("SIGKILL");
      await broker.status;

      broker = await start(program, folder, port);
      const seen = new Set<string>();
      const { promise, resolve } = Promise.withResolvers<void>();
      const back = mqtt.connect(`mqtt://127.0.0.1:${port}`, {
        clientId: "gateway",
        clean: false,
        protocolVersion: 5,
        properties: { sessionExpiryInterval: 600 },
        reconnectPeriod: 50,
      });
      back.on("error", () => {});
      back.on("message", (topic) => {
        seen.add(topic);
        if (seen.size === 1_500) resolve();
      });
      const timer = setTimeout(resolve, 20_000);
      await promise;
      clearTimeout(timer);
      await back.endAsync();
      assertEquals(seen.size, 1_500);
    } finally {
      broker.kill("SIGKILL");
      await broker.status;
      await Deno.remove(folder, { recursive: true });
    }
  },
});
