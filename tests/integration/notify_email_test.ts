/**
 * The e-mail notifier against a real SMTP server on loopback, with STARTTLS and certificates of its own authority.
 * @module
 */
import { assert, assertEquals, assertNotMatch, assertStringIncludes } from "@std/assert";
import { systemClock } from "../../src/clock.ts";
import {
  emailNotifier,
  type Notification,
  notificationId,
  type SendResult,
  type SmtpServer,
} from "../../src/notify/mod.ts";
import { type Certificates, makeCertificates } from "../support/certificates.ts";
import { MailServer, type MailServerOptions } from "../support/mail_server.ts";
import { event, resolution } from "../unit/notify/build.ts";

const PASSWORD = "planted-secret";
const ACCOUNT = { user: "gateway", password: PASSWORD };

function notification(over: Partial<Notification> = {}): Notification {
  const what = over.event ?? event();
  return { id: notificationId(what), event: what, attempt: 1, sentAt: 1_700_000_000_000, ...over };
}

/** Sends through a server of the test; the server is given where only its port is known beforehand. */
async function send(
  server: Partial<SmtpServer> & { readonly port: number },
  what: Notification = notification(),
  to: readonly string[] = ["ops@example.org"],
): Promise<SendResult> {
  const notifier = notifierOf(server, to);
  return await notifier.send(what, new AbortController().signal);
}

function notifierOf(
  server: Partial<SmtpServer> & { readonly port: number },
  to: readonly string[] = ["ops@example.org"],
): ReturnType<typeof emailNotifier> {
  return emailNotifier({
    server: { host: "localhost", tls: "starttls", ...server },
    from: "Sluice <gateway@plant.example>",
    to,
    timeout: 20_000,
  }, { clock: systemClock });
}

/** The text of a result for people, which holds no secret. */
function textOf(result: SendResult, kind: "retry" | "give_up"): string {
  assertEquals(result.kind, kind, JSON.stringify(result));
  assert(result.kind !== "sent");
  assert(/^[A-Z].*[^.]$/.test(result.text), result.text);
  assertNotMatch(result.text, new RegExp(PASSWORD));
  assertNotMatch(result.text, new RegExp(btoa(PASSWORD)));
  return result.text;
}

/** The text of encoded words (RFC 2047 §4.2). */
function unworded(field = ""): string {
  const words = field.replace(/\?=\s+=\?/g, "?==?").replace(
    /=\?UTF-8\?Q\?([^?]*)\?=/g,
    (_, word: string) => word.replaceAll("_", " ").replaceAll("=", "%"),
  );
  return decodeURIComponent(words);
}

/** A test with certificates and a server. */
function mailTest(
  sentence: string,
  options: (certificates: Certificates) => MailServerOptions,
  body: (server: MailServer, certificates: Certificates) => Promise<void>,
): void {
  Deno.test(sentence, async () => {
    const certificates = await makeCertificates();
    if (certificates === undefined) return;
    try {
      await using server = await MailServer.start(options(certificates));
      await body(server, certificates);
    } finally {
      await certificates.remove();
    }
  });
}

mailTest(
  "a mail is plain text with a clear subject, goes out over STARTTLS, and names its key",
  ({ server }) => ({ identity: server, account: ACCOUNT }),
  async (server, { ca }) => {
    const account = { username: "gateway", password: () => Promise.resolve(PASSWORD) };
    const what = notification({ event: event({ device: "Ofen 1 (süd)" }) });
    assertEquals(await send({ port: server.port, ca: ca.cert, ...account }, what), { kind: "sent" });
    const [mail] = server.taken;
    assert(mail !== undefined);
    assertEquals([mail.secure, mail.user, mail.from, mail.to], [true, "gateway", "gateway@plant.example", [
      "ops@example.org",
    ]]);
    const { headers, body } = mail;
    assertEquals(headers["idempotency-key"], what.id);
    assertEquals(headers["message-id"], `<${what.id}@plant.example>`);
    assertEquals(headers["auto-submitted"], "auto-generated");
    assertStringIncludes(headers["content-type"] ?? "", "text/plain");
    assertEquals(unworded(headers.subject), "CRITICAL: Ofen 1 (süd) is 81.5 degC (limit 80) (too-hot)");
    assertStringIncludes(body.replace(/=\n/g, ""), `Key:          ${what.id}`);
  },
);

mailTest(
  "the mail of a resolution stands in the thread of its firing",
  ({ server }) => ({ identity: server }),
  async (server, { ca }) => {
    await send({ port: server.port, ca: ca.cert });
    await send({ port: server.port, ca: ca.cert }, notification({ event: resolution() }));
    const [firing, resolved] = server.taken.map(({ headers }) => headers);
    assertEquals(firing?.references, undefined);
    assertEquals(resolved?.references, firing?.["message-id"]);
    assertEquals(resolved?.["in-reply-to"], firing?.["message-id"]);
    assert(resolved?.["message-id"] !== firing?.["message-id"]);
    assertEquals(resolved?.subject, "Resolved: kiln-1 is 81.5 degC (limit 80) (too-hot)");
  },
);

mailTest(
  "what a device calls itself makes no header and no line of its own",
  () => ({}),
  async (server) => {
    const device = "kiln\r\nBcc: all@example.org\r\n\r\nbody";
    assertEquals(
      await send({ port: server.port, tls: "none" }, notification({ event: event({ device }) })),
      { kind: "sent" },
    );
    const [mail] = server.taken;
    assertEquals(mail?.to, ["ops@example.org"]);
    assertEquals(Object.keys(mail?.headers ?? {}).includes("bcc"), false);
    assertEquals(mail?.body.split("\n").includes("body"), false);
  },
);

