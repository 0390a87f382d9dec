import mqtt from "mqtt";
import type { AlertNews } from "../../devices/simulator/mod.ts";
import type { Section } from "./gateway_process.ts";
import { HttpReceiver, type Received } from "./http_receiver.ts";
import { MailServer, type TakenMail } from "./mail_server.ts";
import { type Mosquitto, startMosquitto } from "./mosquitto.ts";
import { KEEPING } from "./river_site.ts";
import { Rsyslogd } from "./rsyslogd.ts";
import type { ParsedSyslog } from "./syslog_parser.ts";
import { until } from "./until.ts";

/** The notifiers' names. */
export type Channel = "hook" | "mail" | "logs" | "bus";

/** What somebody was told, and under which key. */
export interface ToldNews extends AlertNews {
  readonly key: string;
}

/** What each channel was told, in its order. */
export type Told = Readonly<Record<Channel, readonly ToldNews[]>>;

/** Where the channel over MQTT publishes. */
export const ALERT_TOPIC = "alerts/{rule}/{device}";

/** What anybody may do at the broker while the gateway may not publish its alerts. */
const CLOSED = ["topic readwrite site/#", "topic read alerts/#", "topic read $SYS/#"];
const OPEN = [...CLOSED, "topic write alerts/#", "topic write door"];

/**
 * The other side of every channel: a webhook receiver, a mail server, a real rsyslogd, and somebody who listens at a
 * real mosquitto, at which the gateway also takes its readings. They can all be closed, so that notifications wait.
 */
export class AlertChannels implements AsyncDisposable {
  /** The broker, for devices and gateway. */
  readonly broker: Mosquitto;
  readonly #stack: AsyncDisposableStack;
  readonly #hook: HttpReceiver;
  readonly #mail: MailServer;
  readonly #logs: Rsyslogd;
  readonly #posts: Received[] = [];
  readonly #published: readonly Uint8Array[];
  #closed = false;
  #held: PromiseWithResolvers<Response> | undefined;

