import { assert, assertEquals } from "@std/assert";
import { formatToken, hashToken } from "../../src/api/mod.ts";
import { type Answer, GatewayProcess } from "../support/gateway_process.ts";
import { HttpReceiver } from "../support/http_receiver.ts";
import { startMosquitto } from "../support/mosquitto.ts";
import { connectPublisher } from "../support/publisher.ts";
import { siteConfig } from "../support/river_site.ts";
import { until } from "../support/until.ts";

const TOKENS = Object.fromEntries(
  ["anna", "ben"].map((name) => [name, formatToken(crypto.getRandomValues(new Uint8Array(32)))]),
);

/** A gateway with a rule, people with tokens, a webhook that hears of it, and a site to report from. */
class Plant implements AsyncDisposable {
  readonly #stack: AsyncDisposableStack;
  readonly #now = Date.now() - 10_000;
  #said = 0;

  private constructor(
    readonly gateway: GatewayProcess,
    readonly hook: HttpReceiver,
    readonly publish: (topic: string, payload: string) => Promise<void>,
    stack: AsyncDisposableStack,
  ) {
    this.#stack = stack;
  }

  static async open(): Promise<Plant | undefined> {
    await using stack = new AsyncDisposableStack();
    const broker = await startMosquitto();
    if (broker === undefined) return undefined;
    stack.defer(() => broker.remove());
    const hook = new HttpReceiver(() => new Response(null, { status: 204 }));
    stack.defer(() => hook.close());
    const gateway = stack.use(await GatewayProcess.create({ config: {} }));
    await Deno.writeTextFile(`${gateway.folder}/hook`, "planted-hook-secret");
    await gateway.configure(siteConfig(broker.url(), undefined, {
      notifiers: { ops: { webhook: { url: `${hook.url}/hook`, secret_file: `${gateway.folder}/hook` } } },
      alerts: [{
        ...{ name: "hot", field: "temperature", above: 80, clear: 75, severity: "critical", notify: ["ops"] },
      }],
      api: {
        listen: `127.0.0.1:${gateway.port}`,
        tokens: Object.entries(TOKENS).map(([name, token]) => ({
          ...{ name, role: name === "anna" ? "operator" : "admin", hash: hashToken(token) },
        })),
      },
    }));
    await gateway.start();
    await gateway.ready();
    const device = await connectPublisher(broker.url());
    stack.defer(() => device.close());
    return new Plant(gateway, hook, (topic, payload) => device.publish(topic, payload), stack.move());
  }

