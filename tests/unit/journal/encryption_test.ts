import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { createDecipheriv, hkdfSync } from "node:crypto";
import { crc32 } from "node:zlib";
import {
  Journal,
  JournalError,
  type KeyId,
  KeyRing,
  missingKeys,
  openBox,
  position,
  readFolder,
  sealBox,
} from "../../../src/journal/mod.ts";
import { MemoryFiles } from "../../support/memory_files.ts";
import { HEAD, layout, type Part } from "./layout.ts";
import { bytes, group, readAll, rig, shown, withJournal } from "./rig.ts";

const KEY = new Uint8Array(32).map((_, i) => i * 7 + 1);
const OTHER = new Uint8Array(32).fill(9);
const ring = await KeyRing.of(KEY);
const [ID] = ring.ids;
if (ID === undefined) throw new Error("The ring holds no key");
const MARK = "planted plain text";

/** A folder with every file's name and bytes. */
function contents(files: MemoryFiles): [string, string][] {
  return files.paths().map((path) => [path, files.bytesOf(path).toHex()]);
}

/** Whether some bytes stand anywhere in some others. */
function holds(content: Uint8Array, wanted: Uint8Array): boolean {
  return content.toHex().includes(wanted.toHex());
}

/** The entries of a segment. */
function entriesOf(content: Uint8Array): Part[] {
  return layout(content).filter(({ kind }) => kind === "entry");
}

/** Decrypts a record by FORMAT.md alone, with another implementation of the same standards. */
function decrypted(content: Uint8Array, { from, to }: Part): string {
  const salt = new Uint8Array(16);
  salt.set(content.subarray(32, 40));
  salt.set(content.subarray(16, 24), 8);
  const key = new Uint8Array(hkdfSync("sha256", KEY, salt, "journal: segment", 32));
  const nonce = new Uint8Array(12);
  nonce.set(content.subarray(from + 8, from + 16));
  const decipher = createDecipheriv("aes-256-gcm", key, nonce);
  decipher.setAAD(content.subarray(from + 16, from + 17));
  decipher.setAuthTag(content.subarray(to - 16, to));
  const plain = decipher.update(content.subarray(from + 17, to - 16));
  decipher.final();
  return new TextDecoder().decode(plain);
}

Deno.test("J22: bodies are AES-256-GCM as FORMAT.md says, and no plain byte of them is in any file", async () => {
  const { options, files } = rig(undefined, { keys: ring, segmentBytes: 400 });
  await withJournal(options, async (journal) => {
    for (let i = 0; i < 8; i++) await group(journal, `${MARK} ${i}`, "");
    assertEquals((await readAll(journal)).length, 16);
  });
  const found: string[] = [];
  for (const path of files.paths()) {
    const content = files.bytesOf(path);
    assertEquals(holds(content, bytes(MARK)), false, path);
    const id = content.subarray(64, HEAD).toHex();
    assertEquals(id, ring.current);
    assertStringIncludes(path, `-${id}.segment`);
    for (const part of entriesOf(content)) found.push(decrypted(content, part));
  }
  assert(files.paths().length > 2);
  assertEquals(found, Array.from({ length: 16 }, (_, i) => i % 2 === 0 ? `${MARK} ${i / 2}` : ""));
  assertEquals(
    ring.current,
    new Uint8Array(hkdfSync("sha256", KEY, new Uint8Array(0), "journal: key id", 8)).toHex(),
  );
});

