/**
 * The gateway under the rights that `permissions` prints: they are enough for all that it does, and for nothing else.
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { cli } from "../support/cli_process.ts";
import { GatewayProcess, ROOT, type Section } from "../support/gateway_process.ts";
import { HttpReceiver } from "../support/http_receiver.ts";
import { MailServer } from "../support/mail_server.ts";
import { freePort } from "../support/ports.ts";
import { connectPublisher } from "../support/publisher.ts";
import { PACE, siteConfig } from "../support/river_site.ts";
import { SyslogReceiver } from "../support/syslog_receiver.ts";
import { until } from "../support/until.ts";
import { probe, REFUSED } from "./probe.ts";

const CHANNELS = ["hook", "mail", "tcp", "udp", "bus"];

/** Other sides on loopback, and a gateway with everything on, told of them partly by address and partly by name. */
class Everything implements AsyncDisposable {
  readonly #stack: AsyncDisposableStack;

  private constructor(
    stack: AsyncDisposableStack,
    readonly gateway: GatewayProcess,
    readonly database: HttpReceiver,
    readonly config: Section,
    readonly broker: number,
  ) {
    this.#stack = stack;
  }

  static async open(): Promise<Everything> {
    await using stack = new AsyncDisposableStack();
    const [database, hook] = [new HttpReceiver(), new HttpReceiver()];
    for (const receiver of [database, hook]) stack.defer(() => receiver.close());
    const mail = stack.use(await MailServer.start());
    const syslog = stack.use(await SyslogReceiver.start());
    const broker = freePort();
    const gateway = stack.use(
      await GatewayProcess.create({ config: {}, env: { SITE_WORD: "wort", FOREIGN_SECRET: "not yours" } }),
    );
    for (const name of ["encryption.key", "privacy.key", "influx.token"]) {
      await Deno.writeTextFile(`${gateway.folder}/${name}`, "0f".repeat(32));
    }
    const named = (url: string): string => url.replace("127.0.0.1", "localhost");
    const server = { from: "gateway@example.org", to: ["ops@example.org"], tls: "none" };
    const influxdb = { url: named(database.url), org: "o", bucket: "b", token_file: "influx.token", ...PACE };
    const config = siteConfig(`embedded://localhost:${broker}`, influxdb, {
      mqtt: { url: `embedded://localhost:${broker}`, username: "device", password: "${SITE_WORD:-unset}" },
      buffer: { max_bytes: "64MiB", encrypt_at_rest: { key_file: "encryption.key" } },
      // Asked for: beside encrypted journals there is none otherwise. Its thread is loaded with a right of its own.
      history: {},
      privacy: { key_file: "privacy.key" },
      alerts: [{ name: "strong", field: "power", above: 50, notify: CHANNELS }],
      notifiers: {
        hook: { webhook: { url: hook.url } },
        mail: { email: { smtp: `smtp://localhost:${mail.port}`, ...server } },
        tcp: { syslog: { server: `tcp://localhost:${syslog.port}` } },
        udp: { syslog: { server: `udp://localhost:${freePort()}` } },
        bus: { mqtt: { topic: "alerts/{rule}/{device}" } },
      },
      api: { listen: `localhost:${gateway.port}` },
    });
    await gateway.configure(config);
    return new Everything(stack.move(), gateway, database, config, broker);
  }

