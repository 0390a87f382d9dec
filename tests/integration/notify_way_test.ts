/**
 * An alert's way to people: a real gateway process with its broker inside, a webhook receiver, a mail server, a
 * rsyslogd and somebody who looks at the retained topics; killed where it hurts.
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import mqtt from "mqtt";
import { GatewayProcess, type Section } from "../support/gateway_process.ts";
import { HttpReceiver } from "../support/http_receiver.ts";
import { MailServer } from "../support/mail_server.ts";
import { freePort } from "../support/ports.ts";
import { Rsyslogd } from "../support/rsyslogd.ts";
import { until } from "../support/until.ts";

const PROFILE = `profile: oven
fields:
  temperature: { type: float, unit: degC }
`;

/** What a channel was told, in its order: `firing KEY`, `resolved KEY`. */
type Told = readonly string[];

/** A gateway with every channel there is, and their other sides. */
class Plant implements AsyncDisposable {
  readonly #stack = new AsyncDisposableStack();
  readonly #port = freePort();
  readonly #hook = new HttpReceiver();
  #mail: MailServer | undefined;
  #logs: Rsyslogd | undefined;
  #gateway: GatewayProcess | undefined;

  static async open(): Promise<Plant | undefined> {
    const plant = new Plant();
    plant.#stack.defer(() => plant.#hook.close());
    plant.#mail = plant.#stack.use(await MailServer.start());
    plant.#logs = await Rsyslogd.start();
    if (plant.#logs === undefined) {
      await plant[Symbol.asyncDispose]();
      return undefined;
    }
    plant.#stack.use(plant.#logs);
    plant.#gateway = plant.#stack.use(
      await GatewayProcess.start({
        config: plant.#config(plant.#mail, plant.#logs),
        profiles: { oven: PROFILE },
      }),
    );
    return plant;
  }

  get gateway(): GatewayProcess {
    if (this.#gateway === undefined) throw new Error("The gateway was not started");
    return this.#gateway;
  }

  /** A device reports; returns when the gateway has acknowledged it. */
  async report(device: string, temperature: number): Promise<void> {
    const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${this.#port}`, { clientId: device });
    await client.publishAsync(`site/${device}`, JSON.stringify({ temperature }), { qos: 1 });
    await client.endAsync(true);
  }

  /** What each channel was told of a device. */
  async told(device: string): Promise<Record<"hook" | "mail" | "logs", Told>> {
    const bodies = this.#hook.requests.map(({ text, headers }) => {
      const body = JSON.parse(text);
      assertEquals(headers.get("idempotency-key"), body.id);
      return body;
    });
    const logs = await this.#logs?.messages() ?? [];
    return {
      hook: bodies.filter((body) => body.device === device).map(({ transition, id }) =>
        `${transition} ${id}`
      ),
      mail: (this.#mail?.taken ?? []).filter(({ body }) => body.includes(`${device}\n`)).map(({ headers }) =>
        `${headers.subject?.startsWith("Resolved") ? "resolved" : "firing"} ${headers["idempotency-key"]}`
      ),
      logs: logs.map(({ data, msgId }) => ({ data: data.get("alert@32473"), msgId }))
        .filter(({ data }) => data?.get("device")?.[0] === device)
        .map(({ data, msgId }) => `${msgId} ${data?.get("id")?.[0]}`),
    };
  }

  /** What the topic of a device's alert retains. */
  async retained(device: string): Promise<string | undefined> {
    const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${this.#port}`, { clientId: "onlooker" });
    let seen: string | undefined;
    client.on("message", (_topic, payload) => {
      const { transition, id } = JSON.parse(new TextDecoder().decode(payload));
      seen = `${transition} ${id}`;
    });
    await client.subscribeAsync(`alerts/hot/${device}`);
    await client.subscribeAsync("nothing/else");
    await client.endAsync(true);
    return seen;
  }

  /** Waits until every channel, the retained topic included, was told this last of a device. */
  async heard(device: string, transition: string): Promise<string> {
    let seen: unknown;
    return await until(`all channels hear that ${device} is ${transition}`, async () => {
      const told = await this.told(device);
      const last = [...Object.values(told).map((all) => all.at(-1)), await this.retained(device)];
      seen = { told, last };
      const [news] = last;
      return last.every((one) => one === news) && news?.startsWith(transition) ? news : undefined;
    }, { timeout: 40_000, every: 50, state: () => [seen, this.gateway.stderrNow()] });
  }

  /** The syslog server goes away. */
  async logsAway(): Promise<void> {
    await this.#logs?.stop();
  }

  /** Kills the gateway without a warning and starts it again. */
  async crash(): Promise<void> {
    await this.gateway.kill();
    await this.gateway.start();
    await this.gateway.ready();
  }

  /** Waits until a checkpoint was begun from now on. */
  async checkpoint(): Promise<void> {
    const from = new Date().toISOString();
    await until("there is a newer checkpoint", async () => {
      await this.report("bystander", 20);
      return (await this.gateway.get("/api/v1/status")).body.checkpoint.taken_at > from;
    }, { timeout: 30_000, every: 100 });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }

  #config(mail: MailServer, logs: Rsyslogd): Section {
    return {
      mqtt: { url: `embedded://127.0.0.1:${this.#port}` },
      subscriptions: [{ topic: "site/{device}", profile: "oven" }],
      buffer: { checkpoint: { after_bytes: "16MiB", at_most: "1s" } },
      alerts: [{
        name: "hot",
        field: "temperature",
        above: 80,
        severity: "critical",
        notify: ["hook", "mail", "logs", "bus"],
      }],
      notifiers: {
        hook: { webhook: { url: `${this.#hook.url}/alerts` } },
        mail: {
          email: {
            smtp: `smtp://127.0.0.1:${mail.port}`,
            tls: "none",
            from: "gateway@example.org",
            to: ["ops@example.org"],
          },
        },
        logs: { syslog: { server: `tcp://127.0.0.1:${logs.port("tcp")}` } },
        bus: { mqtt: { topic: "alerts/{rule}/{device}", retain: true } },
      },
    };
  }
}

