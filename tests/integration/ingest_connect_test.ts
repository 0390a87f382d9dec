import { assertEquals, assertStringIncludes } from "@std/assert";
import type { TlsOptions } from "../../src/ingest/mod.ts";
import { type Certificates, makeCertificates } from "../support/certificates.ts";
import type { MosquittoOptions } from "../support/mosquitto.ts";
import { until } from "../support/until.ts";
import { Bench, QUICK, received, type Session, subscribed } from "./ingest_kit.ts";

/** Waits for the first failure and returns its reason with its line. */
async function failure(session: Session): Promise<{ reason: string; text: string }> {
  const event = await until("an attempt has failed", () => {
    return session.events.find((event) =>
      event.kind === "unreachable" || event.kind === "refused" || event.kind === "disconnected"
    );
  }, { state: () => session.events });
  if (!("failure" in event)) throw new Error("unreachable");
  assertEquals([session.intake.status.connected, session.intake.status.reason], [false, event.text]);
  return { reason: event.failure.reason, text: event.text };
}

async function certificates(bench: Bench): Promise<Certificates | undefined> {
  const made = await makeCertificates();
  if (made !== undefined) bench.ending(() => made.remove());
  return made;
}

for (const listener of ["mqtt", "ws", "mqtts", "wss"] as const) {
  for (const protocol of [5, 4] as const) {
    Deno.test(`messages arrive over ${listener} with protocol ${protocol}`, async () => {
      await using bench = new Bench();
      const made = await certificates(bench);
      if (made === undefined) return;
      const listeners = listener === "mqtt" ? [] : [listener];
      const broker = await bench.mosquitto({ listeners, certificates: made });
      if (broker === undefined) return;
      const session = await bench.subscribed(broker.url(listener), { protocol, tls: { ca: made.ca.cert } });
      const device = await bench.publisher(broker.url());
      await device.publish("t/a", "over");
      assertEquals(await received(session, 1), ["over"]);
    });
  }
}

/** What each TLS mistake is called; the same for both transports. */
const MISTAKES: readonly {
  readonly what: string;
  readonly broker: (made: Certificates) => MosquittoOptions;
  readonly tls: (made: Certificates) => TlsOptions;
  readonly reason: string;
  readonly says: string;
}[] = [
  {
    what: "a missing client certificate",
    broker: () => ({ requireClientCertificate: true }),
    tls: (made) => ({ ca: made.ca.cert }),
    reason: "client_certificate_missing",
    says: "mqtt.tls.cert_file",
  },
  {
    what: "a client certificate of a foreign authority",
    broker: () => ({ requireClientCertificate: true }),
    tls: (made) => ({ ca: made.ca.cert, cert: made.foreignClient.cert, key: made.foreignClient.key }),
    reason: "client_certificate_refused",
    says: "does not accept the client certificate",
  },
  {
    what: "a broker of a foreign authority",
    broker: () => ({}),
    tls: (made) => ({ ca: made.foreignCa.cert }),
    reason: "unknown_authority",
    says: "mqtt.tls.ca_file",
  },
  {
    what: "a broker that the system's authorities do not know",
    broker: () => ({}),
    tls: () => ({}),
    reason: "unknown_authority",
    says: "mqtt.tls.ca_file",
  },
  {
    what: "a certificate for another name",
    broker: (made) => ({ serverIdentity: made.wrongName }),
    tls: (made) => ({ ca: made.ca.cert }),
    reason: "wrong_name",
    says: 'is not for "localhost"',
  },
  {
    what: "a certificate that is not for server_name",
    broker: () => ({}),
    tls: (made) => ({ ca: made.ca.cert, serverName: "other.example" }),
    reason: "wrong_name",
    says: 'is not for "other.example"',
  },
  {
    what: "an expired certificate",
    broker: (made) => ({ serverIdentity: made.expired }),
    tls: (made) => ({ ca: made.ca.cert }),
    reason: "certificate_expired",
    says: "has expired",
  },
];

for (const listener of ["mqtts", "wss"] as const) {
  for (const mistake of MISTAKES) {
    Deno.test(`${listener}: ${mistake.what} is refused with its own line`, async () => {
      await using bench = new Bench();
      const made = await certificates(bench);
      if (made === undefined) return;
      const options = { listeners: [listener], certificates: made, ...mistake.broker(made) };
      const broker = await bench.mosquitto(options);
      if (broker === undefined) return;
      const session = await bench.session(broker.url(listener), { tls: mistake.tls(made) });
      const found = await failure(session);
      assertEquals(found.reason, mistake.reason);
      assertStringIncludes(found.text, mistake.says);
      assertEquals(session.inbox.entries, []);
    });
  }

  Deno.test(`${listener}: a client certificate and server_name are presented`, async () => {
    await using bench = new Bench();
    const made = await certificates(bench);
    if (made === undefined) return;
    const broker = await bench.mosquitto({
      listeners: [listener],
      certificates: made,
      requireClientCertificate: true,
      serverIdentity: made.wrongName,
    });
    if (broker === undefined) return;
    const { cert, key } = made.client;
    await bench.subscribed(broker.url(listener), {
      tls: { ca: made.ca.cert, cert, key, serverName: "other.example" },
    });
  });
}

