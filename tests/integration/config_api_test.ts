/** Another configuration by the API of a gateway as its own process: judged, compared, put in force. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { stringify } from "yaml";
import { hashToken } from "../../src/api/mod.ts";
import { type Answer, GatewayProcess, type Section } from "../support/gateway_process.ts";
import { freePort } from "../support/ports.ts";
import { until } from "../support/until.ts";

const TOKEN = "sluice_admin-of-the-config-api";
const LOOKER = "sluice_viewer-of-the-config-api";
const SECRET = "the-password-of-the-webhook";

const hashed = (name: string, role: string, token: string): Section => ({
  name,
  role,
  hash: hashToken(token),
});

function configOf(port: number, more: Section = {}): Section {
  return {
    mqtt: { url: `embedded://127.0.0.1:${port}` },
    subscriptions: [{ topic: "site/{device}/x", profile: "thermo-hygrometer", format: "json" }],
    buffer: { max_bytes: "64MiB" },
    notifiers: { ops: { webhook: { url: `https://hooks.example.org/${SECRET}` } } },
    api: { tokens: [hashed("ops", "admin", TOKEN)] },
    ...more,
  };
}

const HOT = { alerts: [{ name: "hot", field: "temperature", above: 80 }] };

Deno.test("a configuration is judged and compared before it is put in force, and what needs a restart says so", async () => {
  const port = freePort();
  await using gateway = await GatewayProcess.start({ config: configOf(port) });
  gateway.token = TOKEN;
  const post = (path: string, body?: unknown): Promise<Answer> =>
    gateway.get(`/api/v1/config/${path}`, {
      method: "POST",
      headers: body === undefined ? {} : { "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const unchanged = await post("validate");
  assertEquals([unchanged.body.valid, unchanged.body.differences], [true, []]);

  // A text that is nowhere on disk.
  const wrong = await post("validate", {
    text: "alerts:\n  - { name: hot, field: temperature, abov: 80 }\n",
  });
  assertEquals(wrong.body.valid, false);
  const found = wrong.body.problems.find(({ path }: { path: string }) => path === "alerts[0].abov");
  assertEquals([found.file, found.line, found.column], [gateway.configPath, 2, 38]);
  assertStringIncludes(found.message, 'did you mean "above"');

  const after = configOf(port, {
    ...HOT,
    buffer: { max_bytes: "128MiB" },
    notifiers: { ops: { webhook: { url: `https://hooks.example.org/another-${SECRET}` } } },
    api: { tokens: [hashed("ops", "admin", TOKEN), hashed("grafana", "viewer", LOOKER)] },
  });
  await gateway.configure(after);
  const expected = [
    ["buffer.max_bytes", "changed", "64MiB", "128MiB", "restart"],
    ["notifiers.ops.url", "changed", "[secret]", "[secret]", "reload"],
    ["api.tokens.grafana", "added", null, "name: grafana, role: viewer, hash: [hash]", "reload"],
    ["alerts.hot", "added", null, "name: hot", "reload"],
  ];
  const rows = (answer: Answer): unknown[] =>
    answer.body.differences.map((row: Record<string, string | null>) => [
      ...[row.path, row.change, row.before],
      ...[row.path === "alerts.hot" ? row.after?.slice(0, 9) : row.after, row.effect],
    ]);
  const judged = await post("validate");
  assertEquals(rows(judged), expected);
  assertEquals((await gateway.get("/api/v1/rules")).body.items, [], "nothing is in force yet");

  const done = await post("reload");
  assertEquals([done.status, rows(done), done.body.restart_needed], [200, expected, ["buffer.max_bytes"]]);
  assertEquals((await gateway.get("/api/v1/rules")).body.items.length, 1);
  const looker = await gateway.get("/api/v1/status", { headers: { authorization: `Bearer ${LOOKER}` } });
  assertEquals(looker.status, 200, "a new token holds at once");

  // What needs a restart is not in force, is not shown as if it were, and still differs.
  const shown = JSON.stringify((await gateway.get("/api/v1/config")).body);
  assertStringIncludes(shown, `${64 * 1_048_576}`);
  assertEquals(rows(await post("validate")), [expected[0]]);
  await gateway.logged("restart_needed", ({ sections }) => sections === "buffer");

  // A bad file by a signal and by the API: the same way, the same words, the one in force stays.
  await gateway.configure(configOf(port, { alerts: [{ name: "cold", field: "temperature", belov: 3 }] }));
  const refused = await post("reload");
  assertEquals([refused.status, refused.body.reason, refused.body.errors[0].name], [
    ...[422, "config_invalid", "alerts[0].belov"],
  ]);
  gateway.signal("SIGHUP");
  await until("the signal's file is refused, too", async () => {
    return (await gateway.stderr()).includes("The configuration in force stays");
  }, { timeout: 30_000 });
  assertEquals((await gateway.get("/api/v1/rules")).body.items.length, 1);

  const audit = (await gateway.get("/api/v1/audit?limit=100")).body.items;
  const told = audit.map(({ action, actor }: { action: string; actor: string }) => `${action} by ${actor}`);
  assertEquals(told.filter((line: string) => /config_(reloaded|refused)/.test(line)), [
    "config_refused by gateway",
    "config_refused by ops",
    "config_reloaded by ops",
  ]);
  const everything = [judged.text, done.text, shown, JSON.stringify(audit), await gateway.stdout()].join(
    "\n",
  );
  for (const secret of [SECRET, hashToken(LOOKER), TOKEN]) assert(!everything.includes(secret), secret);
  assertEquals(await gateway.stop(), 0);
  assert(stringify(after).includes(SECRET));
});

Deno.test("a signal that comes while the gateway still starts is heard when it has started", async () => {
  const port = freePort();
  await using gateway = await GatewayProcess.create({ config: configOf(port) });
  gateway.token = TOKEN;
  gateway.spawn();
  await until(
    "the API answers",
    async () => (await gateway.get("/healthz").catch(() => undefined))?.status === 200,
    {
      timeout: 30_000,
      every: 5,
    },
  );
  await gateway.configure(configOf(port, HOT));
  gateway.signal("SIGHUP");
  await until("the rule is in force", async () => {
    return (await gateway.get("/api/v1/rules").catch(() => undefined))?.body?.items?.length === 1;
  }, { timeout: 30_000 });
  assertEquals(await gateway.stop(), 0);
});