Deno.test("J22: the same body under the same position, written again after a failed fsync, a kill or a cut, has other bytes", async () => {
  const seen = new Set<string>();
  let bodies = 0;
  const note = (files: MemoryFiles, known: Set<string>): void => {
    for (const path of files.paths().filter((path) => !known.has(path))) {
      known.add(path);
      const content = files.bytesOf(path);
      for (const { from, to } of entriesOf(content)) {
        bodies++;
        seen.add(content.subarray(from + 17, to).toHex());
      }
    }
  };
  const { options, files } = rig(undefined, { keys: ring, segmentBytes: 1 << 20 });
  const journal = await Journal.open(options);
  await group(journal, "before");
  let failed = false;
  files.fault = (operation) => operation === "syncData" && !failed && (failed = true) ? "EIO" : undefined;
  await group(journal, MARK, MARK);
  assert(failed);
  assertEquals(files.paths().length, 2);
  const known = new Set<string>();
  note(files, known);
  // A kill before the marker: recovery copies the tail.
  files.gate = (operation) => operation === "syncData" ? new Promise(() => {}) : undefined;
  journal.append(MARK.length, bytes(MARK));
  const written = files.count("write");
  while (files.count("write") === written) await new Promise((resolve) => setTimeout(resolve, 0));
  const killed = files.afterKill();
  const before = killed.paths();
  await withJournal(rig(killed, { keys: ring, segmentBytes: 1 << 20 }).options, async (again) => {
    assertEquals(killed.paths().filter((path) => !before.includes(path)).length, 1);
    note(killed, known);
    // Positions are given again after a cut, with another body.
    await again.cutAfter(position(2));
    await group(again, MARK, MARK);
    note(killed, known);
    assertEquals((await readAll(again)).length, 4);
  });
  // "before", twice two, the copied one and the two after the cut.
  assertEquals([bodies, seen.size], [8, 8]);
});

Deno.test("J22: without the key, or with another, opening is refused with the key's name, and nothing is touched", async () => {
  const { options, files } = rig(undefined, { keys: ring, segmentBytes: 300 });
  await withJournal(options, async (journal) => {
    for (let i = 0; i < 5; i++) await group(journal, MARK);
  });
  // A torn tail, a damaged record and a segment of nothing: recovery would cut, set aside and rename.
  const paths = files.paths();
  const [first = "", newest = ""] = [paths[0], paths.at(-1)];
  const damaged = files.bytesOf(first);
  damaged[HEAD + 17 + 20] = 0xff;
  files.put(first, damaged);
  files.put(newest, files.bytesOf(newest).slice(0, -5));
  const unborn = `/j/0000000000000999-00000000000000ff-${ring.current}.segment`;
  files.put(unborn, new Uint8Array(10).fill(3));
  const before = contents(files);
  for (const keys of [undefined, await KeyRing.of(OTHER), await KeyRing.of(undefined, [OTHER])]) {
    assertEquals(await missingKeys(files, "/j", keys), [ID]);
    const error = await assertRejects(
      () => Journal.open(rig(files, { keys }).options),
      JournalError,
      `encrypted with the key "${ring.current}"`,
    );
    assertEquals(error.reason, "no_key");
    assertEquals(contents(files), before);
  }
  assertEquals(await missingKeys(files, "/j", ring), []);
  const journal = await Journal.open(rig(files, { keys: ring }).options);
  assert(journal.recovery.setAside.length > 0);
  await journal.close();
});

Deno.test("J22: a head that is damaged costs nothing: the file's name tells the key", async () => {
  const { options, files } = rig(undefined, { keys: ring });
  await withJournal(options, (journal) => group(journal, "a", "b"));
  const [path = ""] = files.paths();
  files.put(path, files.bytesOf(path).fill(0xee, 0, HEAD));
  assertEquals(await missingKeys(files, "/j", undefined), [ID]);
  await withJournal(rig(files, { keys: ring }).options, async (journal) => {
    assertEquals(shown(await readAll(journal)), ["1:1:a", "2:1:b"]);
  });
});

