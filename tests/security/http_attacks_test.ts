/**
 * Hostile clients at a real gateway's API, under the limits that are in force: the gateway goes on taking messages in,
 * and answers whoever behaves.
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { formatToken, HTTP_LIMITS } from "../../src/api/mod.ts";
import { tokenHash } from "../../src/cli/token.ts";
import { GatewayProcess, type Section } from "../support/gateway_process.ts";
import { HttpReceiver } from "../support/http_receiver.ts";
import { freePort } from "../support/ports.ts";
import { connectPublisher } from "../support/publisher.ts";
import { RawConnection } from "../support/raw_connection.ts";
import { PACE, siteConfig } from "../support/river_site.ts";
import { until } from "../support/until.ts";

const TOKEN = formatToken(crypto.getRandomValues(new Uint8Array(32)));
const HEAD = "GET /api/v1/status HTTP/1.1\r\nHost: localhost\r\n";
const WHOLE = `${HEAD}Authorization: Bearer ${TOKEN}\r\n\r\n`;

function config(broker: string, port: number, database: string): Section {
  return siteConfig(broker, { url: database, org: "o", bucket: "b", token: "t", ...PACE }, {
    api: {
      listen: `127.0.0.1:${port}`,
      tokens: [{ name: "ops", role: "viewer", hash: tokenHash(TOKEN) }],
    },
  });
}

/** A device and a client that go about their business until they are told to stop. */
class Business {
  published = 0;
  readonly statuses: number[] = [];
  #over = false;
  readonly #done: Promise<unknown>;

  constructor(readonly gateway: GatewayProcess, broker: string) {
    this.#done = Promise.all([this.#publish(broker), this.#ask()]);
    // Whoever ends it hears of it.
    this.#done.catch(() => {});
  }

  async end(): Promise<void> {
    this.#over = true;
    await this.#done;
  }

  async #publish(broker: string): Promise<void> {
    const device = await connectPublisher(broker, { protocol: 4 });
    const began = Date.now() - 60_000;
    while (!this.#over) {
      const time = Math.floor((began + this.published * 20) / 1_000);
      await device.publish("site/north/power/p1", JSON.stringify({ time, power: this.published }));
      this.published++;
    }
    await device.close();
  }

  async #ask(): Promise<void> {
    // A connection for each: an idle one may make room at the very moment when it is used again.
    using client = Deno.createHttpClient({ poolMaxIdlePerHost: 0 });
    while (!this.#over) {
      const { status } = await this.gateway.get("/api/v1/status", {
        client,
        headers: { authorization: `Bearer ${TOKEN}` },
      });
      this.statuses.push(status);
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
  }
}

/** Connections that a process holds. */
function sockets(pid: number): number {
  return [...Deno.readDirSync(`/proc/${pid}/fd`)].filter(({ name }) => {
    try {
      return Deno.readLinkSync(`/proc/${pid}/fd/${name}`).startsWith("socket:");
    } catch {
      return false;
    }
  }).length;
}

Deno.test("slow, silent, greedy and malformed clients neither stop the intake nor keep a client out", async () => {
  await using stack = new AsyncDisposableStack();
  const database = new HttpReceiver();
  stack.defer(() => database.close());
  const broker = freePort();
  const gateway = stack.use(await GatewayProcess.create({ config: {} }));
  await gateway.configure(config(`embedded://127.0.0.1:${broker}`, gateway.port, database.url));
  await gateway.start();
  await gateway.ready();
  const before = sockets(gateway.pid ?? 0);
  const business = new Business(gateway, `mqtt://127.0.0.1:${broker}`);
  stack.defer(() => business.end());

  const open = async (text = ""): Promise<RawConnection> => {
    const connection = stack.use(await RawConnection.open(gateway.port));
    await connection.write(text);
    return connection;
  };
  // Slow ones first: the crowd below is younger, and must not be what ends them.
  const slowHeads = await Promise.all(Array.from({ length: 20 }, () => open()));
  const dribbling = slowHeads.map((one) => one.dribble(`${HEAD}X: ${"x".repeat(5_000)}`, 100));
  const slowBodies = await Promise.all(
    Array.from(
      { length: 20 },
      () => open(WHOLE.replace("GET", "POST").replace("\r\n\r\n", "\r\nContent-Length: 9999\r\n\r\n")),
    ),
  );
  dribbling.push(...slowBodies.map((one) => one.dribble("x".repeat(9_999), 100)));
  for (const one of slowHeads) assertEquals([await one.end(), one.statuses], [one.text, [408]]);
  for (const one of slowBodies) assertEquals([await one.end(), one.statuses], [one.text, [405]]);
  await Promise.all(dribbling);

  // More connections than there is room for, half of them silent, half of them in the middle of a head.
  const crowd: RawConnection[] = [];
  for (let n = 0; n < 2 * HTTP_LIMITS.connections; n++) {
    crowd.push(await open(n % 2 === 0 ? "" : HEAD));
  }
  // The business has a connection or two of its own, and the database one.
  const most = HTTP_LIMITS.connections + 8;
  await until(`at most ${most} connections are left`, () => sockets(gateway.pid ?? 0) - before <= most, {
    timeout: 30_000,
    every: 50,
    state: () => [before, sockets(gateway.pid ?? 0)],
  });
  assert(crowd.some(({ closed }) => closed), "the oldest made room");

  const rude: readonly (readonly [text: string, status: number])[] = [
    [`${HEAD}X: ${"x".repeat(100_000)}\r\n\r\n`, 431],
    [`${HEAD}${Array.from({ length: 500 }, (_, n) => `X-${n}: 1\r\n`).join("")}\r\n`, 431],
    ["GET /healthz HTTP/1.1\r\n\r\n", 400],
    ["\x16\x03\x01\x02\x00\r\n\r\n", 400],
    [
      `POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000000000\r\n\r\n${"x".repeat(100_000)}`,
      405,
    ],
  ];
  for (const [text, status] of rude) {
    const one = await open(text);
    await one.answers();
    assertEquals(one.status, status, text.slice(0, 60));
  }
  const pipelined = await open(WHOLE.repeat(10));
  await pipelined.halfClose();
  await pipelined.end();
  assertEquals(pipelined.statuses.length, 10, "pipelined, and closed on the client's side");

  await business.end();
  assertEquals(new Set(business.statuses), new Set([200]));
  assert(business.statuses.length > 10);
  const { body: ledger } = await gateway.get("/api/v1/ledger", {
    headers: { authorization: `Bearer ${TOKEN}` },
  });
  assertEquals([ledger.messages.received, ledger.balanced], [business.published, true]);
  const told = (await gateway.log("api_refused")).map(({ reason }) => reason);
  assert(["too_slow", "headers_too_large", "bad_request"].every((reason) => told.includes(reason)));
  assert((await gateway.log("api_crowded")).length > 0);
  assertEquals((await gateway.stdout()).includes(TOKEN), false);
  assertEquals([await gateway.stop(), await gateway.stderr()], [0, ""]);
});
