import { assert, assertEquals } from "@std/assert";
import { zstdDecompressSync } from "node:zlib";
import { Journal, KeyRing, position, readFolder } from "../../../src/journal/mod.ts";
import { SegmentCipher } from "../../../src/journal/segment_cipher.ts";
import { MemoryFiles } from "../../support/memory_files.ts";
import { HEAD, layout, type Part } from "./layout.ts";
import { bytes, group, readAll, type Rig, rig, shown, withJournal } from "./rig.ts";

const WAYS = [
  { name: "", keys: undefined },
  { name: ", encrypted", keys: await KeyRing.of(new Uint8Array(32).fill(7)) },
] as const;

const PACKED = 0x81;
const SAYS = ["temperature 21.50", "temperature 21.51", "temperature 21.52", "temperature 21.53"];

function packing(keys: KeyRing | undefined, files?: MemoryFiles): Rig {
  return rig(files, { pack: true, keys, segmentBytes: 600 });
}

/** Some segments of some groups of four. */
async function sample(keys: KeyRing | undefined): Promise<{ files: MemoryFiles; entries: string[] }> {
  const { options, files } = packing(keys);
  const entries = await withJournal(options, async (journal) => {
    for (let n = 0; n < 8; n++) await group(journal, ...SAYS);
    return shown(await readAll(journal));
  });
  assertEquals(entries.length, 8 * SAYS.length);
  return { files, entries };
}

/** The records of a file, markers left out. */
function records(content: Uint8Array): Part[] {
  return layout(content).filter(({ kind }) => kind === "entry");
}

/** The positions that a record takes, by FORMAT.md alone. */
function positionsOf(content: Uint8Array, { from, position }: Part): number[] {
  const view = new DataView(content.buffer);
  const span = view.getUint8(from + 16) === PACKED ? view.getUint32(from + 17, true) : 1;
  return Array.from({ length: span }, (_, n) => position + n);
}

Deno.test("J23: a group is one record: a zstd frame of the plain records, as FORMAT.md says", async () => {
  const { files } = await sample(undefined);
  const content = files.bytesOf(files.paths()[0] ?? "");
  assertEquals(new DataView(content.buffer).getUint32(8, true), 2);
  const [first] = records(content);
  assert(first !== undefined);
  assertEquals(positionsOf(content, first), [1, 2, 3, 4]);
  const plain = new Uint8Array(zstdDecompressSync(content.subarray(first.from + 25, first.to)));
  assertEquals(plain.length, new DataView(content.buffer).getUint32(first.from + 21, true));
  const bodies: string[] = [];
  for (let at = 0; at < plain.length;) {
    const end = at + 17 + new DataView(plain.buffer, plain.byteOffset).getUint32(at, true);
    bodies.push(new TextDecoder().decode(plain.subarray(at + 17, end)));
    at = end;
  }
  assertEquals(bodies, SAYS);
});

Deno.test("J23: what does not become smaller, and a record alone, stay as they are", async () => {
  const { options, files } = packing(undefined);
  await withJournal(options, async (journal) => {
    await group(journal, "alone, alone, alone, alone, alone, alone, alone, alone, alone");
    await group(journal, "a", "b");
    assertEquals((await readAll(journal)).length, 3);
  });
  const flags = files.paths().flatMap((path) => {
    const content = files.bytesOf(path);
    return records(content).map(({ from }) => content[from + 16]);
  });
  assertEquals(flags.includes(PACKED), false);
});

