import { assert, assertEquals } from "@std/assert";
import { Journal, position } from "../../../src/journal/mod.ts";
import { MemoryFiles } from "../../support/memory_files.ts";
import { HEAD, layout, partAt } from "./layout.ts";
import { bytes, group, readAll, rig, shown, test, withJournal } from "./rig.ts";

/** A small journal: several segments, several groups each; the newest ends with a marker, as `close` leaves it. */
async function sample(): Promise<{ files: Map<string, Uint8Array>; entries: string[] }> {
  const { options, files } = rig(undefined, { segmentBytes: 300 });
  const entries = await withJournal(options, async (journal) => {
    await group(journal, "one", "two");
    await group(journal, "three");
    await group(journal, "four", "five", "six");
    await group(journal, "seven", "eight");
    await group(journal, "nine");
    await group(journal, "ten", "eleven");
    await group(journal, "twelve", "thirteen");
    return shown(await readAll(journal));
  });
  assertEquals(entries.length, 13);
  return { files: copies(files), entries };
}

function copies(files: MemoryFiles): Map<string, Uint8Array> {
  return new Map(files.paths().map((path) => [path, files.bytesOf(path)]));
}

function filesOf(content: ReadonlyMap<string, Uint8Array>): MemoryFiles {
  const files = new MemoryFiles();
  for (const [path, some] of content) files.put(path, some);
  return files;
}

/** What is left after recovery; then that appending works and survives another reopen. */
async function survivors(
  files: MemoryFiles,
): Promise<{ left: string[]; lost: number[]; torn: number; kinds: string[] }> {
  const first = rig(files, { segmentBytes: 300 });
  const journal = await Journal.open(first.options);
  const left = shown(await readAll(journal));
  const { damages, tornBytes } = journal.recovery;
  const lost: number[] = [];
  for (const { after, before, kind } of damages) {
    if (kind === "corrupt") { for (let at = after + 1; at < before; at++) lost.push(at); }
  }
  const appended = journal.append(5, bytes("later"));
  assertEquals(appended, position(journal.recovery.last + 1));
  await journal.sync();
  await journal.close();
  await withJournal(rig(files.afterPowerCut()).options, async (again) => {
    assertEquals(shown(await readAll(again)), [...left, `${appended}:5:later`]);
  });
  return { left, lost, torn: tornBytes, kinds: damages.map(({ kind }) => kind) };
}

test("J11: any byte flipped costs at most the record it hits, which is reported; the file is kept", async (way) => {
  const { files: pristine, entries } = await sample();
  // A head or crc does not know whether the body that it stands before is encrypted: one mask is enough there.
  const masks = way.keys === undefined ? [0xff, 0x01, 0x80] : [0x01];
  assert(pristine.size >= 3, `only ${pristine.size} segments`);
  for (const [path, content] of pristine) {
    const parts = layout(content);
    for (let at = 0; at < content.length; at++) {
      for (const mask of masks) {
        const damaged = content.slice();
        damaged[at] = (damaged[at] ?? 0) ^ mask;
        const files = filesOf(new Map(pristine).set(path, damaged));
        const { left, lost, torn, kinds } = await survivors(files);
        const part = partAt(parts, at);
        const where = `${path} byte ${at} (${part.kind} ${part.position})`;
        const expected = entries.filter((entry) =>
          part.kind !== "entry" || !entry.startsWith(`${part.position}:`)
        );
        assertEquals(left, expected, where);
        assertEquals(lost, part.kind === "entry" ? [part.position] : [], where);
        // What stands behind the seal, or behind the end of a recycled segment, is nobody's.
        const nobodys = part.kind === "end" || part.kind === "stale";
        // The very last marker has nothing behind it that could prove it was whole.
        const lastMarker = part === parts.at(-1) && path === [...pristine.keys()].at(-1);
        assertEquals(kinds, nobodys ? [] : [lastMarker ? "torn" : "corrupt"], where);
        assertEquals(torn, lastMarker ? 17 : 0, where);
        assertEquals(files.paths().includes(`${path}.corrupt`), !lastMarker && !nobodys, where);
      }
    }
  }
});

test("J12: damage in a last group that nothing proves durable is torn: cut there, counted, not set aside", async () => {
  const { files: pristine, entries } = await sample();
  const [path, content] = [...pristine].at(-1) ?? ["", new Uint8Array()];
  const parts = layout(content);
  const group = parts.slice(-4, -1);
  assertEquals(group.map(({ kind }) => kind), ["marker", "entry", "entry"]);
  const end = group.at(-1)?.to ?? 0;
  for (let at = group[0]?.from ?? 0; at < end; at++) {
    const damaged = content.slice(0, end);
    damaged[at] = (damaged[at] ?? 0) ^ 0x55;
    const part = partAt(parts, at);
    const files = filesOf(new Map(pristine).set(path, damaged));
    const { left, lost, torn, kinds } = await survivors(files);
    if (part.kind === "marker") {
      // Nothing is missing, so nothing needs to be cut.
      assertEquals([left, lost, torn, kinds], [entries, [], 0, ["corrupt"]], `byte ${at}`);
      continue;
    }
    assertEquals(left, entries.slice(0, part.position - 1), `byte ${at}`);
    assertEquals([lost, torn, kinds], [[], end - part.from, ["torn"]], `byte ${at}`);
    assertEquals(files.paths().some((name) => name.endsWith(".corrupt")), false);
  }
});

