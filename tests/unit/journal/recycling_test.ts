/** Files of trimmed segments that become segments again (J24). */
import { assert, assertEquals } from "@std/assert";
import { Journal, KeyRing, position, readFolder } from "../../../src/journal/mod.ts";
import { MemoryFiles, someSectors } from "../../support/memory_files.ts";
import { endOf, HEAD } from "./layout.ts";
import { bytes, formerLife, group, readAll, type Rig, rig, text, withJournal } from "./rig.ts";

const SPARE = "/j/spare.tmp";

/** A journal that recycles, in an empty folder. */
function recycling(more: Parameters<typeof rig>[1] = {}): Rig {
  const made = rig(undefined, { segmentBytes: 400, recycle: true, ...more });
  const files = new MemoryFiles();
  return { ...made, files, options: { ...made.options, files } };
}

function sizes(files: MemoryFiles): number[] {
  return files.paths().map((path) => files.bytesOf(path).length);
}

/** So many groups of one record each, numbered. */
async function groups(journal: Journal, from: number, to: number): Promise<void> {
  for (let n = from; n <= to; n++) await group(journal, String(n).padStart(100, "."));
}

Deno.test("J24: a trimmed file is the next segment's, written over in place; its size stays", async () => {
  const { options, files } = recycling({ segmentBytes: 1_000 });
  const journal = await Journal.open(options);
  let n = 0;
  while (journal.segments.length < 3) await groups(journal, ++n, n);
  const second = journal.segments[1];
  await journal.trim(second?.first ?? position(0));
  const waiting = files.bytesOf(SPARE);
  assertEquals(journal.bytes, sizes(files).reduce((sum, size) => sum + size, 0));
  while (journal.segments.length < 3) await groups(journal, ++n, n);
  assertEquals(files.paths().includes(SPARE), false);
  const path = files.paths().at(-1) ?? "";
  let over = 0;
  for (; journal.segments.length < 4; over++) {
    const content = files.bytesOf(path);
    assertEquals(content.length, waiting.length);
    const own = endOf(content) + 17;
    assertEquals(content.slice(own), waiting.slice(own));
    await groups(journal, ++n, n);
  }
  assert(over >= 3, `${over} groups in a segment`);
  const expected = Array.from(
    { length: n - Number(journal.first) + 1 },
    (_, at) => at + Number(journal.first),
  );
  assertEquals((await readAll(journal)).map((entry) => Number(entry.position)), expected);
  await journal.close();
});

Deno.test("J24: at most one file waits; what is smaller than half a segment, or larger, is unlinked", async () => {
  const { options, files } = recycling();
  let journal = await Journal.open(options);
  await groups(journal, 1, 9);
  await journal.trim(position(9));
  assertEquals(files.paths().length, journal.segments.length + 1);
  await journal.close();
  for (const [size, waits] of [[199, false], [200, true], [500, true], [501, false]] as const) {
    files.put(SPARE, formerLife(size));
    journal = await Journal.open(options);
    assertEquals(files.paths().includes(SPARE), waits, `${size} bytes`);
    await journal.close();
  }
  const large = recycling();
  await withJournal(large.options, async (one) => {
    await group(one, "x".repeat(1_000));
    await group(one, "y");
    assertEquals((await one.trim(one.last)).segments, 1);
    assertEquals(large.files.paths().includes(SPARE), false);
  });
});

Deno.test("J15, J24: an archived segment is not written over, nor is a damaged one", async () => {
  const { options, files } = recycling();
  const journal = await Journal.open(options);
  await groups(journal, 1, 6);
  const [first = ""] = files.paths();
  await journal.trim(position(3), { archiveTo: "/archive" });
  assertEquals(files.paths().includes(SPARE), false);
  assert(files.paths().includes(first.replace("/j/", "/archive/")));
  await journal.close();
  const [second = ""] = files.paths().filter((path) => path.startsWith("/j/"));
  const content = files.bytesOf(second);
  content[120] = (content[120] ?? 0) ^ 1;
  files.put(second, content);
  await withJournal(options, async (again) => {
    await again.trim(again.last);
    assertEquals(files.paths().includes(SPARE), false);
    assertEquals(files.bytesOf(`${second}.corrupt`), content);
  });
});

Deno.test("J4, J5, J24: whenever the power goes, nothing acknowledged is lost and no stale byte is told as damage", async () => {
  const { options, files } = recycling();
  const journal = await Journal.open(options);
  const left: { files: MemoryFiles; what: string; first: number; durable: number; last: number }[] = [];
  let first = 1;
  files.gate = (operation, path) => {
    const facts = { first, durable: Number(journal.durable), last: Number(journal.last) };
    const note = (after: MemoryFiles, how: string): void =>
      void left.push({ files: after, what: `${operation} of ${path}, ${how}`, ...facts });
    note(files.afterKill(), "killed");
    for (const names of ["synced", "all"] as const) {
      note(files.afterPowerCut(undefined, names), `nothing unsynced, names ${names}`);
      for (const luck of [1, 2, 3, 5, 8]) {
        note(files.afterPowerCut(someSectors(luck), names), `luck ${luck}, names ${names}`);
      }
    }
    return undefined;
  };
  await groups(journal, 1, 6);
  for (let n = 7; n <= 16; n++) {
    first = n - 3;
    await journal.trim(position(first));
    await groups(journal, n, n);
  }
  await journal.close();
  files.gate = undefined;
  assert(left.length > 500);
  for (const { files: disk, what, first, durable, last } of left) {
    const again = await Journal.open({ ...options, files: disk });
    const found = (await readAll(again)).map((entry) => Number(entry.position));
    for (let at = first; at <= durable; at++) assert(found.includes(at), `${what}: ${at} is lost`);
    assert(Math.max(...found, 0) <= last, what);
    assertEquals(again.recovery.damages.filter(({ kind }) => kind === "corrupt"), [], what);
    // One group is under way at most: 25 + 117 bytes, an end record, and the marker of an idle moment.
    assert(again.recovery.tornBytes <= 25 + 117 + 25 + 17, `${what}: ${again.recovery.tornBytes} torn`);
    // Only of a new file the head can be cut short: a recycled one has its name when its head is durable.
    const aside = disk.paths().filter((path) =>
      path.endsWith(".corrupt") && disk.bytesOf(path).length > HEAD
    );
    assertEquals(aside, [], what);
    await again.close();
  }
});

