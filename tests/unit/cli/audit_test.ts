import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { audit } from "../../../src/cli/audit.ts";
import { main } from "../../../src/cli/main.ts";
import type { CliIo } from "../../../src/cli/io.ts";
import { denoFiles, KeyRing } from "../../../src/journal/mod.ts";
import { note, openAudit } from "../audit/build.ts";
import { memorySources } from "../config/memory_sources.ts";

const KEY = new Uint8Array(32).fill(7);

function run(
  isTerminal = false,
): { readonly io: CliIo; readonly out: () => string; readonly err: () => string } {
  const [out, err]: [string[], string[]] = [[], []];
  const io: CliIo = {
    stdout: (text) => void out.push(text),
    stderr: (text) => void err.push(text),
    isTerminal,
    color: false,
    env: () => undefined,
    readBytes: (path) => Promise.reject(new Deno.errors.NotFound(path)),
    sources: memorySources({ key: KEY.toHex() }),
  };
  return { io, out: () => out.join(""), err: () => err.join("") };
}

/** A data folder with an audit of three entries; returns its one segment. */
async function withData(
  use: (dataDir: string, segment: string) => Promise<void>,
  keys?: KeyRing,
): Promise<void> {
  const dataDir = await Deno.makeTempDir({ prefix: "sluice_audit_" });
  try {
    const more = { files: denoFiles, folder: `${dataDir}/audit`, keys };
    await Deno.mkdir(more.folder);
    const { audit, journal } = await openAudit(undefined, more);
    for (const target of ["one", "two", "three"]) audit.record(note({ target }));
    await journal.close();
    const [segment] = await Array.fromAsync(
      Deno.readDir(more.folder),
      ({ name }) => `${more.folder}/${name}`,
    );
    assert(segment !== undefined);
    await use(dataDir, segment);
  } finally {
    await Deno.remove(dataDir, { recursive: true });
  }
}

const args = (dataDir: string, keyFile?: string): Parameters<typeof audit>[0] => {
  return { action: "verify", dataDir, keyFile };
};
const noSleep = (): Promise<void> => Promise.resolve();

Deno.test("audit verify says how many entries there are, the first, the last, and unbroken", async () => {
  await withData(async (dataDir) => {
    const person = run(true);
    assertEquals(await audit(args(dataDir), person.io, noSleep), 0);
    assertMatch(
      person.out(),
      /^3 entries\nfirst 1, 2026-07-01T14:00:00\.000Z\nlast 3, 2026-07-01T14:00:00\.000Z, hash [0-9a-f]{64}\nunbroken\n$/,
    );
    const program = run();
    assertEquals(await main(["audit", "verify", "--data-dir", dataDir], program.io), 0);
    const facts = JSON.parse(program.out());
    assertEquals([facts.entries, facts.first.sequence, facts.last.sequence, facts.unbroken], [3, 1, 3, true]);
  });
});

Deno.test("audit verify names the first break with its sequence and ends with 1", async () => {
  await withData(async (dataDir, segment) => {
    const bytes = await Deno.readFile(segment);
    const at = new TextDecoder("latin1").decode(bytes).indexOf('"target":"two"') + 10;
    bytes[at] = "T".charCodeAt(0);
    await Deno.writeFile(segment, bytes);
    const person = run(true);
    assertEquals(await audit(args(dataDir), person.io, noSleep), 1);
    assertStringIncludes(person.out(), "\nbroken at 2: ");
    const program = run();
    assertEquals(await audit(args(dataDir), program.io, noSleep), 1);
    const facts = JSON.parse(program.out());
    assertEquals([facts.unbroken, facts.broken.sequence, facts.entries], [false, 2, 2]);
  });
});

Deno.test("what looks like a write in progress is looked at again before it is a break", async () => {
  await withData(async (dataDir, segment) => {
    const whole = await Deno.readFile(segment);
    await Deno.writeFile(segment, whole.subarray(0, whole.length - 40));
    const seen = run();
    let waits = 0;
    const code = await audit(args(dataDir), seen.io, async () => {
      if (++waits === 2) await Deno.writeFile(segment, whole);
    });
    assertEquals([code, waits, JSON.parse(seen.out()).entries], [0, 2, 3]);
    await Deno.writeFile(segment, whole.subarray(0, whole.length - 40));
    const again = run();
    assertEquals(await audit(args(dataDir), again.io, noSleep), 1);
    assertEquals(JSON.parse(again.out()).broken.reason, "unfinished");
  });
});

Deno.test("an encrypted audit is verified with its key, and a missing folder is named", async () => {
  await withData(async (dataDir) => {
    const locked = run();
    assertEquals(await audit(args(dataDir), locked.io, noSleep), 1);
    assertEquals(locked.err(), `The audit of "${dataDir}" is encrypted; give its key with --key-file\n`);
    const opened = run();
    assertEquals(await audit(args(dataDir, "key"), opened.io, noSleep), 0);
    assertEquals(JSON.parse(opened.out()).entries, 3);
  }, await KeyRing.of(KEY));
  const nowhere = run();
  assertEquals(await audit(args("/nowhere"), nowhere.io, noSleep), 1);
  assertMatch(nowhere.err(), /^The audit of "\/nowhere" cannot be read: .*; give the gateway's data folder/);
  const wrong = run();
  assertEquals(await main(["audit", "repair"], wrong.io), 2);
  assertEquals(wrong.err(), 'The action of audit was "repair"; allowed is verify\n');
});
