import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { systemClock } from "../../../src/clock.ts";
import { type Notification, notificationId, type Notifier, NotifyQueue } from "../../../src/notify/mod.ts";
import { webhookNotifier, type WebhookOptions } from "../../../src/notify/mod.ts";
import { freePort } from "../../support/ports.ts";
import { until } from "../../support/until.ts";
import { event, resolution } from "./build.ts";
import { type Received, receiver } from "./receiver.ts";

const SECRET = "s3cret-of-the-plant";

function webhook(url: string, over: Partial<WebhookOptions> = {}): Notifier {
  return webhookNotifier({ url, headers: {}, timeout: 5_000, ...over }, {
    fetcher: fetch,
    clock: systemClock,
  });
}

function notification(over: Partial<Notification> = {}): Notification {
  const what = over.event ?? event();
  return { id: notificationId(what), event: what, attempt: 1, sentAt: 1_700_000_005_500, ...over };
}

const calm = (): AbortSignal => new AbortController().signal;

/** Verifies a request as a receiver would, with WebCrypto and nothing of Sluice. */
async function verifies(secret: string, { headers, body }: Received): Promise<boolean> {
  const bytes = new TextEncoder();
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", bytes.encode(secret), algorithm, false, ["verify"]);
  const [scheme, digits] = (headers.get("x-sluice-signature") ?? "").split("=");
  assertEquals(scheme, "sha256");
  const signature = Uint8Array.fromHex(digits ?? "");
  const signed = bytes.encode(`${headers.get("x-sluice-timestamp")}.${body}`);
  return await crypto.subtle.verify("HMAC", key, signature, signed);
}

Deno.test("a webhook is a signed POST of the whole alert in JSON", async () => {
  await using other = receiver();
  const notifier = webhook(`${other.url}/hook?room=1`, {
    secret: () => SECRET,
    headers: { "Authorization": "Bearer abc", "Content-Type": "text/plain" },
  });
  const n = notification({ event: resolution(), attempt: 3 });
  assertEquals(await notifier.send(n, calm()), { kind: "sent" });
  const [request] = other.received;
  assert(request !== undefined);
  assertEquals([request.method, request.path], ["POST", "/hook?room=1"]);
  assertEquals(request.headers.get("content-type"), "application/json");
  assertEquals(request.headers.get("authorization"), "Bearer abc");
  assertEquals(request.headers.get("idempotency-key"), n.id);
  assertEquals(request.headers.get("x-sluice-timestamp"), "1700000005");
  assert(await verifies(SECRET, request));
  assert(!await verifies("another", request));
  assert(!await verifies(SECRET, { ...request, body: `${request.body} ` }));
  assertEquals(JSON.parse(request.body), {
    id: n.id,
    transition: "resolved",
    reason: "cleared",
    alert: "too-hot:kiln-1",
    rule: "too-hot",
    severity: "critical",
    summary: "kiln-1 is 81.5 degC (limit 80)",
    device: "kiln-1",
    tags: { site: "north" },
    field: "temperature",
    value: 20,
    unit: "degC",
    limit: "80",
    at: "2023-11-14T22:13:20.000Z",
    fired_at: "2023-11-14T22:13:10.000Z",
    received_at: "2023-11-14T22:13:10.100Z",
    sent_at: "2023-11-14T22:13:25.500Z",
    delay_seconds: 5.5,
    attempt: 3,
  });
});

Deno.test("without a secret nothing is signed", async () => {
  await using other = receiver();
  await webhook(other.url).send(notification(), calm());
  assertEquals(other.received[0]?.headers.get("x-sluice-signature"), null);
});

Deno.test("the secret is read anew for each attempt", async () => {
  await using other = receiver();
  const secrets = ["old", "new"];
  const notifier = webhook(other.url, { secret: () => secrets.shift() ?? "" });
  await notifier.send(notification(), calm());
  await notifier.send(notification(), calm());
  const [first, second] = other.received;
  assert(first !== undefined && second !== undefined);
  assert(await verifies("old", first));
  assert(await verifies("new", second));
});

Deno.test("each answer has its consequence", async () => {
  await using other = receiver();
  const notifier = webhook(other.url);
  const table: [number, "sent" | "retry" | "give_up"][] = [
    [200, "sent"],
    [202, "sent"],
    [400, "give_up"],
    [401, "give_up"],
    [404, "give_up"],
    [408, "retry"],
    [410, "give_up"],
    [422, "give_up"],
    [425, "retry"],
    [429, "retry"],
    [500, "retry"],
    [502, "retry"],
    [503, "retry"],
  ];
  for (const [status, kind] of table) {
    other.answer = () => new Response(`because ${status}`, { status });
    const result = await notifier.send(notification(), calm());
    assertEquals(result.kind, kind, `${status}`);
    if (result.kind !== "sent") {
      assertEquals(result.text, `The webhook at "${other.url}" answered ${status}: "because ${status}"`);
    }
  }
});

