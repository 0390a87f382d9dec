/** Damage in the newest segment where it is written over the bytes of a former one (J24). */
import { assert, assertEquals } from "@std/assert";
import { Journal, readFolder } from "../../../src/journal/mod.ts";
import { MemoryFiles } from "../../support/memory_files.ts";
import { endOf, HEAD, layout, type Part, partAt } from "./layout.ts";
import { bytes, formerLife, group, readAll, rig, shown, test, WAYS, withJournal } from "./rig.ts";

const RECYCLED = WAYS.filter(({ recycle }) => recycle);
const SEGMENT = 700;

interface Sample {
  readonly path: string;
  readonly content: Uint8Array;
  readonly entries: readonly string[];
  readonly parts: readonly Part[];
}

/** One recycled segment, as a `kill -9` leaves it, and as it is after an orderly end. */
async function sample(end: "killed" | "closed"): Promise<Sample> {
  const { options, files } = rig(undefined, { segmentBytes: SEGMENT });
  const journal = await Journal.open(options);
  let killed = files;
  files.gate = (operation) => {
    // Nothing says yet that the group is durable which is being synced.
    if (operation === "syncData") killed = files.afterKill();
    return undefined;
  };
  await group(journal, "one", "two");
  await group(journal, "three");
  await group(journal, "four", "five", "six");
  const entries = shown(await readAll(journal));
  await journal.close();
  const left = end === "killed" ? killed : files;
  const [path = ""] = left.paths();
  const content = left.bytesOf(path);
  assertEquals([left.paths().length, content.length, entries.length], [1, SEGMENT, 6]);
  return { path, content, entries, parts: layout(content) };
}

/** What recovery makes of it, and what a reader beside the process sees. */
async function found(path: string, content: Uint8Array): Promise<{
  readonly left: readonly string[];
  readonly torn: number;
  readonly kinds: readonly string[];
}> {
  const files = new MemoryFiles();
  files.put(path, content);
  const seen: string[] = [];
  for await (const item of readFolder(files, "/j")) if (item.kind === "damage") seen.push(item.damage.kind);
  const { options } = rig(files, { segmentBytes: SEGMENT });
  const result = await withJournal(options, async (journal) => {
    const { tornBytes, damages } = journal.recovery;
    const left = shown(await readAll(journal));
    await group(journal, "later");
    assertEquals(shown(await readAll(journal)).length, left.length + 1);
    return { left, torn: tornBytes, kinds: damages.map(({ kind }) => kind) };
  });
  assertEquals(seen, result.kinds);
  // What was cut off stays off: the second start finds nothing torn.
  await withJournal(rig(files.afterPowerCut(), { segmentBytes: SEGMENT }).options, (again) => {
    assertEquals(again.recovery.tornBytes, 0);
    return Promise.resolve();
  });
  return result;
}

