/**
 * What every notifier promises (src/notify/notifier.ts), run by each of them. An implementation joins by a
 * function that builds it in front of an other side that behaves as asked.
 * @module
 */
import { assert, assertEquals, assertNotMatch } from "@std/assert";
import { systemClock } from "../../src/clock.ts";
import {
  emailNotifier,
  logNotifier,
  mqttNotifier,
  type Notification,
  notificationId,
  type Notifier,
  type SendResult,
  syslogNotifier,
  webhookNotifier,
} from "../../src/notify/mod.ts";
import { event } from "../unit/notify/build.ts";
import { receiver } from "../unit/notify/receiver.ts";
import { MailServer } from "../support/mail_server.ts";
import { SyslogReceiver } from "../support/syslog_receiver.ts";

/** How the other side behaves. */
type Behaviour = "takes" | "fails" | "hangs";

/** A notifier before its other side. */
interface Stand extends AsyncDisposable {
  readonly notifier: Notifier;
  /** Keys of the notifications that the other side took. */
  readonly taken: string[];
}

const HIDDEN = "planted-secret";

/** A short limit, so that the test of the time limit waits for something that comes. */
const TIMEOUT = 50;

const IMPLEMENTATIONS: Readonly<
  Record<string, (behaviour: Behaviour, timeout: number) => Stand | Promise<Stand>>
> = {
  webhook(behaviour, timeout) {
    const other = receiver();
    const taken: string[] = [];
    const hanging = Promise.withResolvers<Response>();
    other.answer = ({ headers }): Response | Promise<Response> => {
      if (behaviour === "hangs") return hanging.promise;
      if (behaviour === "fails") return new Response(HIDDEN, { status: 503 });
      taken.push(headers.get("idempotency-key") ?? "");
      return new Response(null, { status: 200 });
    };
    const options = { url: `${other.url}/hook/${HIDDEN}`, secret: () => HIDDEN, headers: {}, timeout };
    return {
      notifier: webhookNotifier(options, { fetcher: fetch, clock: systemClock }),
      taken,
      async [Symbol.asyncDispose](): Promise<void> {
        hanging.resolve(new Response());
        await other[Symbol.asyncDispose]();
      },
    };
  },
  mqtt(behaviour, timeout) {
    const taken: string[] = [];
    const publish = (_topic: string, payload: string): Promise<void> => {
      if (behaviour === "hangs") return Promise.withResolvers<void>().promise;
      if (behaviour === "fails") throw new Error("The client is not connected");
      taken.push(JSON.parse(payload).id);
      return Promise.resolve();
    };
    return {
      notifier: mqttNotifier({ topic: "alerts/{device}", retain: false, timeout }, {
        publish,
        clock: systemClock,
      }),
      taken,
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  },
  async email(behaviour, timeout) {
    const other = await MailServer.start({ account: { user: "gateway", password: HIDDEN } });
    if (behaviour === "fails") other.refuseMail = { code: 451, text: `4.3.0 try later ${HIDDEN}` };
    other.hangs = behaviour === "hangs";
    const account = { username: "gateway", password: () => Promise.resolve(HIDDEN) };
    const server = { host: "127.0.0.1", port: other.port, tls: "none", ...account } as const;
    const heads = { from: "Sluice <gateway@example.org>", to: ["ops@example.org"] };
    return {
      notifier: emailNotifier({ server, ...heads, timeout }, { clock: systemClock }),
      get taken(): string[] {
        return other.taken.map(({ headers }) => headers["idempotency-key"] ?? "");
      },
      [Symbol.asyncDispose]: () => other[Symbol.asyncDispose](),
    };
  },
  async syslog(behaviour, timeout) {
    const other = await SyslogReceiver.start();
    other.hangs = behaviour === "hangs";
    // Nobody listens there any more.
    if (behaviour === "fails") await other[Symbol.asyncDispose]();
    const place = { protocol: "tcp", host: "127.0.0.1", port: other.port } as const;
    const names = { facility: 16, appName: "sluice", hostname: "plant-1", tls: {} };
    return {
      notifier: syslogNotifier({ ...place, ...names, timeout }, { clock: systemClock }),
      get taken(): string[] {
        return other.taken.map(({ data }) => data.get("alert@32473")?.get("id")?.[0] ?? "");
      },
      [Symbol.asyncDispose]: () => other[Symbol.asyncDispose](),
    };
  },
  log(behaviour) {
    const taken: string[] = [];
    const write = (notification: Notification): void => {
      if (behaviour === "fails") throw new Error("No space left on device");
      taken.push(notification.id);
    };
    return { notifier: logNotifier(write), taken, [Symbol.asyncDispose]: () => Promise.resolve() };
  },
};

/** Channels that wait for nobody: they have no time limit and nothing to break off. */
const IMMEDIATE = new Set(["log"]);

function notification(): Notification {
  const what = event();
  return { id: notificationId(what), event: what, attempt: 1, sentAt: 1_700_000_000_000 };
}

function isText(result: SendResult): void {
  assert(result.kind !== "sent");
  assert(/^[A-Z].*[^.]$/.test(result.text), result.text);
  assertNotMatch(result.text, new RegExp(HIDDEN));
}

for (const [name, stand] of Object.entries(IMPLEMENTATIONS)) {
  Deno.test(`${name}: names its kind`, async () => {
    await using it = await stand("takes", 10_000);
    assertEquals(it.notifier.kind, name);
  });

  Deno.test(`${name}: answers sent only when the other side took it, under its key`, async () => {
    await using it = await stand("takes", 10_000);
    assertEquals(await it.notifier.send(notification(), new AbortController().signal), { kind: "sent" });
    assertEquals(it.taken, [notification().id]);
  });

  Deno.test(`${name}: holds nothing back: the same notification twice is two attempts`, async () => {
    await using it = await stand("takes", 10_000);
    const { signal } = new AbortController();
    await it.notifier.send(notification(), signal);
    await it.notifier.send(notification(), signal);
    assertEquals(it.taken, [notification().id, notification().id]);
  });

  Deno.test(`${name}: what fails is a result with a text for people, never a throw`, async () => {
    await using it = await stand("fails", 10_000);
    const result = await it.notifier.send(notification(), new AbortController().signal);
    assertEquals(result.kind, "retry");
    isText(result);
  });

  if (IMMEDIATE.has(name)) continue;

  Deno.test(`${name}: has a time limit of its own`, async () => {
    await using it = await stand("hangs", TIMEOUT);
    const result = await it.notifier.send(notification(), new AbortController().signal);
    assertEquals(result.kind, "retry");
    isText(result);
  });

  Deno.test(`${name}: answers when the signal aborts, during the attempt and before it`, async () => {
    await using it = await stand("hangs", 600_000);
    const abort = new AbortController();
    const sending = it.notifier.send(notification(), abort.signal);
    abort.abort();
    const results = [await sending, await it.notifier.send(notification(), abort.signal)];
    for (const result of results) {
      assertEquals(result.kind, "retry");
      isText(result);
    }
  });
}
