import { type AlertNews, AlertOracle, Device } from "../../devices/simulator/mod.ts";
import { GatewayProcess, type Section } from "./gateway_process.ts";
import { Load } from "./load.ts";
import { connectPublisher } from "./publisher.ts";
import { siteConfig } from "./river_site.ts";
import { until } from "./until.ts";

/** What a plant needs. */
export interface AlertPlantOptions {
  /** Address of the broker for the gateway; `embedded://…` for one inside it. */
  readonly url: string;
  /** Section `notifiers`; each is told of every alert. */
  readonly notifiers: Section;
  /** When the gateway takes checkpoints: soon after each change, or not before a test has ended. */
  readonly checkpoints: "soon" | "never";
}

/** Four rooms and four meters that report every second, for ten minutes of their own time. */
const LOAD = { seed: 5, devices: 8, each: 600, spread: 600_000, returns: true };

/** Number of a room that stays cool for its first 2,000 messages. */
const BYSTANDER = 1_028;

/**
 * A gateway and the simulator's devices, which cross thresholds by themselves: rooms spike, meters trip. It knows from
 * what they published what people must be told.
 */
export class AlertPlant implements AsyncDisposable {
  /** What people must have been told by now, in the order of publishing. */
  readonly expected: AlertNews[] = [];
  readonly gateway: GatewayProcess;
  readonly #url: string;
  readonly #load: Load;
  readonly #oracle: AlertOracle;
  readonly #stack: AsyncDisposableStack;
  readonly #bystander = new Device(LOAD.seed, BYSTANDER, 1);
  #judged = 0;
  #asides = 0;

  private constructor(
    parts: { readonly url: string; gateway: GatewayProcess; load: Load; oracle: AlertOracle },
    stack: AsyncDisposableStack,
  ) {
    this.gateway = parts.gateway;
    this.#url = parts.url;
    this.#load = parts.load;
    this.#oracle = parts.oracle;
    this.#stack = stack;
  }

  /** Starts the gateway, and connects the devices. */
  static async start({ url, notifiers, checkpoints }: AlertPlantOptions): Promise<AlertPlant> {
    await using stack = new AsyncDisposableStack();
    const notify = Object.keys(notifiers);
    const gateway = stack.use(
      await GatewayProcess.start({
        config: siteConfig(url, undefined, {
          buffer: { checkpoint: { at_most: checkpoints === "soon" ? "200ms" : "1d" } },
          notifiers,
          alerts: [
            {
              ...{ name: "too-hot", profile: "thermo-hygrometer", field: "temperature" },
              ...{ above: 80, clear: 75, for: "1s", severity: "critical", notify },
            },
            { name: "tripped", profile: "power-meter", field: "power", below: 1, clear: 10, notify },
          ],
        }),
      }),
    );
    const oracle = new AlertOracle(await gateway.rules());
    const broker = url.replace(/^embedded:/, "mqtt:");
    const load = stack.use(await Load.connect({ ...LOAD, url: broker }));
    return new AlertPlant({ url: broker, gateway, load, oracle }, stack.move());
  }

  /** The devices go on until one of them has crossed a threshold, either way; returns what that means to people. */
  async cross(): Promise<AlertNews[]> {
    while (this.#load.sent.length < this.#load.total) {
      await this.#load.publish(this.#load.sent.length + this.#load.devices);
      const news = this.#load.sent.slice(this.#judged).flatMap((message) => this.#oracle.take(message));
      this.#judged = this.#load.sent.length;
      if (news.length === 0) continue;
      await this.#load.settled();
      this.expected.push(...news);
      return news;
    }
    throw new Error("The devices have nothing more to say: let them speak for longer");
  }

  /** The last news of each alert: what a topic of its own retains. */
  get standing(): AlertNews[] {
    return [...new Map(this.expected.map((news) => [`${news.rule} ${news.device}`, news])).values()];
  }

  /** Waits until the gateway has taken in everything that was published, and nothing waits to be told. */
  async quiet(): Promise<void> {
    let seen: unknown;
    await until("everything is processed, and nobody has anything to hear", async () => {
      const [{ messages }, { body }] = [
        await this.gateway.ledger(),
        await this.gateway.get("/api/v1/status"),
      ];
      seen = [messages, body.notifiers];
      const taken = messages.received - messages.duplicate === this.#load.sent.length + this.#asides;
      return taken && messages.waiting === 0 && body.notifiers.pending === 0;
    }, { timeout: 60_000, every: 50, state: () => [seen, this.gateway.stderrNow()] });
  }

  /** Waits until so much or more waits for each notifier. */
  async waiting(count: number): Promise<void> {
    let seen: unknown;
    await until(`${count} notifications or more wait for each notifier`, async () => {
      const { items } = (await this.gateway.get("/api/v1/notifiers")).body;
      seen = items;
      return items.every(({ pending }: { pending: number }) => pending >= count);
    }, { timeout: 30_000, every: 50, state: () => [seen, this.gateway.stderrNow()] });
  }

  /** Waits until a checkpoint was begun from now on, and is on disk. It takes a change, so a bystander reports. */
  async checkpoint(): Promise<void> {
    const device = await connectPublisher(this.#url, { protocol: 4 });
    const from = new Date().toISOString();
    // `taken_at` is its end: the first one may have been begun before, the next one was not.
    const ends = new Set<string>();
    await until("there are two newer checkpoints", async () => {
      const { topic } = this.#bystander;
      const payload = this.#bystander.payload(this.#bystander.take(), Date.now() - LOAD.spread);
      await device.publish(topic, payload);
      this.#asides++;
      this.expected.push(...this.#oracle.take({ topic, payload }));
      const end = (await this.gateway.get("/api/v1/status")).body.checkpoint.taken_at;
      if (end > from) ends.add(end);
      return ends.size === 2;
    }, { timeout: 60_000, every: 100, state: () => [from, ends] });
    await device.close();
  }

  /** Kills the gateway without a warning. */
  async kill(): Promise<void> {
    await this.gateway.kill();
  }

  /** Starts it again. */
  async start(): Promise<void> {
    await this.gateway.start();
    await this.gateway.ready();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}
