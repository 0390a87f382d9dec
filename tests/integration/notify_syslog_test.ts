/**
 * The syslog notifier against a real rsyslogd: datagrams, a stream, TLS with certificates on both sides.
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { systemClock } from "../../src/clock.ts";
import {
  type Notification,
  notificationId,
  type SendResult,
  syslogNotifier,
  type SyslogOptions,
} from "../../src/notify/mod.ts";
import { type Certificates, makeCertificates } from "../support/certificates.ts";
import { Rsyslogd } from "../support/rsyslogd.ts";
import { event, resolution } from "../unit/notify/build.ts";

function notification(what = event()): Notification {
  return { id: notificationId(what), event: what, attempt: 1, sentAt: 1_700_000_000_000 };
}

async function send(
  place: Pick<SyslogOptions, "protocol" | "port"> & Partial<SyslogOptions>,
  what: Notification = notification(),
): Promise<SendResult> {
  const names = { host: "127.0.0.1", facility: 16, appName: "sluice", hostname: "plant-1" };
  const notifier = syslogNotifier({ ...names, tls: {}, timeout: 10_000, ...place }, { clock: systemClock });
  return await notifier.send(what, new AbortController().signal);
}

function textOf(result: SendResult): string {
  assertEquals(result.kind, "retry", JSON.stringify(result));
  assert(result.kind !== "sent");
  return result.text;
}

for (const protocol of ["udp", "tcp"] as const) {
  Deno.test(`rsyslogd gets a firing and its resolution over ${protocol}, each with its key`, async () => {
    await using server = await Rsyslogd.start();
    if (server === undefined) return;
    const port = server.port(protocol);
    const odd = event({ device: 'kiln "1"\\]', tags: [["site", "süd ]"]], summary: "Ofen zu heiß\nsofort" });
    assertEquals(await send({ protocol, port }, notification(odd)), { kind: "sent" });
    const [firing] = await server.has(1);
    assertEquals(await send({ protocol, port }, notification(resolution())), { kind: "sent" });
    const [, resolved] = await server.has(2);
    assert(firing !== undefined && resolved !== undefined);
    assertEquals([firing.facility, firing.severity, firing.appName, firing.hostname, firing.msgId], [
      ...[16, 2, "sluice", "plant-1", "firing"],
    ]);
    assertEquals(firing.timestamp, "2023-11-14T22:13:10.000Z");
    const data = firing.data.get("alert@32473");
    assertEquals(data?.get("id"), [notificationId(odd)]);
    assertEquals(data?.get("device"), ['kiln "1"\\]']);
    assertEquals(data?.get("tag"), ["site=süd ]"]);
    assertEquals(firing.text, "Ofen zu heiß sofort");
    assertEquals([resolved.severity, resolved.msgId], [5, "resolved"]);
    assertEquals(resolved.data.get("alert@32473")?.get("id"), [notificationId(resolution())]);
    assertEquals(resolved.data.get("alert@32473")?.get("reason"), ["cleared"]);
  });
}

Deno.test("a rsyslogd that is away is tried again, and gets the message when it is back", async () => {
  await using server = await Rsyslogd.start();
  if (server === undefined) return;
  const port = server.port("tcp");
  await server.stop();
  assertStringIncludes(
    textOf(await send({ protocol: "tcp", port })),
    `The syslog server at "tcp://127.0.0.1:${port}" did not take the message: nothing listens there`,
  );
  await server.start();
  assertEquals(await send({ protocol: "tcp", port }), { kind: "sent" });
  assertEquals((await server.has(1)).length, 1);
});

Deno.test("a name that cannot be resolved is a clear text, also for a datagram", async () => {
  for (const protocol of ["udp", "tcp"] as const) {
    const text = textOf(await send({ protocol, port: 514, host: "nowhere.invalid" }));
    assertStringIncludes(text, "its name cannot be resolved");
  }
});

/** A test with a rsyslogd that speaks TLS. */
function tlsTest(
  sentence: string,
  body: (port: number, certificates: Certificates, server: Rsyslogd) => Promise<void>,
  identity: (certificates: Certificates) => Certificates["server"] = ({ server }) => server,
): void {
  Deno.test(sentence, async () => {
    const certificates = await makeCertificates();
    if (certificates === undefined) return;
    try {
      await using server = await Rsyslogd.start({ certificates, serverIdentity: identity(certificates) });
      if (server !== undefined) await body(server.port("tls"), certificates, server);
    } finally {
      await certificates.remove();
    }
  });
}

tlsTest(
  "rsyslogd gets a message over TLS from a gateway that shows its certificate",
  async (port, all, server) => {
    const tls = { ca: all.ca.cert, cert: all.client.cert, key: all.client.key };
    assertEquals(await send({ protocol: "tls", port, host: "localhost", tls }), { kind: "sent" });
    const [message] = await server.has(1);
    assertEquals(message?.data.get("alert@32473")?.get("id"), [notification().id]);
  },
);

tlsTest("a gateway without a certificate is turned away, and says so", async (port, { ca }, server) => {
  const result = await send({ protocol: "tls", port, host: "localhost", tls: { ca: ca.cert } });
  textOf(result);
  assertEquals(await server.messages(), []);
});

tlsTest(
  "a gateway with a certificate that rsyslogd does not trust is turned away",
  async (port, all, server) => {
    const tls = { ca: all.ca.cert, cert: all.foreignClient.cert, key: all.foreignClient.key };
    textOf(await send({ protocol: "tls", port, host: "localhost", tls }));
    assertEquals(await server.messages(), []);
  },
);

tlsTest("a server of an authority that nobody trusts gets nothing", async (port, all, server) => {
  const tls = { ca: all.foreignCa.cert, cert: all.client.cert, key: all.client.key };
  assertStringIncludes(textOf(await send({ protocol: "tls", port, host: "localhost", tls })), "set ca_file");
  assertEquals(await server.messages(), []);
});

tlsTest("the name in the certificate counts, and server_name sets it", async (port, all, server) => {
  const tls = { ca: all.ca.cert, cert: all.client.cert, key: all.client.key };
  const wrong = await send({ protocol: "tls", port, host: "localhost", tls });
  assertStringIncludes(textOf(wrong), "its certificate is for another name");
  assertEquals(await server.messages(), []);
  const named = { ...tls, serverName: "other.example" };
  assertEquals(await send({ protocol: "tls", port, host: "localhost", tls: named }), { kind: "sent" });
  assertEquals((await server.has(1)).length, 1);
}, ({ wrongName }) => wrongName);