/** Nothing but this news, in this order, each perhaps more than once under its key. */
function assertTold(told: Record<string, Told>, news: readonly string[]): void {
  for (const [channel, all] of Object.entries(told)) {
    assertEquals([...new Set(all)], news, channel);
    // Never back: a firing after its resolution would be believed.
    assertEquals([...all].sort((a, b) => news.indexOf(a) - news.indexOf(b)), all, channel);
  }
}

Deno.test("an alert is heard on every channel, firing and resolved, through a kill between the two", async () => {
  await using plant = await Plant.open();
  if (plant === undefined) return;
  await plant.report("oven-1", 90);
  const firing = await plant.heard("oven-1", "firing");
  // A checkpoint that knows them as delivered: after it only the broker inside, which forgets, is told again.
  await plant.checkpoint();
  const before = await plant.told("oven-1");
  await plant.crash();
  assertEquals(await plant.heard("oven-1", "firing"), firing);
  assertEquals(await plant.told("oven-1"), before);
  await plant.report("oven-1", 20);
  const resolved = await plant.heard("oven-1", "resolved");
  assertTold(await plant.told("oven-1"), [firing, resolved]);
  await plant.checkpoint();
  await plant.crash();
  assertTold(await plant.told("oven-1"), [firing, resolved]);
});

Deno.test("an alert whose gateway dies right after the crossing is heard on every channel", async () => {
  await using plant = await Plant.open();
  if (plant === undefined) return;
  await plant.report("oven-1", 90);
  await plant.crash();
  const firing = await plant.heard("oven-1", "firing");
  await plant.report("oven-1", 20);
  // Nobody may have been told yet, or all may, and no checkpoint knows of it.
  await plant.crash();
  const resolved = await plant.heard("oven-1", "resolved");
  const told = await plant.told("oven-1");
  assertTold(told, [firing, resolved]);
  assert(firing.split(" ")[1] !== resolved.split(" ")[1]);
});

Deno.test("the API says how each channel fares, and the page which of them fails", async () => {
  await using plant = await Plant.open();
  if (plant === undefined) return;
  const { gateway } = plant;
  assertEquals((await gateway.get("/api/v1/status")).body.notifiers, {
    configured: 4,
    failing: 0,
    pending: 0,
    lost: 0,
  });
  assert(!(await gateway.get("/")).text.includes("People are not told"));
  await plant.report("oven-1", 90);
  await plant.heard("oven-1", "firing");
  const { items } = (await gateway.get("/api/v1/notifiers")).body;
  assertEquals(
    items.map((one: { name: string; kind: string; sent: number }) => [one.name, one.kind, one.sent]),
    [["hook", "webhook", 1], ["mail", "email", 1], ["logs", "syslog", 1], ["bus", "mqtt", 1]],
  );
  await plant.logsAway();
  await plant.report("oven-2", 90);
  const failing = await until("syslog fails", async () => {
    const { body } = await gateway.get("/api/v1/notifiers");
    const logs = body.items[2];
    return logs.last_error === null ? undefined : logs;
  }, { every: 50 });
  assertEquals([failing.pending, failing.lost], [1, 0]);
  assert(failing.oldest_at !== null && failing.last_error.text.includes("nothing listens there"));
  assertEquals((await gateway.get("/api/v1/status")).body.notifiers.failing, 1);
  assert((await gateway.get("/")).text.includes("logs (syslog): 1 waiting"));
});
