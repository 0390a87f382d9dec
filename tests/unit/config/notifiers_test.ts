/**
 * The channels of notifications: what is resolved, what is refused, what deserves a look.
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { parse, stringify } from "yaml";
import { type GatewayConfig, loadConfig } from "../../../src/config/mod.ts";
import { judged, memorySources, small } from "./memory_sources.ts";
import { refuses } from "./refuses.ts";

async function notifiers(
  extra: string,
  files: Record<string, string> = {},
): Promise<GatewayConfig["notifiers"]> {
  const loaded = await loadConfig("gateway.yaml", memorySources(small(extra, files)));
  assert(loaded.ok, JSON.stringify(loaded));
  return loaded.config.notifiers;
}

Deno.test("a mail server's port comes from how it is spoken to", async () => {
  const mail = (tls: string): string =>
    `{ email: { smtp: "smtp://mail", from: a@b.c, to: [d@e.f], tls: ${tls} } }`;
  const made = await notifiers(
    `notifiers: { a: ${mail("starttls")}, b: ${mail("tls")}, c: ${mail("none")} }\n`,
  );
  assertEquals(Object.values(made).map((one) => one.kind === "email" && [one.host, one.port]), [
    ...[["mail", 587], ["mail", 465], ["mail", 25]],
  ]);
});

Deno.test("a mail notifier is resolved with its password and authority read", async () => {
  const made = await notifiers(
    `notifiers:
  mail:
    email:
      smtp: "smtp://[::1]:2525"
      from: '"Sluice, plant 1" <sluice@example.org>'
      to: [ops@example.org, "Müller & Co <m+x@example.org>"]
      username: sluice
      password_file: pw
      ca_file: ca.pem
`,
    { pw: "hunter2\n", "ca.pem": "CA" },
  );
  const mail = made.mail;
  assert(mail?.kind === "email");
  assertEquals([mail.host, mail.port, mail.tls, mail.ca, mail.username], [
    "::1",
    2525,
    "starttls",
    "CA",
    "sluice",
  ]);
  assertEquals(mail.from, '"Sluice, plant 1" <sluice@example.org>');
  assertEquals(mail.password?.reveal(), "hunter2");
});

Deno.test("a syslog notifier is resolved with its defaults and its certificates read", async () => {
  const made = await notifiers(
    `notifiers:
  a: { syslog: { server: "udp://logs" } }
  b: { syslog: { server: "tls://logs", facility: daemon, ca_file: ca, cert_file: c, key_file: k, server_name: n } }
`,
    { ca: "CA", c: "C", k: "K" },
  );
  const { a, b } = made;
  assert(a?.kind === "syslog" && b?.kind === "syslog");
  assertEquals([a.protocol, a.port, a.facility, a.appName], ["udp", 514, 16, "sluice"]);
  assertEquals([b.port, b.facility, b.ca, b.cert, b.key?.reveal(), b.serverName], [
    6514,
    3,
    "CA",
    "C",
    "K",
    "n",
  ]);
});

refuses("unknown schemes of mail and syslog servers are refused", {
  add: `notifiers:
  a: { email: { smtp: "smtps://mail", from: a@b.c, to: [d@e.f] } }
  b: { syslog: { server: "http://logs" } }
  c: { syslog: { server: "tcp://logs:514/path" } }
`,
}, [
  'gateway.yaml:4:23 notifiers.a.email.smtp: The address cannot be used, found "smtps://mail", allowed smtp:// and a host',
  'gateway.yaml:5:26 notifiers.b.syslog.server: The address cannot be used, found "http://logs", allowed udp:// tcp:// tls:// and a host',
  'gateway.yaml:6:26 notifiers.c.syslog.server: The address cannot be used, found "tcp://logs:514/path", allowed scheme, host and port without a path',
]);

refuses("what is no mail address is refused", {
  add: `notifiers:
  a: { email: { smtp: "smtp://mail", from: ops, to: ["a@b.c, d@e.f", "X <x@y>", "x@y>", "Y, Z <a@b.c>"] } }
`,
}, [
  'gateway.yaml:4:44 notifiers.a.email.from: The mail address cannot be understood, found "ops", allowed name@host or Name <name@host>',
  'gateway.yaml:4:54 notifiers.a.email.to[0]: The mail address cannot be understood, found "a@b.c, d@e.f", allowed name@host or Name <name@host>',
  'gateway.yaml:4:81 notifiers.a.email.to[2]: The mail address cannot be understood, found "x@y>", allowed name@host or Name <name@host>',
  'gateway.yaml:4:89 notifiers.a.email.to[3]: The mail address cannot be understood, found "Y, Z <a@b.c>", allowed name@host or Name <name@host>',
]);

refuses("a mail needs a reader, and a user needs a password", {
  add: `notifiers:
  a: { email: { smtp: "smtp://mail", from: a@b.c, to: [] } }
  b: { email: { smtp: "smtp://mail", from: a@b.c, to: [d@e.f], username: u } }
  c: { email: { smtp: "smtp://mail", from: a@b.c, to: [d@e.f], password: p } }
  d: { email: { smtp: "smtp://mail", from: a@b.c, to: [d@e.f], tls: none, ca_file: ca } }
`,
  files: { ca: "CA" },
}, [
  "gateway.yaml:4:55 notifiers.a.email.to: The value is empty, allowed at least one",
  "gateway.yaml:5:8 notifiers.b.email.password_file: Another key is needed, allowed username together with password or password_file",
  "gateway.yaml:6:8 notifiers.c.email.username: Another key is needed, allowed username together with password or password_file",
  'gateway.yaml:7:75 notifiers.d.email.ca_file: The key does not go with the others, found "ca_file", give tls: starttls or tls: tls',
]);

refuses("certificates of syslog need tls, and a certificate its key", {
  add: `notifiers:
  a: { syslog: { server: "tcp://logs", ca_file: ca } }
  b: { syslog: { server: "tls://logs", cert_file: ca } }
  c: { syslog: { server: "udp://logs", facility: local9, app_name: "two words" } }
`,
  files: { ca: "CA" },
}, [
  'gateway.yaml:4:40 notifiers.a.syslog.ca_file: The key does not go with the others, found "ca_file", give server with tls://',
  "gateway.yaml:5:8 notifiers.b.syslog.key_file: Another key is needed, allowed cert_file and key_file together",
  'gateway.yaml:6:50 notifiers.c.syslog.facility: The value is not allowed, found "local9", allowed kern, user, mail, daemon, auth, syslog, lpr, news, uucp, cron, authpriv, ftp, ntp, audit, alert, clock, local0, local1, local2, local3, local4, local5, local6, local7, did you mean "local0"',
  'gateway.yaml:6:68 notifiers.c.syslog.app_name: The value is not allowed, found "two words", allowed 1 to 48 printable characters of ASCII without spaces',
]);

const NAMES = "{severity} {device} {rule} {field} {transition}";

refuses("a topic that cannot be published on is refused", {
  add: `notifiers:
  a: { mqtt: { topic: "alerts/{dev}" } }
  b: { mqtt: { topic: "alerts/#" } }
  c: { mqtt: { topic: "$SYS/{rule}" } }
`,
}, [
  `gateway.yaml:4:23 notifiers.a.mqtt.topic: The topic cannot be understood, found "{dev}", allowed ${NAMES}`,
  `gateway.yaml:5:23 notifiers.b.mqtt.topic: The topic cannot be understood, found "alerts/#", allowed a topic to publish on: no + # and no $ at its start, with ${NAMES}`,
  `gateway.yaml:6:23 notifiers.c.mqtt.topic: The topic cannot be understood, found "$SYS/{rule}", allowed a topic to publish on: no + # and no $ at its start, with ${NAMES}`,
]);

Deno.test("a retained topic that does not tell alerts apart is a warning", async () => {
  const bus = (topic: string, retain = true): string =>
    `notifiers: { bus: { mqtt: { topic: "${topic}", retain: ${retain} } } }\n`;
  assertEquals(await judged(small(bus("alerts/{rule}/{device}"))), ["valid"]);
  assertEquals(await judged(small(bus("alerts", false))), ["valid"]);
  assertEquals(await judged(small(bus("alerts/{severity}/{device}"))), [
    "valid",
    'gateway.yaml:3:36 notifiers.bus.mqtt.topic: The retained topic does not tell alerts apart, found "alerts/{severity}/{device}", allowed {rule} and {device} with retain: true, without {rule} one alert hides another',
  ]);
  assertEquals(await judged(small(bus("a/{rule}/{device}/{transition}"))), [
    "valid",
    'gateway.yaml:3:36 notifiers.bus.mqtt.topic: The retained topic does not tell alerts apart, found "a/{rule}/{device}/{transition}", allowed no {transition} with retain: true, a retained firing would stay beside its resolved',
  ]);
});

Deno.test("a password that would go over the network in clear is a warning", async () => {
  const mail = (host: string): string =>
    `notifiers: { m: { email: { smtp: "smtp://${host}", from: a@b.c, to: [d@e.f], username: u, password: p, tls: none } } }\n`;
  assertEquals(await judged(small(mail("127.0.0.1"))), ["valid"]);
  assertEquals(await judged(small(mail("mail"))), [
    "valid",
    'gateway.yaml:3:106 notifiers.m.email.tls: The password would go over the network in clear, found "none", allowed starttls or tls beyond this machine',
  ]);
});

Deno.test("the channels that the sample shows in its comments are valid", async () => {
  const sample = await Deno.readTextFile(new URL("../../../deploy/gateway.yaml", import.meta.url));
  const shown = [...sample.matchAll(/^ {2}## (\w+: \{ (?:webhook|email|syslog|mqtt): .*\})$/gm)].map((
    [, one = ""],
  ) => one);
  assertEquals(shown.length, 4);
  const made = await notifiers(
    stringify({ notifiers: Object.assign({}, ...shown.map((one) => parse(one))) }),
    {
      "/run/secrets/hook": "h",
      "/run/secrets/smtp": "s",
      "/etc/ssl/logs.pem": "CA",
    },
  );
  assertEquals(Object.values(made).map(({ kind }) => kind), ["webhook", "email", "syslog", "mqtt"]);
});
