/**
 * Planted personal data through a real gateway, broker and database: it is in the inbox, and nowhere else.
 * @module
 */
import { gunzipSync } from "node:zlib";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { decodeBlock } from "../../src/buffer/mod.ts";
import { denoFiles, readFolder } from "../../src/journal/mod.ts";
import { GatewayProcess, ROOT, type Section } from "../support/gateway_process.ts";
import { HttpReceiver } from "../support/http_receiver.ts";
import { connectPublisher } from "../support/publisher.ts";
import { influx1, siteConfig } from "../support/river_site.ts";
import { Site } from "../support/site.ts";
import { until } from "../support/until.ts";

const PERSON = "grace.hopper.7741";
const PHONE = "phone-of-grace-90125";
const BADGE = "BADGE-90125-XQ";
const OTHER_BADGE = "BADGE-70613-ZZ";
const HOLDER = "Rear Admiral Hopper";
const OWNER = "owner-is-alan-turing";
const LATITUDE = 52.520008123;
const LONGITUDE = 13.404953977;
/** What no output may hold. Of the holder two characters stay, of the place two decimals. */
const PLANTED = [PERSON, PHONE, BADGE, OTHER_BADGE, HOLDER, OWNER, "90125", "70613", "520008", "404953"];

const DOOR = `profile: door
measurement: access
time: { field: ts, unit: ms }
sequence: seq
fields:
  badge: { type: string, path: card.number, max_length: 24, redact: hash, downsample: none }
  holder: { type: string, path: card.holder, redact: { mask: { keep: 2 } } }
  note: { type: string, redact: drop }
  seen: { type: string, redact: { generalise: { to: 1h } }, downsample: none }
  latitude: { type: float, path: "gps[0]", range: [-90, 90], redact: { generalise: { to: 0.01 } }, downsample: none }
  longitude: { type: float, path: "gps[1]", range: [-180, 180], redact: { generalise: { to: 0.01 } } }
  level: { type: float, range: [0, 10], required: true }
redact_tags: { person: mask, owner: hash }
`;

function config(mqtt: string, influxdb: Section, hook: string, key: string, former: string[] = []): Section {
  return siteConfig(mqtt, influxdb, {
    subscriptions: [{
      topic: "house/{person}/{device}/door",
      profile: "door",
      tags: { run: "test", owner: OWNER },
      redact_tags: { device: "hash", person: { mask: { keep: 1 } } },
    }],
    privacy: { key_file: key, former_key_files: former },
    limits: { payload: "2KiB" },
    alerts: [
      {
        name: "badge",
        field: "badge",
        not_equals: "nobody",
        notify: ["hook"],
        summary: "{device} {value} ({limit})",
      },
      { name: "place", field: "latitude", above: 0, notify: ["hook"], summary: "{device} is at {value}" },
      { name: "silent", silent_for: "1s", notify: ["hook"] },
    ],
    notifiers: { hook: { webhook: { url: hook } } },
    log: { level: "debug" },
  });
}

const TOPIC = `house/${PERSON}/${PHONE}/door`;

/** A report of the door, and what is wrong with it. */
function report(seq: number, more: Record<string, unknown> = {}): string {
  return JSON.stringify({
    ts: Date.now() - 15_000 + seq,
    seq,
    card: { number: BADGE, holder: HOLDER },
    note: `seen with ${HOLDER}`,
    seen: new Date().toISOString(),
    gps: [LATITUDE, LONGITUDE],
    level: 3,
    // Nobody asked for it.
    [`copy of ${BADGE}`]: { holder: HOLDER, place: [LATITUDE, LONGITUDE] },
    ...more,
  });
}

/** Messages that are refused, whole or in part, each for another reason. */
const REFUSED: readonly string[] = [
  `{"card":{"number":"${BADGE}`,
  `${BADGE} ${HOLDER}`,
  JSON.stringify(BADGE),
  report(101, { level: BADGE }),
  report(102, { level: 99 }),
  report(103, { level: undefined }),
  report(104, { card: { number: `${BADGE} ${BADGE}`, holder: [HOLDER] } }),
  report(105, { seen: `${HOLDER} at noon` }),
  report(106, { ts: BADGE }),
  report(107, { seq: HOLDER }),
  report(108, { gps: [LATITUDE * 1e7, String(LONGITUDE)] }),
  report(109, { ts: 1_000 }),
  report(110, { filling: BADGE.repeat(400) }),
];

/** Every text in a folder, file by file, also what is binary. */
async function* filesOf(folder: string): AsyncGenerator<{ path: string; text: string }> {
  for await (const entry of Deno.readDir(folder)) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) yield* filesOf(path);
    else if (entry.isFile) yield { path, text: new TextDecoder("latin1").decode(await Deno.readFile(path)) };
  }
}