for (const end of ["killed", "closed"] as const) {
  test(`J24: what a former life has left behind the end is no damage, ${end}`, async () => {
    const { path, content, entries, parts } = await sample(end);
    const last = end === "killed" ? "entry" : "marker";
    assertEquals(parts.slice(-3).map(({ kind }) => kind), [last, "end", "stale"]);
    assertEquals(await found(path, content), { left: entries, torn: 0, kinds: [] });
    const own = endOf(content) + 17;
    assertEquals(content.slice(own), formerLife(SEGMENT).slice(own));
  }, RECYCLED);

  test(`J11, J12, J24: any byte flipped costs what it costs in a new file, ${end}`, async () => {
    const { path, content, entries, parts } = await sample(end);
    const lastGroup = parts.findLast(({ kind }) => kind === "marker")?.from ?? 0;
    for (let at = 0; at < content.length; at++) {
      for (const mask of [0xff, 0x01, 0x80]) {
        const damaged = content.slice();
        damaged[at] = (damaged[at] ?? 0) ^ mask;
        const part = partAt(parts, at);
        const where = `byte ${at} (${part.kind} ${part.position}) by ${mask}`;
        const { left, torn, kinds } = await found(path, damaged);
        // Nothing proves what stands in the last group of a process that was killed (J12).
        const unproven = end === "killed" && part.kind === "entry" && at > lastGroup;
        if (part.kind === "stale") {
          assertEquals({ left, torn, kinds }, { left: entries, torn: 0, kinds: [] }, where);
        } else if (part.kind === "end") {
          assertEquals({ left, torn, kinds }, { left: entries, torn: 17, kinds: ["torn"] }, where);
        } else if (unproven) {
          assertEquals(left, entries.slice(0, part.position - 1), where);
          assertEquals([torn, kinds], [endOf(content) - part.from, ["torn"]], where);
        } else {
          const lost = part.kind === "entry" ? `${part.position}:` : "none";
          assertEquals(left, entries.filter((entry) => !entry.startsWith(lost)), where);
          // The marker that an orderly end writes stands last: nothing behind it proves it (J12).
          const last = end === "closed" && part.from === lastGroup;
          assertEquals(kinds, [last ? "torn" : "corrupt"], where);
          assertEquals(torn, last ? 25 : 0, where);
        }
      }
    }
  }, RECYCLED);

  test(`J12, J24: cut at any length, every whole record is kept, ${end}`, async () => {
    const { path, content, entries, parts } = await sample(end);
    for (let length = 0; length < content.length; length++) {
      const { left, torn } = await found(path, content.slice(0, length));
      const kept = parts.filter(({ kind, to }) => kind === "entry" && to <= length && length >= HEAD).length;
      assertEquals(left, entries.slice(0, kept), `cut to ${length}`);
      const whole = length < HEAD
        ? 0
        : parts.findLast(({ kind, to }) => kind !== "stale" && to <= length)?.to ?? 0;
      const { kind } = partAt(parts, length);
      // Of a group whose marker cannot be read it is not known how long it was: an end record at least.
      const cut = kind === "marker" ? Math.min(17, length - whole) : length - whole;
      assertEquals(torn, kind === "stale" ? 0 : cut, `cut to ${length}`);
    }
  }, RECYCLED);
}

test(
  "J12, J24: of a group of which only some sectors came to the disk, the bytes that are cut are counted",
  async () => {
    const { path, content, entries, parts } = await sample("killed");
    const from = parts.findLast(({ kind }) => kind === "marker")?.from ?? 0;
    const former = formerLife(SEGMENT);
    const before = parts.filter(({ kind, to }) => kind === "entry" && to <= from).length;
    const end = endOf(content) + 17;
    for (let hole = from; hole < end; hole++) {
      for (const length of [1, 7, 40, 200]) {
        const torn = content.slice();
        torn.set(former.subarray(hole, Math.min(hole + length, end)), hole);
        if (torn.every((byte, at) => byte === content[at])) continue;
        const result = await found(path, torn);
        const where = `${length} bytes from ${hole} on`;
        assert(result.left.length >= before, where);
        assertEquals(result.left, entries.slice(0, result.left.length), where);
        // Never what was not this segment's: the stale bytes behind it are not counted.
        assert(result.torn <= end - from, `${where}: ${result.torn} torn`);
      }
    }
  },
  RECYCLED,
);

test("J13, J24: an end record or a marker within a body ends nothing", async () => {
  const { options, files } = rig(undefined, { segmentBytes: 4_000 });
  const journal = await Journal.open(options);
  await group(journal, "a");
  const [path = ""] = files.paths();
  const own = files.bytesOf(path);
  const { to } = layout(own).find(({ kind }) => kind === "end") ?? { to: 0 };
  journal.append(1, own.slice(HEAD, to));
  await group(journal, "b", "c");
  const entries = shown(await readAll(journal));
  await journal.close();
  const content = files.bytesOf(path);
  const part = layout(content).find(({ kind, position }) => kind === "entry" && position === 2);
  assert(part !== undefined);
  for (let at = part.from; at < part.from + 17; at++) {
    const damaged = content.slice();
    damaged[at] = (damaged[at] ?? 0) ^ 0x10;
    const { left, kinds } = await found(path, damaged);
    assertEquals(left, entries.filter((_entry, index) => index !== 1), `byte ${at}`);
    assertEquals(kinds, ["corrupt"]);
  }
}, RECYCLED);

test(
  "J24: without the option such a folder is read as it is, and the file that waits is removed",
  async () => {
    const { path, content, entries } = await sample("killed");
    const files = new MemoryFiles();
    files.put(path, content);
    files.put("/j/spare.tmp", bytes("x".repeat(SEGMENT)));
    await withJournal(rig(files, { recycle: false }).options, async (journal) => {
      assertEquals(shown(await readAll(journal)), entries);
      assertEquals(files.paths().includes("/j/spare.tmp"), false);
    });
  },
  RECYCLED,
);
