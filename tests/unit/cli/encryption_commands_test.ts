import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { CliIo } from "../../../src/cli/io.ts";
import { journal } from "../../../src/cli/journal.ts";
import { key } from "../../../src/cli/key.ts";
import { main } from "../../../src/cli/main.ts";
import { Quarantine } from "../../../src/buffer/mod.ts";
import { parseEncryptionKey } from "../../../src/config/mod.ts";
import { denoFiles, Journal, KeyRing } from "../../../src/journal/mod.ts";
import { rig } from "../journal/rig.ts";
import { memorySources } from "../config/memory_sources.ts";

const MARK = "planted plain text";
const KEYS = { "key": new Uint8Array(32).fill(7).toHex(), "other": new Uint8Array(32).fill(9).toBase64() };

interface Run {
  readonly io: CliIo;
  readonly out: () => string;
  readonly err: () => string;
}

function run(terminal = false): Run {
  const out: string[] = [];
  const err: string[] = [];
  const io: CliIo = {
    stdout: (text) => void out.push(text),
    stderr: (text) => void err.push(text),
    isTerminal: terminal,
    color: false,
    env: () => undefined,
    readBytes: (path) => Promise.reject(new Deno.errors.NotFound(path)),
    sources: memorySources({ ...KEYS, word: "hunter2" }),
  };
  return { io, out: () => out.join(""), err: () => err.join("") };
}

/** A data folder whose quarantine holds one encrypted entry. */
async function withFolder(use: (dataDir: string) => Promise<void>): Promise<void> {
  const dataDir = await Deno.makeTempDir({ prefix: "sluice_keys_" });
  try {
    const keys = await KeyRing.of(parseEncryptionKey(KEYS.key));
    const { options } = rig(undefined, {
      files: denoFiles,
      folder: `${dataDir}/quarantine`,
      sync: "manual",
      keys,
    });
    const journal = await Journal.open(options);
    new Quarantine(journal).add({
      what: "message",
      refusal: { reason: "undecodable", found: "x" },
      device: null,
      topic: `site/${MARK}`,
      receivedAt: 1_700_000_000_000,
      payload: new TextEncoder().encode(MARK),
      inboxPosition: 1,
      readings: 0,
    });
    await journal.close();
    await use(dataDir);
  } finally {
    await Deno.remove(dataDir, { recursive: true });
  }
}

async function read(action: string, dataDir: string, keyFile?: string): Promise<Run & { code: number }> {
  const one = run();
  return { ...one, code: await journal({ action, dataDir, only: "quarantine", keyFile }, one.io) };
}

Deno.test("key prints a key that the configuration takes, alone on its line, another each time", async () => {
  const { io, out, err } = run();
  assertEquals(key(io, () => new Uint8Array(32).fill(5)), 0);
  assertMatch(out(), /^[A-Za-z0-9+/]{43}=\n$/);
  assertEquals([parseEncryptionKey(out()), err()], [new Uint8Array(32).fill(5), ""]);
  const [one, two] = [run(), run()];
  assertEquals([await main(["key"], one.io), await main(["key"], two.io)], [0, 0]);
  assertEquals(one.out() === two.out(), false);
  const person = run(true);
  key(person.io, () => new Uint8Array(32));
  assertStringIncludes(person.err(), "umask 077");
});

Deno.test("journal check and inspect need no key and name the one that a segment needs", async () => {
  await withFolder(async (dataDir) => {
    const check = await read("check", dataDir);
    assertEquals([check.code, JSON.parse(check.out()).records, check.err()], [0, 1, ""]);
    const inspect = await read("inspect", dataDir);
    const [id] = (await KeyRing.of(parseEncryptionKey(KEYS.key))).ids;
    assertEquals(JSON.parse(inspect.out().split("\n")[0] ?? "").key, id);
    assertEquals((await read("check", dataDir, "key")).code, 0);
  });
});

Deno.test("journal export needs the key: without it one line says which, and nothing of the record is shown", async () => {
  await withFolder(async (dataDir) => {
    const [id] = (await KeyRing.of(parseEncryptionKey(KEYS.key))).ids;
    for (const keyFile of [undefined, "other"]) {
      const { code, out, err } = await read("export", dataDir, keyFile);
      assertEquals([code, out()], [1, ""]);
      assertEquals(
        err(),
        `The quarantine of "${dataDir}" is encrypted with the key "${id}"; give its file with --key-file\n`,
      );
    }
    for (const keyFile of ["key", "other,key"]) {
      const { code, out, err } = await read("export", dataDir, keyFile);
      assertEquals([code, err()], [0, ""]);
      assertEquals(JSON.parse(out()).payload, MARK);
    }
  });
});

Deno.test("a key file that is missing or holds something else is wrong usage, and is not shown", async () => {
  const missing = await read("export", "/nowhere", "gone");
  assertEquals(missing.code, 2);
  assertStringIncludes(missing.err(), 'The key file "gone" cannot be read');
  const wrong = await read("export", "/nowhere", "word");
  assertEquals(wrong.code, 2);
  assertStringIncludes(wrong.err(), 'The file "word" holds no encryption key; allowed are 32 random bytes');
  assertEquals(wrong.err().includes("hunter2"), false);
});