/** Everything that the API answers: each GET route, its parameters filled in with what the lists hold. */
async function* answersOf(gateway: GatewayProcess): AsyncGenerator<{ path: string; text: string }> {
  const { paths } = (await gateway.get("/openapi.json")).body;
  const ids: Record<string, string[]> = {};
  for (const kind of ["devices", "quarantine", "series", "alerts"]) {
    const { items } = (await gateway.get(`/api/v1/${kind}`)).body;
    ids[kind] = items.map((item: { id: string | number }) => encodeURIComponent(String(item.id)));
  }
  for (const [path, methods] of Object.entries(paths)) {
    if (!Object.hasOwn(Object(methods), "get")) continue;
    const kind = path.split("/")[3] ?? "";
    const filled = /\{[^}]*\}/.test(path)
      ? (ids[kind] ?? []).map((id) => path.replaceAll(/\{[^}]*\}/g, id))
      : [path, ...(ids.devices ?? []).map((id) => `${path}?device=${id}`)];
    for (const one of filled) yield { path: one, text: await beginningOf(`${gateway.url}${one}`) };
  }
}

/** The body of an answer; of one that does not end, what comes within a second. */
async function beginningOf(url: string): Promise<string> {
  let text = "";
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(1_000) });
    text = JSON.stringify([...response.headers]);
    for await (const chunk of response.body ?? []) text += new TextDecoder().decode(chunk);
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
  }
  return text;
}

async function outboxLines(dataDir: string): Promise<string> {
  let lines = "";
  for await (const item of readFolder(denoFiles, `${dataDir}/outbox`)) {
    if (item.kind !== "entry") continue;
    const { position, flags, body } = item.entry;
    lines += new TextDecoder().decode(gunzipSync(decodeBlock(position, flags, body).body));
  }
  return lines;
}

async function run(gateway: GatewayProcess, ...args: string[]): Promise<string> {
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", `${ROOT}main.ts`, ...args],
    cwd: gateway.folder,
    env: { NO_COLOR: "1" },
  }).output();
  return new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
}

function assertNothing(where: string, text: string): void {
  assertEquals(PLANTED.filter((secret) => text.includes(secret)), [], `${where}: ${text.slice(0, 1_500)}`);
}