test("J12: a journal cut at any length keeps every whole record and goes on", async () => {
  const { files: pristine, entries } = await sample();
  const paths = [...pristine.keys()];
  for (const [path, content] of pristine) {
    const parts = layout(content);
    for (let length = 0; length < content.length; length++) {
      const files = filesOf(new Map(pristine).set(path, content.slice(0, length)));
      const { left, lost, torn, kinds } = await survivors(files);
      const gone = parts.filter(({ kind, to }) => kind === "entry" && (to > length || length < HEAD));
      const where = `${path} cut to ${length}`;
      assertEquals(
        left,
        entries.filter((entry) => !gone.some((part) => entry.startsWith(`${part.position}:`))),
        where,
      );
      if (path === paths.at(-1)) {
        const whole = length < HEAD ? 0 : parts.filter(({ to }) => to <= length).at(-1)?.to ?? 0;
        assertEquals([lost, torn], [[], length - whole], where);
      } else {
        assertEquals(lost, gone.map((part) => part.position), where);
        assertEquals(torn, 0, where);
        assertEquals(kinds.includes("torn"), false, where);
      }
    }
  }
});

test("J11: a whole segment that is gone or zeroed is reported, the others are delivered", async () => {
  const { files: pristine, entries } = await sample();
  const paths = [...pristine.keys()];
  for (const path of paths.slice(0, 2)) {
    const parts = layout(pristine.get(path) ?? new Uint8Array()).filter(({ kind }) => kind === "entry");
    const expected = entries.filter((entry) => !parts.some((part) => entry.startsWith(`${part.position}:`)));
    for (const content of [undefined, new Uint8Array(400)]) {
      // The first segment may be gone because it was trimmed: then nothing is missing.
      if (content === undefined && path === paths[0]) continue;
      const copy = new Map(pristine);
      copy.delete(path);
      if (content !== undefined) copy.set(path, content);
      const files = filesOf(copy);
      const { left, lost } = await survivors(files);
      assertEquals(left, expected);
      assertEquals(lost, parts.map((part) => part.position));
      assertEquals(files.paths().includes(`${path}.corrupt`), content !== undefined);
    }
  }
});

test("J13: a well-formed record inside a payload is never believed, of this journal or another", async () => {
  const other = rig();
  await withJournal(other.options, (journal) => group(journal, "forged", "forged too"));
  const { options, files } = rig(undefined, { segmentBytes: 1 << 20 });
  const journal = await Journal.open(options);
  await group(journal, "a", "b");
  const own = files.bytesOf(files.paths()[0] ?? "");
  const foreign = other.files.bytesOf(other.files.paths()[0] ?? "");
  journal.append(1, own.slice(HEAD));
  journal.append(2, foreign.slice(HEAD));
  journal.append(3, foreign);
  await group(journal, "e");
  await journal.close();
  const path = files.paths()[0] ?? "";
  const content = files.bytesOf(path);
  for (const part of layout(content).filter(({ kind, position }) => kind === "entry" && position >= 3)) {
    for (let at = part.from; at < part.from + 17; at++) {
      const damaged = content.slice();
      damaged[at] = (damaged[at] ?? 0) ^ 0x10;
      const { left, lost } = await survivors(filesOf(new Map([[path, damaged]])));
      assertEquals(
        left.map((entry) => Number(entry.split(":")[0])),
        [1, 2, 3, 4, 5, 6].filter((p) => p !== part.position),
      );
      assertEquals(lost, [part.position]);
    }
  }
});

test("J11: a block the disk cannot read costs its records; nothing is cut for it", async () => {
  const { options, files } = rig(undefined, { segmentBytes: 1 << 20 });
  await withJournal(options, async (journal) => {
    for (let i = 0; i < 40; i++) await group(journal, String(i % 10).repeat(500));
  });
  const size = files.bytesOf(files.paths()[0] ?? "").length;
  const inner = files.open.bind(files);
  files.open = async (path, how) => {
    const file = await inner(path, how);
    return {
      ...file,
      read: (into, at) =>
        at < 8192 && at + into.length > 4096 ? Promise.reject(new Error("EIO")) : file.read(into, at),
    };
  };
  const again = rig(files);
  await withJournal(again.options, async (journal) => {
    assertEquals(journal.recovery.damages.map(({ kind }) => kind), ["corrupt"]);
    const left = (await readAll(journal)).length;
    assert(left >= 30 && left < 40, `${left} records left`);
  });
  assertEquals(files.bytesOf(files.paths()[0] ?? "").length, size);
});