mailTest(
  "a server that offers no STARTTLS gets no mail, unless tls: none says so",
  () => ({}),
  async (server) => {
    const text = textOf(await send({ port: server.port }), "retry");
    assertStringIncludes(text, `The mail server at "localhost:${server.port}" offers no STARTTLS`);
    assertStringIncludes(text, "set tls: tls for a server that speaks it from the first byte");
    assertEquals(server.taken, []);
    assertEquals(await send({ port: server.port, tls: "none" }), { kind: "sent" });
    assertEquals(server.taken.map(({ secure }) => secure), [false]);
  },
);

mailTest(
  "tls: tls speaks it from the first byte",
  ({ server }) => ({ identity: server, implicitTls: true }),
  async (server, { ca }) => {
    assertEquals(await send({ port: server.port, tls: "tls", ca: ca.cert }), { kind: "sent" });
    assertEquals(server.taken.map(({ secure }) => secure), [true]);
  },
);

mailTest(
  "a certificate of an authority that nobody trusts is refused",
  ({ server }) => ({ identity: server }),
  async (server, { foreignCa }) => {
    const text = textOf(await send({ port: server.port, ca: foreignCa.cert }), "retry");
    assertStringIncludes(text, "an authority that is not trusted here; set ca_file");
    assertEquals(server.taken, []);
  },
);

mailTest(
  "a certificate for another name is refused",
  ({ wrongName }) => ({ identity: wrongName }),
  async (server, { ca }) => {
    assertStringIncludes(
      textOf(await send({ port: server.port, ca: ca.cert }), "retry"),
      "its certificate is for another name",
    );
  },
);

mailTest(
  "a wrong password is a clear text without it, and tried again: the file may be put right",
  ({ server }) => ({ identity: server, account: { ...ACCOUNT, password: "another" } }),
  async (server, { ca }) => {
    // This server is one that tells the world what it was given.
    const account = { username: "gateway", password: () => Promise.resolve(PASSWORD) };
    const text = textOf(await send({ port: server.port, ca: ca.cert, ...account }), "retry");
    assertStringIncludes(text, `refuses user "gateway": "535 5.7.8 no entry for gateway:…"`);
    assertStringIncludes(text, "check username and password_file");
  },
);

mailTest(
  "a server that asks for a log-in is told apart from one that refuses the mail",
  ({ server }) => ({ identity: server, account: ACCOUNT }),
  async (server, { ca }) => {
    assertStringIncludes(textOf(await send({ port: server.port, ca: ca.cert }), "retry"), "refuses no user");
  },
);

mailTest("4xx to the mail is tried again, 5xx is given up", () => ({}), async (server) => {
  server.refuseMail = { code: 451, text: "4.3.0 later" };
  assertStringIncludes(
    textOf(await send({ port: server.port, tls: "none" }), "retry"),
    'refused the mail: "451 4.3.0 later"',
  );
  server.refuseMail = { code: 554, text: "5.7.1 spam" };
  assertStringIncludes(
    textOf(await send({ port: server.port, tls: "none" }), "give_up"),
    'refused the mail: "554 5.7.1 spam"',
  );
});

mailTest("4xx to the only recipient is tried again, 5xx is given up", () => ({}), async (server) => {
  server.refuseRecipient = () => ({ code: 450, text: "4.2.0 greylisted" });
  assertStringIncludes(
    textOf(await send({ port: server.port, tls: "none" }), "retry"),
    'refused the recipient "ops@example.org": "450 4.2.0 greylisted"',
  );
  server.refuseRecipient = () => ({ code: 550, text: "5.1.1 unknown" });
  textOf(await send({ port: server.port, tls: "none" }), "give_up");
});

mailTest(
  "who has the mail already is not sent it again with the next attempt",
  () => ({}),
  async (server) => {
    const [ops, boss, gone] = ["ops@example.org", "Boss <boss@example.org>", "gone@example.org"];
    const notifier = notifierOf({ port: server.port, tls: "none" }, [ops, boss, gone]);
    const { signal } = new AbortController();
    server.refuseRecipient = (address) =>
      address === gone
        ? { code: 550, text: "5.1.1 unknown" }
        : address === ops
        ? { code: 450, text: "4.2.0 greylisted" }
        : undefined;
    textOf(await notifier.send(notification(), signal), "retry");
    assertEquals(server.taken.map(({ to }) => to), [["boss@example.org"]]);
    server.refuseRecipient = (address) => address === gone ? { code: 550, text: "5.1.1 unknown" } : undefined;
    const text = textOf(await notifier.send(notification({ attempt: 2 }), signal), "give_up");
    assertStringIncludes(text, `"gone@example.org": "550 5.1.1 unknown"; the other recipients have it`);
    assertEquals(server.taken.map(({ to }) => to), [["boss@example.org"], [ops]]);
  },
);

mailTest("a server that turns everybody away is tried again", () => ({}), async (server) => {
  server.refuseConnection = { code: 554, text: "no service" };
  assertStringIncludes(
    textOf(await send({ port: server.port, tls: "none" }), "retry"),
    'turned the gateway away: "554 no service"',
  );
});

mailTest("a server that is away is tried again", () => ({}), async (server) => {
  const { port } = server;
  await server[Symbol.asyncDispose]();
  assertStringIncludes(textOf(await send({ port, tls: "none" }), "retry"), "nothing listens there");
});
