/**
 * `notify test NAME` against the other sides of every channel.
 * @module
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { stringify } from "yaml";
import { type CliIo, denoIo, main } from "../../src/cli/mod.ts";
import { HttpReceiver } from "../support/http_receiver.ts";
import { MailServer } from "../support/mail_server.ts";
import { startMosquitto } from "../support/mosquitto.ts";
import { freePort } from "../support/ports.ts";
import { ROOT, type Section } from "../support/gateway_process.ts";
import { SyslogReceiver } from "../support/syslog_receiver.ts";

/** What the command prints, and its exit code. */
async function notifyTest(
  name: string,
  notifiers: Section,
  mqttUrl = "mqtt://127.0.0.1:1",
): Promise<{ exit: number; out: string; err: string }> {
  const folder = await Deno.makeTempDir({ prefix: "sluice_notify_" });
  const said = { out: "", err: "" };
  const io: CliIo = {
    ...denoIo(),
    isTerminal: true,
    stdout: (text) => said.out += text,
    stderr: (text) => said.err += text,
  };
  try {
    await Deno.writeTextFile(
      `${folder}/gateway.yaml`,
      stringify({
        gateway: { id: "plant-1", data_dir: `${folder}/data` },
        mqtt: { url: mqttUrl },
        subscriptions: [{ topic: "site/{device}", profile: "thermo-hygrometer" }],
        profiles_dir: `${ROOT}devices/profiles`,
        notifiers,
      }),
    );
    const exit = await main(["notify", "test", name, "--config", `${folder}/gateway.yaml`], io);
    return { exit, ...said };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The key that the command names. */
function keyIn(out: string): string {
  return /its key is ([0-9a-f]{32})/.exec(out)?.[1] ?? out;
}

Deno.test("notify test sends a webhook, and says what it was refused with", async () => {
  const hook = new HttpReceiver(() => new Response(null, { status: 204 }));
  try {
    const notifiers = { ops: { webhook: { url: `${hook.url}/planted-secret` } } };
    const taken = await notifyTest("ops", notifiers);
    assertEquals([taken.exit, taken.err], [0, ""]);
    assertStringIncludes(taken.out, "ok     ops (webhook): The other side took the test notification");
    assertEquals(hook.requests.map(({ headers }) => headers.get("idempotency-key")), [keyIn(taken.out)]);
    assertEquals(JSON.parse(hook.requests[0]?.text ?? "").rule, "notify-test");
    hook.answer = () => new Response("no such hook", { status: 404 });
    const refused = await notifyTest("ops", notifiers);
    assertEquals(refused.exit, 1);
    assertEquals(
      refused.out,
      `failed ops (webhook): The webhook at "${hook.url}" answered 404: "no such hook"\n`,
    );
  } finally {
    await hook.close();
  }
});

Deno.test("notify test sends a mail, and says that nobody is there", async () => {
  const server = await MailServer.start();
  const email = { smtp: `smtp://127.0.0.1:${server.port}`, tls: "none", from: "a@b.c", to: ["d@e.f"] };
  const taken = await notifyTest("mail", { mail: { email } });
  assertEquals(taken.exit, 0, taken.out);
  assertEquals(server.taken.map(({ headers }) => headers["idempotency-key"]), [keyIn(taken.out)]);
  await server[Symbol.asyncDispose]();
  const refused = await notifyTest("mail", { mail: { email } });
  assertEquals(refused.exit, 1);
  assertStringIncludes(refused.out, "failed mail (email): The mail server at");
  assertStringIncludes(refused.out, "nothing listens there");
});

Deno.test("notify test writes syslog, and says of a datagram that nobody knows", async () => {
  const server = await SyslogReceiver.start();
  const taken = await notifyTest("logs", { logs: { syslog: { server: `tcp://127.0.0.1:${server.port}` } } });
  assertEquals(taken.exit, 0, taken.out);
  assertEquals(server.taken.map(({ data }) => data.get("alert@32473")?.get("id")), [[keyIn(taken.out)]]);
  const { port } = server;
  await server[Symbol.asyncDispose]();
  assertEquals(
    (await notifyTest("logs", { logs: { syslog: { server: `tcp://127.0.0.1:${port}` } } })).exit,
    1,
  );
  const datagram = await notifyTest("logs", {
    logs: { syslog: { server: `udp://127.0.0.1:${freePort()}` } },
  });
  assertEquals(datagram.exit, 0);
  assertStringIncludes(datagram.out, "nobody knows whether it arrived");
});

Deno.test("notify test publishes, and says that no broker is there", async () => {
  const broker = await startMosquitto();
  if (broker === undefined) return;
  const bus = { bus: { mqtt: { topic: "alerts/{rule}/{device}", retain: true } } };
  try {
    const taken = await notifyTest("bus", bus, broker.url());
    assertEquals(taken.exit, 0, taken.out);
    assertStringIncludes(await broker.log(), "'alerts/notify-test/plant-1'");
  } finally {
    await broker.remove();
  }
  const refused = await notifyTest("bus", bus, broker.url());
  assertEquals(refused.exit, 1);
  assertStringIncludes(
    refused.out,
    `failed bus (mqtt): The broker did not take it: Nothing listens at "${broker.url()}"`,
  );
});

Deno.test("notify test of the broker inside a gateway that does not run says so", async () => {
  const url = `embedded://127.0.0.1:${freePort()}`;
  const refused = await notifyTest("bus", { bus: { mqtt: { topic: "alerts" } } }, url);
  assertEquals(refused.exit, 1);
  assertStringIncludes(refused.out, "Nothing listens at");
});

Deno.test("notify test writes to the log, and names the notifiers that there are", async () => {
  const notifiers = { here: { log: {} }, there: { log: {} } };
  const taken = await notifyTest("here", notifiers);
  assertEquals(taken.exit, 0);
  assertStringIncludes(taken.out, `(${keyIn(taken.out)})`);
  const unknown = await notifyTest("nowhere", notifiers);
  assertEquals([unknown.exit, unknown.err], [
    2,
    'There is no such notifier, found "nowhere", allowed are here, there\n',
  ]);
  assertStringIncludes((await notifyTest("", notifiers)).err, "allowed is: notify test NAME");
});
