/**
 * P8: no secret in logs, answers, errors, exports, files and messages, whatever happens.
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { stringify } from "yaml";
import type { Received } from "../support/http_receiver.ts";
import { connectPublisher } from "../support/publisher.ts";
import { until } from "../support/until.ts";
import { captured } from "./captured_cli.ts";
import { answers } from "./planted_answers.ts";
import { latin1, type Planted, seen } from "./planted.ts";
import { PlantedSite } from "./planted_site.ts";

function assertNone(where: string, text: string, secrets: readonly Planted[]): void {
  assertEquals(seen(secrets, text), [], `${where}: ${text.slice(0, 2_000)}`);
}

/** Every file of a folder, as Latin 1. */
async function* files(folder: string): AsyncGenerator<[string, string]> {
  for await (const { name, isDirectory, isFile } of Deno.readDir(folder)) {
    if (isDirectory) yield* files(`${folder}/${name}`);
    else if (isFile) yield [`${folder}/${name}`, latin1(await Deno.readFile(`${folder}/${name}`))];
  }
}

/** A request as one text. */
function whole({ path, query, headers, text }: Received): string {
  return `${path}?${query}\n${JSON.stringify([...headers])}\n${text}`;
}

async function lookAtFiles(site: PlantedSite): Promise<void> {
  let count = 0;
  for await (const [path, text] of files(site.gateway.dataDir)) {
    assertNone(path, text, site.but());
    count++;
  }
  assert(count > 2, `${count} files`);
}

async function look(site: PlantedSite): Promise<number> {
  let count = 0;
  for await (const { where, text } of answers(site)) {
    assertNone(where, text, site.but());
    count++;
  }
  return count;
}

Deno.test("planted secrets are in nothing that the gateway writes, answers, sends or prints", async () => {
  await using site = await PlantedSite.open();
  if (site === undefined) return;
  const { gateway, broker, database, hook, mail } = site;
  await using stack = new AsyncDisposableStack();
  const device = await connectPublisher(broker.url("mqtt"), { username: "device", password: "device" });
  stack.defer(() => device.close());
  const published: string[] = [];
  device.client.on("message", (topic, payload) => published.push(`${topic} ${payload}`));
  await device.client.subscribeAsync("alerts/#");
  let power = 0;
  const publish = async (count: number): Promise<void> => {
    const time = Math.floor(Date.now() / 1_000);
    for (let n = 0; n < count; n++) {
      // Up and down: the alert fires and ends again and again.
      await device.publish(
        "site/north/power/p1",
        JSON.stringify({ time: time + n, power: power++ % 2 * 100 }),
      );
    }
  };
  const logged = async (text: string): Promise<void> => {
    await until(`the log says "${text}"`, async () => (await gateway.stdout()).includes(text), {
      timeout: 40_000,
      every: 50,
      state: () => gateway.stderrNow(),
    });
  };

  // While all goes well.
  await gateway.start();
  await gateway.ready();
  await publish(20);
  await device.publish("site/north/power/p1", "{not json");
  await until("webhook, mail, broker and database have something", () => {
    return hook.requests.length > 0 && mail.taken.length > 0 && published.length > 0 &&
      database.writes.length > 0;
  }, { timeout: 40_000, state: () => gateway.stderrNow() });
  assert(await look(site) > 120);

  // While everybody turns it away and repeats what it said.
  site.turnAway();
  await publish(10);
  await logged('"notifier":"hook","id"');
  await logged("you said");
  await logged("refuses user");
  await until("the database's refusal is told", async () => {
    return (await gateway.log("influxdb_waiting")).length > 0;
  }, { timeout: 40_000 });
  await look(site);
  // Secrets that are read anew, and one that is pasted where it does not belong.
  await Deno.writeTextFile(`${gateway.folder}/influx`, site.text("next-influx"));
  const wrong = { influxdb: { url: "ftp://x", tokn: site.text("influx"), token: [site.text("influx")] } };
  await Deno.writeTextFile(
    gateway.configPath,
    stringify({ ...site.config(), ...wrong, api: site.text("admin") }),
  );
  gateway.signal("SIGHUP");
  await until("the reload is refused", async () => (await gateway.stderr()).includes("stays"), {
    timeout: 30_000,
  });
  await gateway.configure(site.config());

  // After a kill, and while nobody is there.
  await gateway.kill();
  await lookAtFiles(site);
  site.encrypts = true;
  await gateway.configure(site.config());
  site.letIn();
  await broker.stop();
  gateway.spawn();
  await logged("mqtt_unreachable");
  await look(site);
  await broker.start();
  await gateway.ready();
  await logged("influxdb_delivered");
  await look(site);
  assertEquals(await gateway.stop(), 0);

  // In what was sent to others there is what is theirs.
  for (const request of database.requests) {
    assertNone("database", whole(request), site.but("influx", "next-influx"));
  }
  assert(database.requests.some((request) => whole(request).includes(site.text("next-influx"))));
  const theirs = ["hook-path", "hook-header"];
  for (const request of hook.requests) assertNone("webhook", whole(request), site.but(...theirs));
  assertEquals(seen(Object.values(site.secrets), hook.requests.map(whole).join()), theirs);
  for (const taken of mail.taken) assertNone("mail", JSON.stringify(taken), site.but());
  for (const message of published) assertNone("alert topic", message, site.but());

  // In the log and in the data folder there is nothing.
  assertNone("stdout", await gateway.stdout(), site.but());
  assertNone("stderr", await gateway.stderr(), site.but());
  await lookAtFiles(site);

  // In what the commands print there is nothing.
  const config = ["--config", gateway.configPath];
  const data = ["--data-dir", gateway.dataDir];
  const keys = ["--key-file", `${gateway.folder}/encryption`];
  const topic = ["--topic", "site/north/power/p1", "--payload"];
  const commands: readonly (readonly [code: number, ...argv: string[]])[] = [
    [0, "check", ...config],
    [0, "permissions", ...config],
    [0, "explain", ...config, ...topic, `{"time":${Math.floor(Date.now() / 1_000)},"power":3}`],
    [1, "explain", ...config, ...topic, "{"],
    [0, "docs"],
    [0, "schema"],
    [0, "--help"],
    [0, "journal", "check", ...data],
    [0, "journal", "inspect", ...data],
    [0, "journal", "export", ...data, ...keys],
    [1, "journal", "export", ...data],
    [2, "journal", "export", ...data, "--key-file", `${gateway.folder}/wrong-mail`],
    [0, "audit", "verify", ...data, ...keys],
    [1, "audit", "verify", ...data],
    [0, "replay", "--from", gateway.dataDir, "--dry-run", ...config],
    [0, "notify", "test", "hook", ...config],
    [1, "notify", "test", "stranger", ...config],
    [0, "check", "--probe", ...config],
  ];
  for (const [code, ...argv] of commands) {
    const said = await captured(site.env, ...argv);
    assertEquals(said.code, code, `${argv.join(" ")}: ${said.text.slice(-500)}`);
    assert(said.text.length > 0, argv.join(" "));
    assertNone(argv.join(" "), said.text, site.but());
  }
  site.turnAway();
  const denied = await captured(
    { ...site.env, MQTT_WORD: site.text("wrong-mqtt") },
    "check",
    "--probe",
    ...config,
  );
  assertEquals(denied.code, 1);
  assertStringIncludes(denied.text, "does not authorise user");
  assertNone("check --probe", denied.text, site.but());
});