  /** The rights that the command prints, as a shell splits them, and what is to be run with them. */
  async rights(): Promise<{ rights: string[]; run: string[] }> {
    const { code, stdout, stderr } = await cli("permissions", "--config", this.gateway.configPath);
    assertEquals([code, stderr], [0, ""]);
    const { stdout: split } = await new Deno.Command("sh", { args: ["-c", `printf '%s\n' ${stdout}`] })
      .output();
    const words = new TextDecoder().decode(split).trimEnd().split("\n");
    const end = words.findIndex((word) => word.endsWith("/main.ts"));
    assertEquals(words.slice(0, 2), ["deno", "run"]);
    return { rights: words.slice(2, end), run: words.slice(end) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}

Deno.test("the printed rights carry a gateway with everything on, and a file elsewhere is refused with its reason", async () => {
  await using all = await Everything.open();
  const { gateway } = all;
  const { rights, run } = await all.rights();
  assertEquals(run, [`${ROOT}main.ts`, "run", "--config", gateway.configPath]);
  assert(
    !rights.some((flag) => /^(-A|--allow-(all|run|ffi|import))|^--allow-\w+$/.test(flag)),
    rights.join(" "),
  );
  gateway.rights = rights;
  await gateway.start();
  await gateway.ready();

  const device = await connectPublisher(`mqtt://127.0.0.1:${all.broker}`, {
    protocol: 4,
    username: "device",
    password: "wort",
  });
  const now = Math.floor(Date.now() / 1_000);
  for (let n = 0; n < 200; n++) {
    const payload = JSON.stringify({ time: now - 100 + Math.floor(n / 2), power: n });
    await device.publish("site/north/power/p1", payload);
  }
  const ledger = await gateway.atRest(200);
  assertEquals([ledger.balanced, ledger.readings.refused], [true, 0]);
  assert(ledger.points.delivered > 0 && all.database.writes.length > 0);
  await until("every channel was told", async () => {
    const { items } = (await gateway.get("/api/v1/notifiers")).body;
    return items.every(({ sent }: { sent: number }) => sent > 0);
  }, { timeout: 40_000, every: 100, state: () => gateway.stderrNow() });

  // A right that the gateway does not have is no reason to end: what is in force stays.
  await Deno.writeTextFile(`${gateway.folder}/another.token`, "secret");
  const influxdb = { url: all.database.url, org: "o", bucket: "b", token_file: "another.token" };
  await gateway.configure({ ...all.config, influxdb });
  gateway.signal("SIGHUP");
  const said = await until("the new file is refused", async () => {
    const text = await gateway.stderr();
    return text.includes("The configuration in force stays") ? text : undefined;
  }, { timeout: 30_000 });
  assertStringIncludes(
    said,
    'found "another.token", this process has no right to read it, deno task permissions',
  );
  await device.publish("site/north/power/p1", JSON.stringify({ time: now, power: 1 }));
  await gateway.atRest(201);
  await device.close();
  assertEquals(await gateway.log("history_failed"), []);
  assertEquals(await gateway.stop(), 0);

  // So it is at a start: the gateway says what it may not read, and what to do.
  gateway.spawn();
  assertEquals(await gateway.exit(), 2);
  // With the rights of the new configuration it goes on where it was.
  gateway.rights = (await all.rights()).rights;
  await gateway.start();
  assertEquals((await gateway.ledger()).messages.received, 201);
  assertEquals(await gateway.stop(), 0);
});

/** What a gateway may do with its own files. */
const MAY = new Set(["read the configuration", "read the data folder", "write into the data folder"]);

Deno.test("under the printed rights nothing else can be read, written, connected to, listened on, started or seen", async () => {
  await using all = await Everything.open();
  const { gateway } = all;
  const { rights } = await all.rights();
  const stranger = new HttpReceiver();
  await using stack = new AsyncDisposableStack();
  stack.defer(() => stranger.close());
  await Deno.mkdir(gateway.dataDir);
  await Deno.writeTextFile(`${gateway.folder}/beside`, "secret");
  await Deno.writeTextFile(`${gateway.folder}/beside.ts`, "export default 1;");
  const places = {
    config: gateway.configPath,
    data: gateway.dataDir,
    beside: `${gateway.folder}/beside`,
    // Somebody of this machine whom the configuration does not name.
    taken: Number(new URL(stranger.url).port),
    free: freePort(),
  };
  const found = await probe(rights, gateway.folder, places);
  const expected = Object.fromEntries(
    Object.keys(found).map((name) => [name, MAY.has(name) ? "done" : REFUSED]),
  );
  assertEquals(found, { ...expected, "see the environment": "" });
  assert(Object.keys(found).length > 20);
  // The probe itself can do all of it: under every right nothing of it is refused.
  const free = await probe(["-A"], gateway.folder, places);
  assertEquals(Object.entries(free).filter(([, outcome]) => outcome === REFUSED), []);
  assertStringIncludes(free["see the environment"] ?? "", "FOREIGN_SECRET");
});