Deno.test("Retry-After is read in seconds and as a date", async () => {
  await using other = receiver();
  const notifier = webhook(other.url);
  const after = async (value: string): Promise<number | undefined> => {
    other.answer = () => new Response(null, { status: 503, headers: { "Retry-After": value } });
    const result = await notifier.send(notification(), calm());
    return result.kind === "retry" ? result.after : undefined;
  };
  assertEquals(await after("120"), 120_000);
  assertEquals(await after("soon"), undefined);
  const byDate = await after(new Date(Date.now() + 600_000).toUTCString()) ?? 0;
  assert(byDate > 500_000 && byDate <= 600_000, `${byDate}`);
});

Deno.test("a redirect is not followed: the signed body goes to nobody else", async () => {
  await using target = receiver();
  await using other = receiver();
  other.answer = () => new Response(null, { status: 307, headers: { location: `${target.url}/elsewhere` } });
  const result = await webhook(other.url, { secret: () => SECRET }).send(notification(), calm());
  assertEquals(result.kind, "retry");
  assertEquals(target.received, []);
});

Deno.test("an endless answer costs no more than its beginning", async () => {
  await using other = receiver();
  let cancelled = false;
  other.answer = () =>
    new Response(
      new ReadableStream({
        pull: (controller) => controller.enqueue(new TextEncoder().encode("x".repeat(4_096))),
        cancel: () => {
          cancelled = true;
        },
      }),
      { status: 500 },
    );
  const result = await webhook(other.url).send(notification(), calm());
  assert(result.kind === "retry");
  assertStringIncludes(result.text, `answered 500: "xxx`);
  assert(result.text.length < 300);
  await until("the receiver sees that nobody reads on", () => cancelled);
});

Deno.test("no secret is in any text: not the shared one, nor headers, nor credentials, path and query", async () => {
  await using other = receiver();
  const address = new URL(other.url);
  const url = `http://${address.host}/services/T0KEN-OF-CHAT/x?key=QU3RY`;
  const planted = [SECRET, "H3ADER-VALUE", "T0KEN-OF-CHAT", "QU3RY"];
  other.answer = ({ headers, path }) =>
    new Response(`you sent ${headers.get("authorization")} to ${path} with ${SECRET}`, { status: 400 });
  const headers = { Authorization: "Bearer H3ADER-VALUE" };
  const closed = new URL(url);
  closed.port = String(freePort());
  const results = [
    await webhook(url, { headers, secret: () => SECRET }).send(notification(), calm()),
    await webhook(closed.href, { headers, secret: () => SECRET }).send(notification(), calm()),
    await webhook(url, {
      headers,
      secret: () => {
        throw new Error(`cannot read H3ADER-VALUE`);
      },
    }).send(notification(), calm()),
  ];
  assertEquals(results.map((r) => r.kind), ["give_up", "retry", "retry"]);
  for (const word of planted) {
    assert(!JSON.stringify(results).includes(word), `${word} in ${JSON.stringify(results)}`);
  }
  const [, unreachable] = results;
  assert(unreachable?.kind === "retry");
  assertStringIncludes(unreachable.text, `The webhook at "${closed.origin}" failed`);
  assertMatch(unreachable.text, /refused/i);
});

Deno.test("behind the queue: retried under the same key until taken, given up on 400, no secret in events", async () => {
  await using other = receiver();
  const codes = [500, 429, 204];
  other.answer = () => {
    const status = codes.shift() ?? 400;
    return new Response(status === 204 ? null : `not now, ${SECRET}`, { status });
  };
  const events: unknown[] = [];
  const notifiers = new Map([["ops", webhook(other.url, { secret: () => SECRET })]]);
  const queue = new NotifyQueue(notifiers, {
    clock: systemClock,
    random: Math.random,
    onEvent: (event) => events.push(event),
    backoff: { initial: 10, max: 20 },
  });
  queue.start();
  queue.add(event());
  await until("it is sent", () => queue.status()[0]?.sent === 1, { state: () => events });
  assertEquals(
    other.received.map((r) => r.headers.get("idempotency-key")),
    Array(3).fill(notificationId(event())),
  );
  assertEquals(other.received.map((r) => JSON.parse(r.body).attempt), [1, 2, 3]);
  queue.add(resolution());
  await until("it is given up", () => queue.status()[0]?.lost === 1, { state: () => events });
  assertEquals(other.received.length, 4);
  await queue.stop(1_000);
  assertEquals(queue.snapshot(), { entries: [] });
  assert(!JSON.stringify([events, queue.status(), queue.snapshot()]).includes(SECRET));
});