for (const key of ["of another certificate", "no PEM text"]) {
  Deno.test(`a client key that is ${key} is a TLS failure, not a crash`, async () => {
    await using bench = new Bench();
    const made = await certificates(bench);
    if (made === undefined) return;
    const broker = await bench.mosquitto({
      listeners: ["mqtts"],
      certificates: made,
      requireClientCertificate: true,
    });
    if (broker === undefined) return;
    const wrong = key === "no PEM text" ? key : made.server.key;
    const session = await bench.session(broker.url("mqtts"), {
      tls: { ca: made.ca.cert, cert: made.client.cert, key: wrong },
    });
    const { reason } = await failure(session);
    assertEquals(["tls_failed", "client_certificate_missing"].includes(reason), true, reason);
  });
}

for (const protocol of [5, 4] as const) {
  Deno.test(`protocol ${protocol}: a wrong password is refused, and a rotated one found without a restart`, async () => {
    await using bench = new Bench();
    const broker = await bench.mosquitto({ passwords: { gateway: "right" } });
    if (broker === undefined) return;
    let word = "wrong";
    const options = { protocol, username: "gateway", password: () => Promise.resolve(word) };
    const session = await bench.session(broker.url(), options);
    const found = await failure(session);
    // mosquitto 2.0 answers "not authorised" to a wrong password in both versions.
    assertEquals(found.reason, "not_authorised");
    assertStringIncludes(found.text, 'user "gateway"');
    assertEquals(session.of("refused").map((event) => event.code)[0], protocol === 5 ? 135 : 5);
    assertEquals(JSON.stringify(session.events).includes("wrong"), false);
    word = "right";
    await subscribed(session);
  });
}

Deno.test("a password file that cannot be read is said, and read again", async () => {
  await using bench = new Bench();
  const broker = await bench.mosquitto();
  if (broker === undefined) return;
  let readable = false;
  const password = (): Promise<string> =>
    readable ? Promise.resolve("x") : Promise.reject(new Error("no such file"));
  const session = await bench.session(broker.url(), { username: "gateway", password });
  assertEquals((await failure(session)).reason, "password_unreadable");
  readable = true;
  await subscribed(session);
});

Deno.test("a broker that is not there at the start is found when it comes", async () => {
  await using bench = new Bench();
  const broker = await bench.mosquitto();
  if (broker === undefined) return;
  await broker.stop();
  const session = await bench.session(broker.url());
  assertEquals((await failure(session)).reason, "connection_refused");
  await broker.start();
  await subscribed(session);
  assertEquals(session.intake.status.reason, undefined);
});

Deno.test("a name that nobody knows is said", async () => {
  await using bench = new Bench();
  assertEquals((await failure(await bench.session("mqtt://nowhere.invalid"))).reason, "unknown_host");
});

Deno.test("a broker that takes the connection and says nothing is given up", async () => {
  await using bench = new Bench();
  const silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const accepted: Deno.Conn[] = [];
  const accepting = (async () => {
    for await (const conn of silent) accepted.push(conn);
  })();
  bench.ending(async () => {
    silent.close();
    await accepting;
    for (const conn of accepted) conn.close();
  });
  const session = await bench.session(`mqtt://127.0.0.1:${silent.addr.port}`, { connectTimeout: 100 });
  assertEquals((await failure(session)).reason, "no_answer");
});

Deno.test("a port that speaks something else is said", async () => {
  await using bench = new Bench();
  const other = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => new Response("hello"),
  );
  bench.ending(() => other.shutdown());
  const session = await bench.session(`mqtt://127.0.0.1:${other.addr.port}`);
  assertEquals(
    ["protocol_error", "closed_by_broker", "reset"].includes((await failure(session)).reason),
    true,
  );
});

Deno.test("the broker that falls silent is left after the keepalive", async () => {
  await using bench = new Bench();
  const broker = await bench.mosquitto();
  if (broker === undefined) return;
  const session = await bench.subscribed(broker.url(), { keepalive: 1_000, connectTimeout: 300 });
  broker.freeze();
  await until("the connection is given up", () => session.of("disconnected").length > 0);
  assertEquals(session.of("disconnected")[0]?.failure, { reason: "keepalive" });
  broker.thaw();
  await subscribed(session);
  assertEquals(session.inbox.sessions.map((record) => record.resumed), [false, true]);
});

Deno.test("no credential of the URL shows up in the status", async () => {
  await using bench = new Bench();
  const session = await bench.session("mqtt://user:secret@nowhere.invalid");
  await failure(session);
  assertEquals(JSON.stringify([session.events, session.intake.status, QUICK]).includes("secret"), false);
});