  private constructor(
    parts: { broker: Mosquitto; logs: Rsyslogd; mail: MailServer; published: readonly Uint8Array[] },
    stack: AsyncDisposableStack,
  ) {
    this.broker = parts.broker;
    this.#logs = parts.logs;
    this.#mail = parts.mail;
    this.#published = parts.published;
    this.#stack = stack;
    this.#hook = new HttpReceiver((request) => this.#answer(request));
    stack.defer(() => this.#hook.close());
  }

  /** Starts them all; `undefined` where a service is not installed (the reason is printed). */
  static async open(): Promise<AlertChannels | undefined> {
    await using stack = new AsyncDisposableStack();
    const broker = await startMosquitto({ ...KEEPING, acl: OPEN });
    if (broker === undefined) return undefined;
    stack.defer(() => broker.remove());
    const logs = await Rsyslogd.start();
    if (logs === undefined) return undefined;
    stack.use(logs);
    const mail = stack.use(await MailServer.start());
    const listener = await mqtt.connectAsync(broker.url(), { clientId: "listener" });
    stack.defer(() => listener.endAsync(true));
    const published: Uint8Array[] = [];
    listener.on("message", (_topic, payload) => published.push(payload));
    await listener.subscribeAsync("alerts/#", { qos: 1 });
    return new AlertChannels({ broker, logs, mail, published }, stack.move());
  }

  /** Section `notifiers` of the gateway's configuration. */
  get notifiers(): Section {
    const [from, to] = ["gateway@example.org", ["ops@example.org"]];
    return {
      hook: { webhook: { url: `${this.#hook.url}/alerts` } },
      mail: { email: { smtp: `smtp://127.0.0.1:${this.#mail.port}`, tls: "none", from, to } },
      logs: { syslog: { server: `tcp://127.0.0.1:${this.#logs.port("tcp")}` } },
      bus: { mqtt: { topic: ALERT_TOPIC, retain: true } },
    };
  }

  /** What each of them took. */
  async told(): Promise<Told> {
    return {
      hook: this.#posts.map(newsOfPost),
      mail: this.#mail.taken.map(newsOfMail),
      logs: (await this.#logs.messages()).map(newsOfSyslog),
      bus: this.#published.map(newsOfJson),
    };
  }

  /** The syslog server goes away; the others stay. */
  async logsAway(): Promise<void> {
    await this.#logs.stop();
  }

  /** From now on none of them takes anything. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#mail.refuseMail = { code: 451, text: "4.3.0 later" };
    await this.#logs.stop();
    await this.#allow(CLOSED, false);
  }

  /** They take what comes again. */
  async reopen(): Promise<void> {
    this.#closed = false;
    this.#mail.refuseMail = undefined;
    await this.#logs.start();
    await this.#allow(OPEN, true);
  }

  /** From now on the webhook receiver takes what it gets and does not say so, until it is let go. */
  holdAnswers(): void {
    this.#held = Promise.withResolvers();
  }

  /** It answers again. */
  letGo(): void {
    this.#held?.resolve(new Response(null, { status: 204 }));
    this.#held = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.letGo();
    await this.#stack.disposeAsync();
  }

  #answer(request: Received): Response | Promise<Response> {
    if (this.#closed) return new Response(null, { status: 503 });
    this.#posts.push(request);
    return this.#held?.promise ?? new Response(null, { status: 204 });
  }

  /** Puts other rights in force at the broker, and waits until they are. */
  async #allow(acl: readonly string[], may: boolean): Promise<void> {
    await Deno.writeTextFile(`${this.broker.folder}/acl`, `${acl.join("\n")}\n`);
    this.broker.reload();
    // Only MQTT 5 has a word for a refused PUBLISH.
    const client = await mqtt.connectAsync(this.broker.url(), { protocolVersion: 5 });
    await until(`the broker ${may ? "takes" : "refuses"} alerts`, async () => {
      const taken = await client.publishAsync("door", "", { qos: 1 }).then(() => true, () => false);
      return taken === may;
    }, { timeout: 30_000, every: 20 });
    await client.endAsync(true);
  }
}

/** What a broker retains of alerts, for somebody who comes later. */
export async function retainedNews(url: string): Promise<ToldNews[]> {
  const client = await mqtt.connectAsync(url, { clientId: "onlooker" });
  const seen: ToldNews[] = [];
  client.on("message", (_topic, payload) => seen.push(newsOfJson(payload)));
  await client.subscribeAsync("alerts/#");
  // Retained messages come before the answer to a later SUBSCRIBE of the same client.
  await client.subscribeAsync("nothing/else");
  await client.endAsync(true);
  return seen;
}

/** As the JSON says it. */
function newsOfJson(payload: Uint8Array): ToldNews {
  const { id, transition, rule, device, fired_at, at } = JSON.parse(new TextDecoder().decode(payload));
  return told(transition, rule, device, fired_at, at, id);
}

function newsOfPost({ text, headers }: Received): ToldNews {
  const news = newsOfJson(new TextEncoder().encode(text));
  return same(news, headers.get("idempotency-key"));
}

function newsOfMail({ headers, body }: TakenMail): ToldNews {
  const line = (name: string): string => new RegExp(`^${name}: +(.*)$`, "m").exec(body)?.[1] ?? "";
  const transition = headers.subject?.startsWith("Resolved: ") ? "resolved" : "firing";
  const at = line(transition === "firing" ? "At" : "Resolved at");
  const news = told(transition, line("Rule"), line("Device"), line("Fired at"), at, line("Key"));
  return same(news, headers["idempotency-key"]);
}

function newsOfSyslog({ msgId, data }: ParsedSyslog): ToldNews {
  const params = data.get("alert@32473");
  const fact = (name: string): string => params?.get(name)?.[0] ?? "";
  return told(msgId, fact("rule"), fact("device"), fact("fired_at"), fact("at"), fact("id"));
}

function told(
  transition: string,
  rule: string,
  device: string,
  firedAt: string,
  at: string,
  key: string,
): ToldNews {
  if (transition !== "firing" && transition !== "resolved") throw new Error(`Told "${transition}"`);
  return { transition, rule, device, firedAt: Date.parse(firedAt), at: Date.parse(at), key };
}

/** The key stands twice, for programs and for people, and is the same. */
function same(news: ToldNews, key: string | null | undefined): ToldNews {
  if (news.key !== key) throw new Error(`The key is "${news.key}" here and "${key}" there`);
  return news;
}
