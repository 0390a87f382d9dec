/**
 * Signing in at a gateway that serves HTTPS, tokens that a reload changes, and the audit of it all.
 * @module
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { formatToken } from "../../src/api/mod.ts";
import { tokenHash } from "../../src/cli/token.ts";
import { makeCertificates } from "../support/certificates.ts";
import { cli } from "../support/cli_process.ts";
import { type Answer, GatewayProcess, type Section } from "../support/gateway_process.ts";
import { fromFreshAddress } from "../support/from_address.ts";
import { freePort } from "../support/ports.ts";
import { siteConfig } from "../support/river_site.ts";
import { until } from "../support/until.ts";
import { Volume } from "../support/volume.ts";

const newToken = (): string => formatToken(crypto.getRandomValues(new Uint8Array(32)));

/** A gateway with its own broker, and the section `api`. */
function config(broker: number, api: Section, more: Section = {}): Section {
  return siteConfig(`embedded://127.0.0.1:${broker}`, undefined, { api, ...more });
}

Deno.test("with a certificate the API speaks HTTPS alone, says so, and its cookie is secure", async () => {
  const made = await makeCertificates();
  if (made === undefined) return;
  await using stack = new AsyncDisposableStack();
  stack.defer(() => made.remove());
  const gateway = stack.use(await GatewayProcess.create({ config: {} }));
  const token = newToken();
  const tls = { cert_file: made.server.certFile, key_file: made.server.keyFile };
  await gateway.configure(config(freePort(), {
    listen: `127.0.0.1:${gateway.port}`,
    tokens: [{ name: "ops", role: "admin", hash: tokenHash(token) }],
    tls,
  }));
  gateway.spawn();
  const started = await gateway.logged("gateway_started");
  assertEquals(started.api, `https://127.0.0.1:${gateway.port}`);
  const client = stack.use(Deno.createHttpClient({ caCerts: [made.ca.cert] }));
  const url = `https://localhost:${gateway.port}`;
  const health = await fetch(`${url}/healthz`, { client });
  assertEquals([health.status, (await health.json()).status], [200, "ok"]);
  const signedIn = await fetch(`${url}/api/v1/session`, {
    client,
    method: "POST",
    headers: { "content-type": "application/json", origin: url },
    body: JSON.stringify({ token }),
  });
  assertEquals(await signedIn.json(), { name: "ops", role: "admin", local: false });
  assertMatch(signedIn.headers.get("set-cookie") ?? "", /; HttpOnly; Secure; SameSite=Strict$/);
  // Whoever does not know the authority is not fooled, and plain HTTP is no answer.
  for (const plain of [`${url}/healthz`, `http://localhost:${gateway.port}/healthz`]) {
    const answer = await fetch(plain).then(async (response) => {
      await response.body?.cancel();
      return response.status;
    }, () => "none");
    assert(answer === "none" || answer === 400, `${plain}: ${answer}`);
  }
  assertEquals(await gateway.stop(), 0);

  await gateway.configure(config(freePort(), {
    listen: `127.0.0.1:${gateway.port}`,
    tls: { ...tls, key_file: made.client.keyFile },
  }));
  gateway.spawn();
  assertEquals(await gateway.exit(), 2);
  assertStringIncludes(await gateway.stderr(), "the key does not belong to the certificate");
});

