import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";

import { GatewayProcess, ROOT } from "../support/gateway_process.ts";
import { connectPublisher } from "../support/publisher.ts";
import { influx1, siteConfig } from "../support/river_site.ts";
import { Site } from "../support/site.ts";
import { until } from "../support/until.ts";

/** Stands in payloads that are taken, in one that is refused, and in a topic. */
const MARK = "planted-plain-text";
const MESSAGES = 60;

/** Every file of a folder with its bytes as latin-1 text, but for the lock, which names the newest process. */
async function contents(folder: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) { for (const [inner, text] of await contents(path)) found.set(inner, text); }
    else if (name !== "lock") found.set(path, await textOf(path));
  }
  return found;
}

/** A running gateway may trim a file while the folder is looked through. */
async function textOf(path: string): Promise<string> {
  try {
    return new TextDecoder("latin1").decode(await Deno.readFile(path));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}

async function filesWithMark(gateway: GatewayProcess): Promise<string[]> {
  return [...await contents(gateway.dataDir)].filter(([, text]) => text.includes(MARK)).map(([path]) => path);
}

async function sluice(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const command = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", `${ROOT}main.ts`, ...args],
    env: { NO_COLOR: "1" },
  });
  const { code, stdout, stderr } = await command.output();
  const utf8 = new TextDecoder();
  return { code, out: utf8.decode(stdout), err: utf8.decode(stderr) };
}

/** One line on standard error that names what is missing; what was there before is left out. */
async function refusal(gateway: GatewayProcess): Promise<string> {
  const before = await gateway.stderr();
  gateway.spawn();
  assertEquals(await gateway.exit(), 1);
  const line = (await gateway.stderr()).slice(before.length);
  assertMatch(line, /^error [A-Z][^\n]+\n$/);
  return line;
}

Deno.test("an encrypted data folder: no payload in any file, everything delivered after kill -9, nothing without the key", async () => {
  await using site = await Site.open();
  if (site === undefined) return;
  const url = site.broker.url();
  const gateway = site.use(await GatewayProcess.create({ config: {} }));
  const file = (name: string): string => `${gateway.folder}/${name}`;
  for (const name of ["first-key", "second-key", "foreign-key"]) {
    const { code, out } = await sluice("key");
    assertEquals(code, 0);
    await Deno.writeTextFile(file(name), out);
  }
  const configure = (encrypt_at_rest: unknown, archive = "1h"): Promise<void> =>
    gateway.configure(siteConfig(url, influx1(site.database), {
      buffer: {
        max_bytes: "64MiB",
        archive,
        checkpoint: { after_bytes: "4KiB", at_most: "500ms" },
        encrypt_at_rest,
      },
    }));
  const device = await connectPublisher(url);
  let sent = 0;
  const publish = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) {
      const time = Date.now() / 1_000 - 400 + sent++;
      await device.publish(
        `site/${MARK}/power/p1`,
        JSON.stringify({ time, power: sent, note: MARK.repeat(8) }),
      );
    }
    await device.publish(`site/${MARK}/power/p1`, `{ "this is no JSON": "${MARK}"`);
  };

  // The database is away, so that the outbox and every other journal holds something.
  await configure({ key_file: file("first-key") });
  await site.database.stop();
  await gateway.start();
  await gateway.ready();
  await publish(MESSAGES);
  await until("messages are taken in and points wait", async () => {
    const { messages, points } = await gateway.ledger();
    return messages.received === MESSAGES + 1 && messages.waiting === 0 && points.waiting > 0;
  }, { every: 100, timeout: 30_000 });
  let names: string[] = [];
  await until("a checkpoint has taken all of it to the disk", async () => {
    names = [...(await contents(gateway.dataDir)).keys()];
    const parts = ["/inbox/", "/outbox/", "/quarantine/", "/checkpoint/checkpoint-"];
    return parts.every((part) => names.some((name) => name.includes(part)));
  }, { every: 50, state: () => names });
  await gateway.kill();
  const kept = await contents(gateway.dataDir);
  assertEquals(await filesWithMark(gateway), []);

  // Without the key or with another: one line, and nothing has changed.
  await configure(false);
  const without = await refusal(gateway);
  assertStringIncludes(without, "buffer.encrypt_at_rest names no key");
  await configure({ key_file: file("foreign-key") });
  assertStringIncludes(await refusal(gateway), "buffer.encrypt_at_rest names");
  assertEquals(await contents(gateway.dataDir), kept);
  const check = await sluice("journal", "check", "--data-dir", gateway.dataDir);
  assertEquals(check.code, 0, check.out + check.err);
  const inbox = ["journal", "export", "--journal", "inbox", "--data-dir", gateway.dataDir];
  assertEquals((await sluice(...inbox)).code, 1);
  assertStringIncludes((await sluice(...inbox, "--key-file", file("first-key"))).out, MARK);

  // The key is changed; what the first one wrote is delivered with the rest.
  await configure({ key_file: file("second-key"), former_key_files: [file("first-key")] });
  await site.database.start();
  await gateway.start();
  await gateway.ready();
  await publish(MESSAGES);
  const ledger = await gateway.atRest(2 * (MESSAGES + 1));
  assert(ledger.balanced);
  assertEquals([ledger.messages.quarantined, ledger.messages.corrupt, ledger.rebased], [2, 0, []]);
  const [count] = await site.database.query('SELECT sum("power_count") FROM power');
  assertEquals(count?.values[0]?.[1], 2 * MESSAGES);
  const quarantine = await gateway.get("/api/v1/quarantine");
  assertEquals(quarantine.body.items.length, 2);
  assertEquals(await gateway.stop(), 0);
  assertEquals(await filesWithMark(gateway), []);

  // Switched off: what is new is plain, what is there stays readable.
  await configure({ former_key_files: [file("first-key"), file("second-key")] });
  await gateway.start();
  await gateway.ready();
  await publish(5);
  const after = await gateway.atRest(2 * (MESSAGES + 1) + 6);
  assertEquals([after.messages.quarantined, after.messages.corrupt], [3, 0]);
  assertEquals((await gateway.get("/api/v1/quarantine")).body.items.length, 3);
  assertEquals(await gateway.stop(), 0);
  assert((await filesWithMark(gateway)).length > 0);
  await device.close();
});