Deno.test("J22: encryption is switched on, the key changed, and it is switched off again, on one folder", async () => {
  const files = new MemoryFiles();
  const steps: [KeyRing | undefined, KeyId | undefined][] = [
    [undefined, undefined],
    [await KeyRing.of(KEY), ring.current],
    [await KeyRing.of(OTHER, [KEY]), (await KeyRing.of(OTHER)).current],
    [await KeyRing.of(undefined, [KEY, OTHER]), undefined],
  ];
  const expected: string[] = [];
  for (const [step, [keys, current]] of steps.entries()) {
    const journal = await Journal.open(rig(files, { keys }).options);
    await group(journal, `synced ${step}`);
    // What no marker proves durable is copied at the next start, from one key to the next.
    files.gate = (operation) => operation === "syncData" ? new Promise(() => {}) : undefined;
    journal.append(step, bytes(`written ${step}`));
    const written = files.count("write");
    while (files.count("write") === written) await new Promise((resolve) => setTimeout(resolve, 0));
    files.gate = undefined;
    expected.push(`${2 * step + 1}:8:synced ${step}`, `${2 * step + 2}:${step}:written ${step}`);
    assertEquals(journal.segments.at(-1)?.key, current);
  }
  const all = steps.at(-1)?.[0];
  await withJournal(rig(files, { keys: all }).options, async (journal) => {
    assertEquals(shown(await readAll(journal)), expected);
    assertEquals(journal.recovery.damages, []);
    const keys = new Set(journal.segments.map(({ key }) => key));
    assertEquals(keys.size, 3);
    // Former keys may go when the segments that they encrypt have gone.
    await group(journal, "last");
    await journal.trim(journal.last);
  });
  await withJournal(rig(files).options, async (journal) => {
    assertEquals(shown(await readAll(journal)), ["9:4:last"]);
  });
});

Deno.test("J22: a body that someone changed, crc and all, or moved to another record, is left out and told; the file is kept", async () => {
  const { options, files } = rig(undefined, { keys: ring, segmentBytes: 1 << 20 });
  await withJournal(options, (journal) => group(journal, "aaaa", "bbbb", "cccc", "dddd"));
  const [path = ""] = files.paths();
  const pristine = files.bytesOf(path);
  const [, second, third] = entriesOf(pristine);
  assert(second !== undefined && third !== undefined);
  const changed = pristine.slice();
  changed[second.from + 17] = (changed[second.from + 17] ?? 0) ^ 1;
  const flags = pristine.slice();
  flags[second.from + 16] = 5;
  const moved = pristine.slice();
  moved.set(pristine.subarray(third.from + 17, third.to), second.from + 17);
  for (const forged of [changed, flags, moved]) {
    const seed = crc32(pristine.subarray(32, 40));
    const crc = crc32(forged.subarray(second.from + 8, second.to), seed);
    new DataView(forged.buffer).setUint32(second.from + 4, crc, true);
    const again = new MemoryFiles();
    again.put(path, forged);
    const second_rig = rig(again, { keys: ring });
    await withJournal(second_rig.options, async (journal) => {
      for (let round = 0; round < 2; round++) {
        assertEquals((await readAll(journal)).map(({ position }) => Number(position)), [1, 3, 4]);
        // Asked for one at a time, nothing stops at the forged one.
        assertEquals((await readAll(journal, position(1), 1)).length, 3);
      }
      assertEquals(await journal.readOne(position(2)), undefined);
    });
    const told = second_rig.events.flatMap((event) => event.kind === "corrupt" ? [event.damage] : []);
    assertEquals(told.map(({ offset, after, before }) => [offset, Number(after), Number(before)]), [
      [second.from, 1, 3],
    ]);
    assert(again.paths().includes(`${path}.corrupt`));
    const damages = [];
    for await (const item of readFolder(again, "/j", ring)) if (item.kind === "damage") damages.push(item);
    assertEquals(damages.map(({ damage }) => damage.offset), [second.from]);
  }
});

Deno.test("J22: a tail with a changed body is not copied at recovery but kept where it is", async () => {
  const { options, files } = rig(undefined, { keys: ring, segmentBytes: 1 << 20 });
  await withJournal(options, (journal) => group(journal, "aaaa", "bbbb"));
  const [path = ""] = files.paths();
  // Without the marker behind the group nothing proves it durable.
  const content = files.bytesOf(path).slice(0, -17);
  const [first] = entriesOf(content);
  assert(first !== undefined);
  content[first.from + 17] = (content[first.from + 17] ?? 0) ^ 1;
  const crc = crc32(content.subarray(first.from + 8, first.to), crc32(content.subarray(32, 40)));
  new DataView(content.buffer).setUint32(first.from + 4, crc, true);
  files.put(path, content);
  await withJournal(rig(files, { keys: ring }).options, async (journal) => {
    assertEquals(shown(await readAll(journal)), ["2:4:bbbb"]);
    assertEquals(files.paths(), [path, `${path}.corrupt`]);
    assertEquals(files.bytesOf(path), content);
  });
});

