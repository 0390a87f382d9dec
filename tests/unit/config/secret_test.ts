import { assertEquals, assertFalse } from "@std/assert";
import { inspect } from "node:util";
import { loadConfig, redact, renderProblem, Secret } from "../../../src/config/mod.ts";
import { memorySources, small } from "./memory_sources.ts";

Deno.test("no way of printing a secret shows it", () => {
  const secret = new Secret("hunter2");
  const shown = [
    `${secret}`,
    String(secret),
    JSON.stringify({ secret }),
    inspect({ secret }),
    Deno.inspect({ secret }, { depth: 9 }),
    Object.entries(secret).join(),
  ];
  for (const text of shown) assertFalse(text.includes("hunter2"), text);
  assertEquals(secret.reveal(), "hunter2");
});

Deno.test("a secret of a file loses the line break at its end and nothing else", () => {
  assertEquals(new Secret(" hunter2 \r\n", "/run/secret").reveal(), " hunter2 ");
  assertEquals(new Secret("hunter2\n").reveal(), "hunter2\n");
});

Deno.test("a secret reads its file again and says what it found", async () => {
  const files = new Map([["/run/secret", "one\n"]]);
  const read = (path: string): Promise<string> => {
    const text = files.get(path);
    return text === undefined ? Promise.reject(new Deno.errors.NotFound(path)) : Promise.resolve(text);
  };
  const secret = new Secret("one\n", "/run/secret");
  assertEquals(await secret.reload(read), "same");
  files.set("/run/secret", "two\n");
  assertEquals(await secret.reload(read), "changed");
  assertEquals(secret.reveal(), "two");
  files.set("/run/secret", "\n");
  assertEquals(await secret.reload(read), "empty");
  files.delete("/run/secret");
  assertEquals(await secret.reload(read), "unreadable");
  assertEquals(secret.reveal(), "two");
  assertEquals(await new Secret("fixed").reload(read), "no_file");
});

const PLANTED = `mqtt:
  url: mqtts://broker
  password: hunter2-mqtt
  tls: { cert_file: c.pem, key_file: k.pem }
influxdb: { org: o, bucket: b, token_file: influx }
notifiers:
  hook:
    webhook:
      url: https://hooks.example.org/services/hunter2-path
      secret: "\${HOOK}"
      headers: { Authorization: Bearer hunter2-header }
  mail: { email: { smtp: "smtp://mail", from: a@b.c, to: [d@e.f], username: u, password: hunter2-mail } }
  logs: { syslog: { server: "tls://logs", cert_file: c.pem, key_file: k.pem } }
api:
  tokens: [{ name: a, role: admin, hash: "sha256:${"ab".repeat(32)}" }]
`;

const FILES = { "c.pem": "CERT", "k.pem": "hunter2-key", influx: "hunter2-token\n" };

Deno.test("no secret is in the printed, serialised or redacted configuration, nor in the rules", async () => {
  const loaded = await loadConfig(
    "gateway.yaml",
    memorySources(small(PLANTED, FILES), { HOOK: "hunter2-env" }),
  );
  assertEquals(loaded.ok ? [] : loaded.problems.map(renderProblem), []);
  if (!loaded.ok) return;
  const { config } = loaded;
  const texts = [
    JSON.stringify(loaded),
    inspect(loaded, { depth: 20 }),
    Deno.inspect(loaded, { depth: 20 }),
    JSON.stringify(redact(config)),
    JSON.stringify(loaded.rules),
  ];
  for (const text of texts) assertFalse(text.includes("hunter2"), text);
  assertFalse(JSON.stringify(redact(config)).includes("abab"));
  const hook = config.notifiers.hook;
  assertEquals(hook?.kind === "webhook" && [hook.origin, hook.url.reveal(), hook.secret?.reveal()], [
    "https://hooks.example.org",
    "https://hooks.example.org/services/hunter2-path",
    "hunter2-env",
  ]);
  assertEquals(config.mqtt.tls.key?.reveal(), "hunter2-key");
  const influx = config.influxdb;
  assertEquals(influx?.version === 2 && [influx.token.reveal(), influx.token.file], [
    "hunter2-token",
    "influx",
  ]);
});

Deno.test("no secret is in a problem, wherever a slip puts a wrong value", async () => {
  const slips = [
    PLANTED.replace("password: hunter2-mqtt", "password: [hunter2-mqtt]"),
    PLANTED.replace("password: hunter2-mqtt", "password: { a: hunter2-mqtt }"),
    PLANTED.replace("Authorization: Bearer hunter2-header", "Authorization: [hunter2-header]"),
    PLANTED.replace("Authorization: Bearer hunter2-header", '"Bearer hunter2": "a\\nb"'),
    PLANTED.replace("https://hooks", "hooks"),
    PLANTED.replace('"sha256:', '"hunter2'),
    PLANTED.replace("mqtts://broker", "mqtts://u:hunter2@broker"),
    PLANTED.replace("mqtts://broker", "${HOOK}"),
    PLANTED.replace("bucket: b", "bucket: b, timeout: ${HOOK}"),
    PLANTED.replace("  password: hunter2-mqtt", "   password: hunter2-mqtt"),
    PLANTED.replace('secret: "${HOOK}"', 'secret: "${HOOK'),
    PLANTED.replace('secret: "${HOOK}"', "secret: *hunter2"),
    PLANTED.replace("password: hunter2-mqtt", "password: !hunter2"),
    PLANTED.replace("password: hunter2-mqtt", "password: %hunter2"),
    PLANTED.replace("password: hunter2-mqtt", "password: @hunter2"),
    PLANTED.replace("password: hunter2-mqtt", 'password: "hunter2\\q"'),
    PLANTED.replace("password: hunter2-mqtt", "password: a: hunter2"),
    PLANTED.replace("password: hunter2-mqtt", "password: 'a' hunter2"),
    PLANTED.replace("password: hunter2-mqtt", "password\n  hunter2-mqtt"),
  ];
  for (const slip of slips) {
    const sources = memorySources(small(slip, FILES), { HOOK: "hunter2-env" });
    const loaded = await loadConfig("gateway.yaml", sources);
    const lines = loaded.ok ? [] : loaded.problems.map(renderProblem);
    assertEquals(lines.length > 0, true, slip);
    // A key is no secret: only the header's own name may show.
    for (const line of lines) assertFalse(line.replace('["Bearer hunter2"]', "").includes("hunter2"), line);
  }
});