Deno.test("tokens change with a reload, a session ends with its token, and the audit tells all of it", async () => {
  await using stack = new AsyncDisposableStack();
  const gateway = stack.use(await GatewayProcess.create({ config: {} }));
  const [broker, former, admin, next] = [freePort(), newToken(), newToken(), newToken()];
  const api = (...tokens: readonly (readonly [name: string, role: string, token: string])[]): Section => ({
    listen: `127.0.0.1:${gateway.port}`,
    tokens: tokens.map(([name, role, token]) => ({ name, role, hash: tokenHash(token) })),
  });
  await gateway.configure(config(broker, api(["ops", "operator", former], ["root", "admin", admin])));
  await gateway.start();
  await gateway.ready();
  const signIn = (token: string): Promise<Answer> =>
    gateway.get("/api/v1/session", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ token }),
    });
  const as = (headers: HeadersInit, path = "/api/v1/session"): Promise<Answer> =>
    gateway.get(path, { headers });
  const bearer = (token: string): HeadersInit => ({ authorization: `Bearer ${token}` });

  const answer = await signIn(former);
  const cookie = `${answer.headers.get("set-cookie")?.split(";")[0]}`;
  assertEquals((await as({ cookie })).body, { name: "ops", role: "operator", local: false });
  assertEquals((await signIn(next)).status, 401);

  await gateway.configure(
    config(broker, api(["next", "viewer", next], ["root", "admin", admin]), {
      downsample: { every: "20s", lateness: "2s", idle_after: "2s", hold: "30s" },
    }),
  );
  gateway.signal("SIGHUP");
  await gateway.logged("configuration_reloaded");
  assertEquals((await gateway.log("restart_needed")).length, 0);
  assertEquals([(await as({ cookie })).status, (await as(bearer(former))).status], [401, 401]);
  assertEquals((await as(bearer(next))).body.name, "next");
  assertEquals((await as(bearer(next), "/api/v1/audit")).status, 403);

  const beside = await cli("audit", "verify", "--data-dir", gateway.dataDir);
  assertEquals([beside.code, beside.lines[0].unbroken], [0, true], beside.stdout + beside.stderr);
  const { body } = await as(bearer(admin), "/api/v1/audit?limit=50");
  const actions = body.items.map((item: { action: string }) => item.action);
  for (
    const action of ["started", "sign_in", "sign_in_failed", "config_reloaded", "config_changed", "refused"]
  ) {
    assert(actions.includes(action), `${action} is not in ${actions}`);
  }
  const changed = body.items.find((item: { action: string }) => item.action === "config_changed");
  assertStringIncludes(JSON.stringify(changed.detail), "20s");
  assertEquals(body.items.map((item: { sequence: number }) => item.sequence).at(-1), 1);
  const refused = await as(bearer(admin), "/api/v1/audit?action=sign_in");
  assertEquals(refused.body.items.map((item: { actor: string }) => item.actor), ["ops"]);
  const { hash, sequence } = body.items[0];

  // After a kill the chain goes on behind what was told; a change while nobody ran is told at the start.
  await gateway.kill();
  await gateway.configure(config(broker, api(["root", "admin", admin])));
  await gateway.start();
  await gateway.ready();
  const opened = await gateway.logged("audit_opened", (line) => Number(line.sequence) >= sequence);
  assertEquals(opened.sequence === sequence ? opened.hash : hash, hash);
  const after = (await as(bearer(admin), "/api/v1/audit")).body.items;
  assert(after.some((item: { hash: string }) => item.hash === hash));
  assertEquals(after.filter((item: { action: string }) => item.action === "config_changed").length, 2);
  assertEquals(await gateway.stop(), 0);
  const verdict = await cli("audit", "verify", "--data-dir", gateway.dataDir);
  assertEquals([verdict.code, verdict.lines[0].unbroken], [0, true], verdict.stdout);
  // A byte that someone changes is found.
  const folder = `${gateway.dataDir}/audit`;
  const names = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
  const segment = names.filter((name) => name.endsWith(".segment")).sort()[0];
  const bytes = await Deno.readFile(`${folder}/${segment}`);
  bytes[200] = (bytes[200] ?? 0) ^ 1;
  await Deno.writeFile(`${folder}/${segment}`, bytes);
  const broken = await cli("audit", "verify", "--data-dir", gateway.dataDir);
  assertEquals([broken.code, broken.lines[0].broken.sequence], [1, 1]);
  for (const secret of [former, admin, next, cookie.split("=")[1] ?? ""]) {
    assertEquals((await gateway.stdout()).includes(secret), false);
    for (const name of names) {
      assertEquals((await Deno.readTextFile(`${folder}/${name}`)).includes(secret), false, name);
    }
  }
});

/** Takes all the space there is, to the last page. */
async function fill(path: string): Promise<void> {
  using file = await Deno.open(path, { write: true, create: true });
  try {
    const page = new Uint8Array(4_096);
    while (true) await file.write(page);
  } catch {
    // Full.
  }
}

Deno.test("on a full disk people go on, readiness says that the audit waits, and it is written when there is space", async () => {
  await using stack = new AsyncDisposableStack();
  const volume = await Volume.memory(8);
  if (volume === undefined) return;
  stack.use(volume);
  const gateway = stack.use(await GatewayProcess.create({ config: {} }));
  const dataDir = `${volume.path}/data`;
  const token = newToken();
  await gateway.configure(config(freePort(), {
    listen: `127.0.0.1:${gateway.port}`,
    tokens: [{ name: "ops", role: "admin", hash: tokenHash(token) }],
  }, { gateway: { id: "full", data_dir: dataDir }, buffer: { max_bytes: "6MiB" } }));
  await gateway.start();
  await gateway.ready();
  await fill(`${volume.path}/filler`);
  const body = JSON.stringify({ token });
  const init = { method: "POST", headers: { "content-type": "application/json" }, body };
  const signIns = 40;
  for (let i = 0; i < signIns; i++) {
    await fromFreshAddress(async (client) => {
      const { status } = await gateway.get("/api/v1/session", { ...init, client });
      assertEquals(status, 200);
    });
  }
  await gateway.logged("journal_write_failed", (line) => line.journal === "audit");
  let ready: Answer | undefined;
  await until("readiness says that the audit waits", async () => {
    ready = await gateway.get("/readyz");
    return ready.text.includes("audit_unwritable");
  }, { timeout: 30_000, state: () => ready?.text });
  const entries = async (): Promise<number> => {
    const answer = await gateway.get("/api/v1/audit?action=sign_in&limit=500", {
      headers: { authorization: `Bearer ${token}` },
    });
    return answer.body.items.length;
  };
  assertEquals(await entries(), signIns);

  await Deno.remove(`${volume.path}/filler`);
  await gateway.ready();
  assertEquals(await entries(), signIns);
  assertEquals(await gateway.stop(), 0);
  const verdict = await cli("audit", "verify", "--data-dir", dataDir);
  assertEquals([verdict.code, verdict.lines[0].unbroken], [0, true], verdict.stdout);
  assert(verdict.lines[0].entries >= signIns + 2);
});