Deno.test("planted names, badges and places are in the inbox and nowhere else", async () => {
  await using site = await Site.open();
  if (site === undefined) return;
  const hook = new HttpReceiver();
  site.use({ [Symbol.asyncDispose]: () => hook.close() });
  const gateway = site.use(await GatewayProcess.create({ config: {}, profiles: { door: DOOR } }));
  const key = crypto.getRandomValues(new Uint8Array(32)).toHex();
  await Deno.writeTextFile(`${gateway.folder}/key`, `${key}\n`);
  await gateway.configure(config(site.broker.url(), influx1(site.database), hook.url, "key"));
  // A field of another type in the database: badges become dead letters.
  const clash = await fetch(`${site.database.url}/write?db=telemetry`, {
    method: "POST",
    body: `access,device=x badge=1i ${Date.now()}000000`,
  });
  assertEquals(clash.status, 204);
  await clash.body?.cancel();
  await gateway.start();
  await gateway.ready();

  const door = await connectPublisher(site.broker.url());
  site.use({ [Symbol.asyncDispose]: () => door.close() });
  for (let seq = 1; seq <= 5; seq++) await door.publish(TOPIC, report(seq));
  for (const payload of REFUSED) await door.publish(TOPIC, payload);
  // Masked, a backslash at the end is still there, and cannot be a tag.
  await door.publish(`house/${PERSON}\\/${PHONE}/door`, report(6));
  const sent = 5 + REFUSED.length + 1;
  const ledger = await gateway.atRest(sent);
  assertEquals([ledger.balanced, ledger.messages.waiting, ledger.readings.refused > 0], [true, 0, true]);
  await until("all alerts were told", () => hook.requests.length >= 3, { state: () => hook.requests.length });

  const reasons = new Set<string>();
  const { items } = (await gateway.get("/api/v1/quarantine?limit=500")).body;
  for (const { reason } of items) reasons.add(reason);
  const expected = [
    "undecodable",
    "no_readings",
    "type",
    "range",
    "missing_field",
    "too_long",
    "bad_time",
    "too_old",
    "payload_too_large",
    "bad_tag",
    "refused",
  ];
  assertEquals(expected.filter((reason) => !reasons.has(reason)), []);

  let answers = 0;
  for await (const { path, text } of answersOf(gateway)) {
    answers++;
    assertNothing(path, text);
  }
  assert(answers > 30, `${answers} answers`);
  for (const { text, headers } of hook.requests) {
    assertNothing("webhook", text + JSON.stringify([...headers]));
  }
  assertStringIncludes(hook.requests.map(({ text }) => text).join(), "is at 52.52");

  const stored = JSON.stringify([
    await site.database.query("SELECT * FROM /.*/", "telemetry"),
    await site.database.query("SHOW SERIES", "telemetry"),
    await site.database.query("SHOW TAG VALUES WITH KEY =~ /.*/", "telemetry"),
  ]);
  assertNothing("database", stored);
  // What may be seen is there.
  for (const shown of ["52.52", "er", `${"*".repeat(PERSON.length - 1)}1`]) {
    assertStringIncludes(stored, shown);
  }

  for (const payload of [report(8), ...REFUSED]) {
    const told = await run(
      gateway,
      "explain",
      "--config",
      gateway.configPath,
      "--topic",
      TOPIC,
      "--payload",
      payload,
    );
    assertStringIncludes(told, '"step":"device"');
    assertNothing("explain", told);
  }

  // With its database away the outbox is on disk when the gateway has ended.
  await site.database.stop();
  for (let seq = 11; seq <= 14; seq++) {
    await door.publish(TOPIC, report(seq, { card: { number: OTHER_BADGE, holder: HOLDER } }));
  }
  await until("the last messages are through", async () => {
    return (await gateway.ledger()).messages.processed >= ledger.messages.processed + 4;
  });
  assertEquals(await gateway.stop(), 0);
  const lines = await outboxLines(gateway.dataDir);
  assertStringIncludes(lines, "access,");
  assertNothing("outbox", lines);
  assertNothing("log", await gateway.stdout() + await gateway.stderr());
  assertStringIncludes(await gateway.stdout(), "mqtt_oversized");
  assertNothing(
    "journal export",
    await run(gateway, "journal", "export", "--data-dir", gateway.dataDir, "--only", "quarantine"),
  );
  let inbox = "";
  const seen: string[] = [];
  for await (const { path, text } of filesOf(gateway.dataDir)) {
    if (path.startsWith(`${gateway.dataDir}/inbox/`)) inbox += text;
    else {
      seen.push(path.slice(gateway.dataDir.length + 1).replace(/\/.*/, ""));
      assertNothing(path, text);
    }
    assertEquals(text.includes(key), false, `the key is in ${path}`);
  }
  for (const part of ["checkpoint", "history", "outbox", "quarantine"]) {
    assert(seen.includes(part), `${part} was looked at`);
  }
  // The same search finds them where they have to be: the device's own words, until they are trimmed.
  for (const secret of [PERSON, PHONE, BADGE, OTHER_BADGE, HOLDER]) assertStringIncludes(inbox, secret);
});

Deno.test("after a crash, what was received under a former key is hashed under it again, or the gateway does not start", async () => {
  await using site = await Site.open();
  if (site === undefined) return;
  const gateway = site.use(await GatewayProcess.create({ config: {}, profiles: { door: DOOR } }));
  for (const name of ["first", "second"]) {
    await Deno.writeTextFile(`${gateway.folder}/${name}`, crypto.getRandomValues(new Uint8Array(32)).toHex());
  }
  const { broker, database } = site;
  const use = (key: string, former: string[] = []) =>
    gateway.configure(config(broker.url(), influx1(database), "http://127.0.0.1:9", key, former));
  await use("first");
  await gateway.start();
  await gateway.ready();
  const door = await connectPublisher(broker.url());
  site.use({ [Symbol.asyncDispose]: () => door.close() });
  for (let seq = 1; seq <= 3; seq++) await door.publish(TOPIC, report(seq));
  await gateway.atRest(3);
  const badges = async (): Promise<string[]> => {
    const [series] = await database.query("SELECT badge FROM access", "telemetry");
    return [...new Set(series?.values.map(([, badge]) => String(badge)))];
  };
  const before = await badges();
  assertEquals(before.length, 1);

  await gateway.kill();
  await use("second");
  gateway.spawn();
  assertEquals(await gateway.exit(), 2);
  assertStringIncludes(await gateway.stderr(), "privacy.former_key_files");

  await use("second", ["first"]);
  await gateway.start();
  await gateway.ready();
  await gateway.atRest(3);
  assertEquals(await badges(), before);
  await door.publish(TOPIC, report(4));
  await gateway.atRest(4);
  assertEquals((await badges()).length, 2);
});
