/**
 * Answers of a database, or of whoever answers in its place, that say nothing about the lines: everything is kept, the
 * status says why, and all of it arrives when the trouble is over.
 */
import { assert, assertEquals, assertGreater, assertGreaterOrEqual } from "@std/assert";
import type { FrontVerdict } from "../support/http_front.ts";
import type { StandOptions } from "./kit/mod.ts";
import { reachable, type Row, scenario, Stand, type Trouble, troubled } from "./kit/mod.ts";

/** An answer, and what the gateway must say of it. */
interface Answer extends Trouble {
  readonly answer: () => FrontVerdict;
  /** The least that it has to wait for the next attempt, ms. */
  readonly wait?: number;
  /** Why it is not ready; default: it is, a database out of reach is what the buffer is for. */
  readonly unready?: string;
}

/** Answers for a while under load, one after the other; each time the database is healed. */
async function answered(
  seed: number,
  answers: readonly Answer[],
  note: string,
  options: StandOptions & { readonly reloads?: true } = {},
): Promise<Row | undefined> {
  await using stand = await Stand.open(seed, { load: { each: 40 * answers.length + 10 }, ...options });
  if (stand === undefined) return;
  const { front, gateway, load } = stand;
  for (const [n, one] of answers.entries()) {
    front.rule = one.answer;
    const publishing = load.publish(Math.round(stand.share * (n + 1) / answers.length));
    const { since, next_attempt_at } = await troubled(stand, one);
    assertGreaterOrEqual(Date.parse(next_attempt_at ?? "") - Date.parse(since), one.wait ?? 0);
    const { status, body } = await gateway.get("/readyz");
    assertEquals([status, body.not_ready?.[0]?.reason], one.unready ? [503, one.unready] : [200, undefined]);
    await publishing;
    assertGreater((await gateway.ledger()).points.waiting, 0);
    front.rule = () => "pass";
    // Whoever has put a token right does not wait half a minute.
    if (options.reloads === true) gateway.signal("SIGHUP");
    await reachable(stand);
  }
  stand.faultOver();
  return await stand.accounted(note);
}

/** An error as InfluxDB words it. */
function error(status: number, message: string, headers: Record<string, string> = {}): Response {
  return Response.json({ error: message }, {
    status,
    headers: { "x-influxdb-build": "OSS", "x-influxdb-error": message, ...headers },
  });
}

function redirect(status: number): Answer {
  return {
    answer: () => new Response(null, { status, headers: { location: "http://login.invalid/" } }),
    state: "held",
    says: new RegExp(`redirect \\(status ${status}\\): "http://login.invalid/"; correct url`),
  };
}

scenario("database answers 401 and 403", { shows: ["P2", "P3"] }, () => {
  const refused = (status: number): Answer => ({
    answer: () => error(status, "unauthorized access"),
    state: "held",
    says: new RegExp(`does not accept the token \\(status ${status}\\): "unauthorized access"`),
    wait: 30_000,
    unready: "influxdb_unauthorised",
  });
  return answered(201, [refused(401), refused(403)], "healed by a reload", { reloads: true });
});

scenario("database answers 404", { shows: ["P2", "P3"] }, () => {
  return answered(202, [{
    answer: () => error(404, 'database not found: "telemetry"'),
    state: "held",
    says: /does not know the database "telemetry".+create it/,
  }], "for as long as the load");
});

scenario("database answers 413 to everything", { shows: ["P2", "P3"] }, () => {
  return answered(203, [{
    answer: () => error(413, "Request Entity Too Large"),
    state: "held",
    says: /too large \(status 413\).+the configuration is to blame/,
  }], "held: no line is that large");
});

scenario("database takes no request above 4 KB", { shows: ["P2", "P3"] }, async () => {
  await using stand = await Stand.open(204, { database: { maxBody: 4_000 } });
  if (stand === undefined) return;
  await stand.load.publish(stand.share);
  const row = await stand.accounted();
  const { writes, refused } = stand.front;
  assertGreater(refused, 0);
  return { ...row, note: `${refused} of ${writes} requests answered with 413` };
});

scenario(
  "database answers 429 with Retry-After, in seconds and as a date",
  { shows: ["P2", "P3"], always: true },
  () => {
    const slowDown = (retryAfter: () => string, wait: number): Answer => ({
      answer: () => error(429, "slow down", { "retry-after": retryAfter() }),
      state: "away",
      says: /asks for patience \(status 429\): "slow down"/,
      wait,
    });
    return answered(205, [
      slowDown(() => "2", 2_000),
      slowDown(() => new Date(Date.now() + 3_000).toUTCString(), 1_000),
    ], "as long as it asked for");
  },
);

scenario("database answers 500 and 503", { shows: ["P2", "P3"] }, () => {
  return answered(206, [
    {
      answer: () => error(500, "engine is closed"),
      state: "away",
      says: /failed \(status 500\): "engine is closed"/,
    },
    {
      answer: () => new Response("<html><title>503 Service Unavailable</title></html>", { status: 503 }),
      state: "away",
      says: /asks for patience \(status 503\): "503 Service Unavailable"/,
    },
  ], "a proxy's page among them");
});

scenario("database answers with redirects: 301, 302, 307", { shows: ["P2", "P3"] }, () => {
  return answered(207, [301, 302, 307].map(redirect), "followed by none");
});

scenario("captive portal in the database's place: 200 with a web page", { shows: ["P2", "P3"] }, () => {
  const page = "<!DOCTYPE html><html><head><title>Guest network</title></head><body>Log in</body></html>";
  const portal = (headers: Record<string, string>): Answer => ({
    answer: () => new Response(page, { status: 200, headers }),
    state: "held",
    says: /web page \(status 200\).+"Guest network"/,
  });
  return answered(208, [
    portal({ "content-type": "text/html; charset=utf-8" }),
    portal({ "content-type": "application/octet-stream" }),
  ], "with and without a content type");
});

scenario("database answers 204 without InfluxDB's headers", { shows: ["P2", "P3"] }, async () => {
  await using stand = await Stand.open(209);
  if (stand === undefined) return;
  const { front } = stand;
  let bare = 0;
  front.rule = () => {
    bare++;
    return { delivered: new Response(null, { status: 204 }) };
  };
  await stand.load.publish(stand.share);
  await stand.gateway.atRest(stand.share);
  assert(bare > 0);
  return await stand.accounted(`${bare} answers`);
});
