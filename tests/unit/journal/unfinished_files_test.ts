/** Files that a crash or a failing disk leaves behind half made: none of them may hide or bring back a record. */
import { assert, assertEquals } from "@std/assert";
import { Journal, position } from "../../../src/journal/mod.ts";
import { MemoryFiles } from "../../support/memory_files.ts";
import { group, readAll, rig, shown, test, withJournal } from "./rig.ts";

const ALL = ["1:1:a", "2:2:bb", "3:3:ccc"];

/** A disk after a power cut: everything was acknowledged, and the marker that would prove it is lost. */
async function unproven(): Promise<MemoryFiles> {
  const { options, files } = rig();
  const journal = await Journal.open(options);
  await group(journal, "a", "bb", "ccc");
  const left = files.afterPowerCut();
  await journal.close();
  return left;
}

test("J10: whichever call is the last of a process that copies a tail, the next one finds all of it", async () => {
  let n = 0;
  for (let copied = false; !copied;) {
    const files = await unproven();
    files.fault = (_operation, _path, number) => number > n ? "EIO" : undefined;
    await withJournal(rig(files).options, () => Promise.resolve()).then(() => copied = true, () => {});
    for (const left of [files.afterKill(), files.afterPowerCut(), files.afterPowerCut(undefined, "all")]) {
      await withJournal(rig(left).options, async (again) => {
        assertEquals(shown(await readAll(again)), ALL, `after call ${n}`);
        assertEquals(again.recovery.damages, [], `after call ${n}`);
        assertEquals(left.paths().filter((path) => path.endsWith(".tmp")), []);
      });
    }
    n++;
  }
  assert(n > 15, `${n} calls`);
});

test("J10: a file that cannot be unlinked when its tail was copied takes nothing along", async () => {
  const files = await unproven();
  files.fault = (operation) => operation === "remove" ? "EIO" : undefined;
  await withJournal(rig(files).options, async (journal) => {
    assertEquals(shown(await readAll(journal)), ALL);
    await group(journal, "dddd");
  });
  files.fault = undefined;
  await withJournal(rig(files).options, async (again) => {
    assertEquals(shown(await readAll(again)), [...ALL, "4:4:dddd"]);
    assertEquals(again.recovery.damages, []);
  });
});

test("J15: a segment that never came to count goes before the one that took its place", async () => {
  const { options, files, events } = rig(undefined, { segmentBytes: 300 });
  const journal = await Journal.open(options);
  await group(journal, "x".repeat(200));
  let failed = 0;
  // The second segment's folder is not synced, and its file cannot be removed.
  files.fault = (operation) => {
    const hit = (operation === "syncFolder" && failed === 0) || (operation === "remove" && failed === 1);
    if (hit) failed++;
    return hit ? "EIO" : undefined;
  };
  await group(journal, "y".repeat(200));
  assertEquals([failed, files.paths().length], [2, 3]);
  await group(journal, "z".repeat(200));
  // As long as the disk does not let it go, nothing is trimmed.
  files.fault = (operation) => operation === "remove" ? "EIO" : undefined;
  assertEquals((await journal.trim(position(3))).segments, 0);
  assertEquals(events.at(-1)?.kind, "trim_failed");
  files.fault = undefined;
  assertEquals((await journal.trim(position(3))).segments, 2);
  await journal.close();
  assertEquals(files.paths().filter((path) => path.endsWith(".segment")).length, 1);
  await withJournal(rig(files).options, (again) => {
    assertEquals(again.recovery.damages, []);
    return Promise.resolve();
  });
});

test("J17: a power cut in the middle of a cut makes no hole", async () => {
  for (let n = 1, whole = false; !whole; n++) {
    const { options, files } = rig(undefined, { segmentBytes: 490 });
    const journal = await Journal.open(options);
    for (const letter of "abcdef") await group(journal, letter.repeat(120));
    assertEquals(journal.segments.map(({ first }) => Number(first)), [1, 3, 5]);
    const from = files.operations;
    files.fault = (_operation, _path, number) => number >= from + n ? "EIO" : undefined;
    await journal.cutAfter(position(3)).then(() => whole = true, () => {});
    for (const left of [files.afterPowerCut(), files.afterKill(), files.afterPowerCut(undefined, "all")]) {
      await withJournal(rig(left).options, async (again) => {
        const found = (await readAll(again)).map((entry) => Number(entry.position));
        assertEquals(found, [1, 2, 3, 4, 5, 6].slice(0, found.length), `call ${n}`);
        assert(found.length >= 3);
        assertEquals(again.recovery.damages, [], `call ${n}`);
      });
    }
    await journal.close().catch(() => {});
  }
});