for (const { name, keys } of WAYS) {
  Deno.test(`J23: packed records come back one by one, from any position on${name}`, async () => {
    const { files, entries } = await sample(keys);
    const { options } = packing(keys, files);
    await withJournal(options, async (journal) => {
      for (let from = 1; from <= entries.length; from++) {
        assertEquals(shown(await readAll(journal, position(from))), entries.slice(from - 1), `from ${from}`);
        assertEquals(shown([await journal.readOne(position(from))].flatMap((one) => one ?? [])), [
          entries[from - 1],
        ]);
      }
      await group(journal, "later", "later");
      assertEquals(journal.last, entries.length + 2);
    });
  });

  Deno.test(`J23: any byte flipped costs at most the group it hits, which is reported; the file is kept${name}`, async () => {
    const { files: pristine, entries } = await sample(keys);
    for (const path of pristine.paths()) {
      const content = pristine.bytesOf(path);
      for (let at = HEAD; at < content.length; at++) {
        const files = pristine.afterKill();
        const damaged = content.slice();
        damaged[at] = (damaged[at] ?? 0) ^ 0x01;
        files.put(path, damaged);
        const hit = records(content).find(({ from, to }) => from <= at && at < to);
        const lost = hit === undefined ? [] : positionsOf(content, hit);
        const journal = await Journal.open(packing(keys, files).options);
        const left = entries.filter((_, n) => !lost.includes(n + 1));
        assertEquals(shown(await readAll(journal)), left, `${path} byte ${at}`);
        const told = journal.recovery.damages.flatMap(({ kind, after, before }) =>
          kind === "corrupt" ? Array.from({ length: before - after - 1 }, (_, n) => after + 1 + n) : []
        );
        assertEquals(told, lost, `${path} byte ${at}`);
        if (hit !== undefined) assert(files.paths().includes(`${path}.corrupt`));
        await journal.close();
      }
    }
  });

  Deno.test(`J23: a kill before the marker: the tail is copied as it is, packed, also where packing ended${name}`, async () => {
    const { options, files } = packing(keys);
    const journal = await Journal.open(options);
    await group(journal, ...SAYS);
    const killed = files.afterKill();
    await journal.close();
    const { options: plain } = rig(killed, { keys, segmentBytes: 600 });
    await withJournal(plain, async (again) => {
      assertEquals((await readAll(again)).length, SAYS.length);
      await group(again, "plain", "plain");
    });
    await withJournal(plain, async (again) => {
      assertEquals(shown(await readAll(again)).slice(-2), ["5:5:plain", "6:5:plain"]);
    });
  });

  Deno.test(`J19: a packed folder is read without changing it${name}`, async () => {
    const { files, entries } = await sample(keys);
    const found: string[] = [];
    let counted = 0;
    for await (const item of readFolder(files, "/j", keys)) {
      if (item.kind === "entry") found.push(...shown([item.entry]));
      if (item.kind === "segment") counted += item.entries;
    }
    assertEquals([found, counted], [entries, entries.length]);
  });
}

Deno.test("J23: packed and encrypted, no plain byte and no key-less body; the number of records is told", async () => {
  const keys = WAYS[1].keys;
  const { files, entries } = await sample(keys);
  for (const path of files.paths()) {
    assertEquals(files.bytesOf(path).toHex().includes(bytes("temperature").toHex()), false);
  }
  let counted = 0;
  for await (const item of readFolder(files, "/j")) {
    if (item.kind === "segment") counted += item.entries;
    if (item.kind === "entry") assertEquals(item.sealed, true);
    assert(item.kind !== "damage");
  }
  assertEquals(counted, entries.length);
});

Deno.test("J23: a group that could not be written and grew meanwhile comes whole, and under another nonce", async () => {
  const { options, files, timers } = packing(undefined);
  let refusals = 0;
  await withJournal(options, async (journal) => {
    await group(journal, "first");
    files.fault = (operation) => operation === "write" && refusals++ < 1 ? "ENOSPC" : undefined;
    for (const body of SAYS) journal.append(1, bytes(body));
    await journal.sync().catch(() => {});
    assertEquals([refusals, journal.durable], [1, 1]);
    journal.append(1, bytes(SAYS[0] ?? ""));
    timers.fire();
    await journal.sync();
    assertEquals(shown(await readAll(journal)).slice(1).map((one) => one.slice(4)), [...SAYS, SAYS[0]]);
  });
  const raw = await crypto.subtle.importKey("raw", new Uint8Array(32), "AES-GCM", false, [
    "encrypt",
    "decrypt",
  ]);
  const cipher = new SegmentCipher(raw);
  const body = (span: number): Uint8Array<ArrayBuffer> =>
    new Uint8Array([span, 0, 0, 0, 9, 0, 0, 0, ...bytes("the same")]);
  const [four, five] = [await cipher.seal(2, PACKED, body(4)), await cipher.seal(2, PACKED, body(5))];
  // Under one nonce the same plain bytes would give the same encrypted ones.
  assert(four.subarray(8, 16).toHex() !== five.subarray(8, 16).toHex());
  assertEquals(await cipher.open(2, PACKED, five), body(5));
  five[0] = 4;
  assertEquals(await cipher.open(2, PACKED, five), undefined, "what it says it holds is authenticated");
});