Deno.test("J18, J24: a cursor whose segment is written over goes on with the first record that is left", async () => {
  const { options, events } = recycling({ segmentBytes: 400_000 });
  const journal = await Journal.open(options);
  const body = "z".repeat(90_000);
  for (let n = 0; n < 9; n++) await group(journal, `${n}${body}`);
  const cursor = journal.read(position(1));
  const seen: number[] = [];
  const take = async (): Promise<number> => {
    const some = await cursor.next(1);
    for (const entry of some) {
      assertEquals(text(entry), `${Number(entry.position) - 1}${body}`);
      seen.push(Number(entry.position));
    }
    return some.length;
  };
  await take();
  await journal.trim(position(8));
  for (let n = 9; n < 15; n++) await group(journal, `${n}${body}`);
  while (await take() > 0);
  cursor.close();
  // What it had read of the segment at once, it may still hand out.
  assertEquals(
    seen.filter((at) => at > 4),
    [...Array(15).keys()].map((n) => n + 1).filter((at) => at >= journal.first),
  );
  assertEquals(events.filter(({ kind }) => kind === "corrupt" || kind === "set_aside"), []);
  await journal.close();
});

Deno.test("J19, J24: a reader beside the process tells no damage of a segment that is written over meanwhile", async () => {
  const { options, files } = recycling();
  const journal = await Journal.open(options);
  await groups(journal, 1, 8);
  let struck = false;
  let reads = 0;
  const [oldest] = files.paths();
  files.gate = (operation, path) => {
    // After its head was read, and before its records are.
    if (struck || operation !== "read" || path !== oldest || ++reads < 2) return undefined;
    struck = true;
    return (async (): Promise<void> => {
      await journal.trim(position(7));
      await groups(journal, 9, 12);
    })();
  };
  const items = await Array.fromAsync(readFolder(files, "/j"));
  assert(struck, "the reader was not met");
  assertEquals(items.filter(({ kind }) => kind === "damage"), []);
  await journal.close();
});

Deno.test("J22, J24: with a key, no file is kept that may hold plain bodies", async () => {
  const keys = await KeyRing.of(new Uint8Array(32).fill(7));
  const { options, files } = recycling();
  const plain = await Journal.open(options);
  await groups(plain, 1, 4);
  await plain.close();
  const journal = await Journal.open({ ...options, keys });
  await groups(journal, 5, 8);
  await journal.trim(position(5));
  assertEquals(files.paths().includes(SPARE), false);
  await journal.trim(position(8));
  assertEquals(files.paths().includes(SPARE), true);
  await groups(journal, 9, 10);
  assertEquals(files.paths().includes(SPARE), false);
  assertEquals((await readAll(journal)).map(text).at(-1), "10".padStart(100, "."));
  await journal.close();
  files.put(SPARE, formerLife(400));
  await withJournal({ ...options, keys }, async (again) => {
    assertEquals(files.paths().includes(SPARE), false);
    assertEquals((await readAll(again)).map(text).at(-1), "10".padStart(100, "."));
  });
});

Deno.test("J7, J24: a file that waits gives its space up when the disk is full, and trims unlink until then", async () => {
  const { options, files, timers } = recycling({ segmentBytes: 2_000 });
  const journal = await Journal.open(options);
  await groups(journal, 1, 20);
  assertEquals(journal.segments.length, 2);
  await journal.trim(journal.segments[1]?.first ?? position(0));
  assert(files.paths().includes(SPARE));
  files.capacity = sizes(files).reduce((sum, size) => sum + size, 0);
  journal.append(0, bytes("y".repeat(200)));
  for (let turn = 0; journal.trouble === undefined && turn < 1_000; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  assertEquals(journal.trouble?.reason, "ENOSPC");
  // That is space enough for the group that waits.
  assertEquals(files.paths().includes(SPARE), false);
  await journal.sync();
  assertEquals(timers.waiting, 0);
  files.capacity = Infinity;
  while (journal.segments.length < 3) await groups(journal, 1, 1);
  files.fault = (operation) => operation === "write" ? "ENOSPC" : undefined;
  journal.append(0, bytes("z"));
  for (let turn = 0; journal.trouble === undefined && turn < 1_000; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  assertEquals((await journal.trim(journal.durable)).segments, 2);
  assertEquals(files.paths().includes(SPARE), false);
  files.fault = undefined;
  await journal.sync();
  await journal.close();
});

Deno.test("J8, J24: a file whose fsync failed is not written again", async () => {
  const { options, files } = recycling();
  const journal = await Journal.open(options);
  await groups(journal, 1, 1);
  let failed = false;
  files.fault = (operation) => operation === "syncData" && !failed ? (failed = true, "EIO") : undefined;
  await groups(journal, 2, 3);
  files.fault = undefined;
  assertEquals(journal.segments.length, 2);
  assertEquals((await journal.trim(position(2))).segments, 1);
  assertEquals(files.paths().includes(SPARE), false);
  await groups(journal, 4, 5);
  assertEquals((await journal.trim(journal.durable)).segments, 1);
  assertEquals(files.paths().includes(SPARE), true);
  await journal.close();
});