Deno.test("J19: a folder is checked without the key: segments, positions and damage are told, bodies are not", async () => {
  const { options, files } = rig(undefined, { keys: ring, segmentBytes: 1 << 20 });
  await withJournal(options, (journal) => group(journal, MARK, MARK, MARK));
  const [path = ""] = files.paths();
  const content = files.bytesOf(path);
  const [, second] = entriesOf(content);
  content[(second?.to ?? 0) - 1] = (content[(second?.to ?? 0) - 1] ?? 0) ^ 1;
  files.put(path, content);
  for (const keys of [undefined, ring]) {
    const seen: string[] = [];
    for await (const item of readFolder(files, "/j", keys)) {
      if (item.kind === "segment") seen.push(`segment ${item.info.key} ${item.entries}`);
      if (item.kind === "damage") seen.push(`${item.damage.after}-${item.damage.before}`);
      if (item.kind === "entry") {
        const plain = new TextDecoder().decode(item.entry.body) === MARK;
        seen.push(`${item.entry.position} sealed ${item.sealed} plain ${plain}`);
      }
    }
    const [sealed, plain] = keys === undefined ? [true, false] : [false, true];
    assertEquals(seen, [
      `segment ${ring.current} 2`,
      `1 sealed ${sealed} plain ${plain}`,
      "1-3",
      `3 sealed ${sealed} plain ${plain}`,
    ]);
  }
});

Deno.test("a key of another length is refused, and the ring names its keys", async () => {
  await assertRejects(
    () => KeyRing.of(new Uint8Array(16)),
    RangeError,
    `A key had "16" bytes; allowed are 32`,
  );
  await assertRejects(() => KeyRing.of(KEY, [new Uint8Array(0)]), RangeError, `A key had "0" bytes`);
  const both = await KeyRing.of(OTHER, [KEY, OTHER]);
  assertEquals(both.ids.length, 2);
  assert(ring.current !== undefined && both.has(ring.current) && both.current !== ring.current);
  assertEquals((await KeyRing.of(undefined, [KEY])).current, undefined);
});

Deno.test("a box opens with its key alone, tells which it needs, and notices every changed byte", async () => {
  let dice = 5n;
  const salt = (): bigint => dice++;
  const plain = new Uint8Array(bytes(MARK));
  const box = new Uint8Array(await sealBox(ring, salt, plain) ?? []);
  assertEquals(holds(box, plain), false);
  assertEquals(await openBox(ring, box), { kind: "open", bytes: plain });
  assertEquals(await openBox(await KeyRing.of(undefined, [OTHER, KEY]), box), { kind: "open", bytes: plain });
  assertEquals(await openBox(await KeyRing.of(OTHER), box), { kind: "no_key", key: ID });
  assertEquals(await openBox(undefined, box), { kind: "no_key", key: ID });
  for (let at = 0; at < box.length; at++) {
    const changed = box.slice();
    changed[at] = (changed[at] ?? 0) ^ 1;
    assertEquals((await openBox(ring, changed)).kind, at < 8 ? "no_key" : "damaged", `byte ${at}`);
  }
  assertEquals((await openBox(ring, box.slice(0, 20))).kind, "damaged");
  const again = await sealBox(ring, salt, plain);
  assert(again?.toHex() !== box.toHex());
  assertEquals(await sealBox(await KeyRing.of(undefined, [KEY]), salt, plain), undefined);
  assertEquals(await sealBox(undefined, salt, plain), undefined);
});