  /** A room reports; returns the event time. */
  async say(room: string, temperature: number): Promise<string> {
    const ts = this.#now + ++this.#said;
    await this.publish(`site/north/climate/${room}`, JSON.stringify({ ts, seq: this.#said, temperature }));
    return new Date(ts).toISOString();
  }

  /** Someone asks the API. */
  ask(who: string, path: string, method = "GET", body?: unknown): Promise<Answer> {
    return this.gateway.get(path, {
      method,
      headers: {
        authorization: `Bearer ${TOKENS[who]}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  /** Waits for the alert of a room in a state. */
  async alert(room: string, state: string) {
    let seen: unknown;
    return await until(`the alert of ${room} is ${state}`, async () => {
      const { items } = (await this.ask("ben", `/api/v1/alerts?state=${state}`)).body;
      seen = items;
      return items.find(({ device }: { device: string }) => device === room);
    }, { timeout: 30_000, every: 50, state: () => [seen, this.gateway.stderrNow()] });
  }

  /** What the webhook has heard of a room: each change once, and when it fired. */
  heard(room: string): string[] {
    const news = this.hook.writes.map(({ text }) => JSON.parse(text)).filter(({ device }) => device === room);
    return [...new Set(news.map(({ transition, fired_at }) => `${transition} of ${fired_at}`))];
  }

  /** Waits until the webhook has heard so much of a room. */
  async hears(room: string, changes: number): Promise<string[]> {
    await until(`the webhook hears of ${room}`, () => this.heard(room).length >= changes, {
      ...{ timeout: 30_000, every: 20 },
      state: () => [this.hook.writes.map(({ text }) => text), this.gateway.stderrNow()],
    });
    return this.heard(room);
  }

  async restart(): Promise<void> {
    await this.gateway.kill();
    await this.gateway.start();
    await this.gateway.ready();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}

Deno.test("A10, A12: who takes care of an alert is known after a kill, and stands in the history in the end", async () => {
  await using plant = await Plant.open();
  if (plant === undefined) return;
  await plant.say("c1", 90);
  const { id } = await plant.alert("c1", "firing");
  const path = `/api/v1/alerts/${encodeURIComponent(id)}/ack`;
  const answer = await plant.ask("anna", path, "POST", { note: "on my way" });
  assertEquals(answer.status, 200, answer.text);
  const { acknowledged } = answer.body;
  assertEquals([acknowledged.by, acknowledged.note], ["anna", "on my way"]);

  await plant.restart();
  assertEquals((await plant.alert("c1", "firing")).acknowledged, acknowledged);
  const second = await plant.ask("ben", path, "POST");
  assertEquals([second.status, second.body.acknowledged], [200, acknowledged], "the first one stays");

  await plant.say("c1", 20);
  assertEquals((await plant.alert("c1", "resolved")).acknowledged, acknowledged);
  assertEquals((await plant.ask("ben", path, "POST")).status, 404, "it has ended");
  assertEquals((await plant.hears("c1", 2)).map((text) => text.split(" ")[0]), ["firing", "resolved"]);
  const { items } = (await plant.ask("ben", "/api/v1/audit?action=alert_acknowledged")).body;
  assertEquals(items.map(({ actor, target }: { actor: string; target: string }) => [actor, target]), [
    ["anna", id],
  ]);
  assertEquals(await plant.gateway.stop(), 0);
});

Deno.test("A14, A16: nobody hears of what is silenced, through a kill, until somebody ends the silence", async () => {
  await using plant = await Plant.open();
  if (plant === undefined) return;
  const added = await plant.ask("anna", "/api/v1/silences", "POST", { device: "quiet-*", minutes: 60 });
  assertEquals(added.status, 201, added.text);
  const firedAt = await plant.say("quiet-1", 90);
  await plant.say("loud-1", 90);
  const alert = await plant.alert("quiet-1", "firing");
  assertEquals([alert.silenced_until, alert.fired_at], [added.body.until, firedAt]);

  await plant.restart();
  assertEquals((await plant.ask("ben", "/api/v1/silences")).body.items, [added.body]);
  assertEquals((await plant.alert("quiet-1", "firing")).silenced_until, added.body.until);
  await plant.say("quiet-1", 95);
  await plant.say("quiet-2", 91);
  await plant.say("quiet-2", 20);
  await plant.alert("quiet-2", "resolved");
  await plant.say("loud-2", 90);
  await plant.hears("loud-1", 1);
  await plant.hears("loud-2", 1);
  assertEquals([plant.heard("quiet-1"), plant.heard("quiet-2")], [[], []]);

  const removed = await plant.ask("anna", `/api/v1/silences/${added.body.id}`, "DELETE");
  assertEquals(removed.status, 204, removed.text);
  assertEquals(await plant.hears("quiet-1", 1), [`firing of ${firedAt}`]);
  assertEquals((await plant.alert("quiet-1", "firing")).silenced_until, null);
  await plant.say("quiet-1", 20);
  assertEquals(await plant.hears("quiet-1", 2), [`firing of ${firedAt}`, `resolved of ${firedAt}`]);
  assertEquals(plant.heard("quiet-2"), [], "what ended meanwhile is nobody's news");
  assertEquals((await plant.gateway.log("alert_told_late")).map(({ device }) => device), ["quiet-1"]);
  const { items } = (await plant.ask("ben", "/api/v1/audit")).body;
  const actions = items.map(({ action }: { action: string }) => action);
  assert(actions.indexOf("silence_removed") < actions.indexOf("silence_added"), actions.join());
  assertEquals(await plant.gateway.stop(), 0);
});

Deno.test("A13, A16: a silence ends by itself, though no message comes, and what still fires is told", async () => {
  await using plant = await Plant.open();
  if (plant === undefined) return;
  const until = new Date(Date.now() + 4_000).toISOString();
  const added = await plant.ask("anna", "/api/v1/silences", "POST", { rule: "hot", until });
  assertEquals([added.status, added.body.until], [201, until], added.text);
  const firedAt = await plant.say("c1", 90);
  assertEquals(await plant.hears("c1", 1), [`firing of ${firedAt}`]);
  assertEquals((await plant.ask("ben", "/api/v1/silences")).body.items, []);
  assertEquals(await plant.gateway.stop(), 0);
});
