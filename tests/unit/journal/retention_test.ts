import { assert, assertEquals } from "@std/assert";
import { Journal, position } from "../../../src/journal/mod.ts";
import { layout, partAt } from "./layout.ts";
import { bytes, group, readAll, rig, shown, test, until, withJournal } from "./rig.ts";

test("J15: trimming takes whole segments whose every position is below the mark, never the newest", async (way) => {
  const { options, files, events } = rig(undefined, { segmentBytes: 300 });
  const journal = await Journal.open(options);
  for (let i = 0; i < 10; i++) await group(journal, "x".repeat(100));
  const before = journal.segments;
  assert(before.length >= 4);
  assertEquals(journal.bytes, before.reduce((sum, segment) => sum + segment.bytes, 0));
  const second = before[1];
  assert(second !== undefined);
  assertEquals((await journal.trim(second.last)).segments, 1);
  assertEquals(journal.first, second.first);
  // The file of a trimmed segment, kept for the next one, takes its space all the same.
  const spare = way.recycle ? before[0]?.bytes ?? 0 : 0;
  assertEquals(journal.bytes, journal.segments.reduce((sum, segment) => sum + segment.bytes, spare));
  assertEquals(Number((await readAll(journal))[0]?.position), Number(second.first));
  assertEquals((await journal.trim(position(1_000))).segments, before.length - 2);
  assertEquals(journal.segments.length, 1);
  assertEquals(files.paths().length, way.recycle ? 2 : 1);
  assertEquals(events.filter(({ kind }) => kind === "trimmed").length, before.length - 1);
  await journal.close();
  await withJournal(rig(files).options, (again) => {
    assertEquals(Number(again.last), 10);
    return Promise.resolve();
  });
});

test("J15: an archived segment moves to the archive's folder and stays readable there", async () => {
  const { options, files } = rig(undefined, { segmentBytes: 300 });
  const journal = await Journal.open(options);
  for (let i = 0; i < 6; i++) await group(journal, String(i).repeat(100));
  const all = shown(await readAll(journal));
  const { segments } = await journal.trim(journal.last, { archiveTo: "/archive" });
  assert(segments > 0);
  const rest = shown(await readAll(journal));
  await journal.close();
  await withJournal(rig(files.afterPowerCut(), { folder: "/archive" }).options, async (archive) => {
    assertEquals([...shown(await readAll(archive)), ...rest], all);
  });
});

test("J15: a segment that cannot be unlinked stays, is told, and goes with the next trim", async () => {
  const { options, files, events } = rig(undefined, { segmentBytes: 200 });
  const journal = await Journal.open(options);
  for (let i = 0; i < 6; i++) await group(journal, "x".repeat(100));
  const count = journal.segments.length;
  files.fault = (operation) => operation === "remove" ? "EROFS" : undefined;
  assertEquals((await journal.trim(journal.last)).segments, 0);
  assertEquals(events.at(-1)?.kind, "trim_failed");
  assertEquals(journal.segments.length, count);
  files.fault = undefined;
  assertEquals((await journal.trim(journal.last)).segments, count - 1);
  await journal.close();
});

test("J16: what could not be read outlives the trim, with or without hard links", async () => {
  for (const links of [true, false]) {
    const { options, files } = rig(undefined, { segmentBytes: 300 });
    await withJournal(options, async (journal) => {
      for (let i = 0; i < 6; i++) await group(journal, "x".repeat(100));
    });
    const path = files.paths()[0] ?? "";
    const content = files.bytesOf(path);
    content[150] = (content[150] ?? 0) ^ 1;
    assertEquals(partAt(layout(files.bytesOf(path)), 150).kind, "entry");
    files.put(path, content);
    files.fault = (operation) => operation === "link" && !links ? "EPERM" : undefined;
    const again = rig(files);
    await withJournal(again.options, async (journal) => {
      assertEquals(journal.recovery.setAside.length, links ? 1 : 0);
      await group(journal, "later");
      await journal.trim(journal.last);
      assertEquals(files.bytesOf(`${path}.corrupt`), content);
      assertEquals(files.paths().includes(path), false);
      assertEquals(again.events.filter(({ kind }) => kind === "set_aside").length, 1);
    });
  }
});

test("J17: cutting forgets what comes after, also after a power cut, and positions go on from there", async () => {
  for (let border = 0; border <= 11; border++) {
    const { options, files } = rig(undefined, { segmentBytes: 300, sync: "manual" });
    const journal = await Journal.open(options);
    for (let i = 1; i <= 10; i++) {
      journal.append(0, bytes(String(i).repeat(60)));
      if (i % 2 === 0) await journal.sync();
    }
    const all = shown(await readAll(journal));
    await journal.close();
    const again = await Journal.open(options);
    await again.cutAfter(position(border));
    assertEquals([again.last, again.written, again.durable].map(Number), [border, border, border]);
    assertEquals(shown(await readAll(again)), all.slice(0, border));
    assertEquals(Number(again.append(1, bytes("new"))), border + 1);
    await again.sync();
    const expected = [...all.slice(0, border), `${border + 1}:1:new`];
    assertEquals(shown(await readAll(again)), expected);
    await again.close();
    await withJournal(rig(files.afterPowerCut(), { sync: "manual" }).options, async (third) => {
      assertEquals(shown(await readAll(third)), expected);
      assertEquals(third.recovery.damages, []);
    });
  }
});

test("J10: opening from a position reads only from its segment on, and never gives lower positions out", async () => {
  const { options, files } = rig(undefined, { segmentBytes: 300 });
  await withJournal(options, async (journal) => {
    for (let i = 0; i < 20; i++) await group(journal, "x".repeat(100));
  });
  const reads = files.count("read");
  await withJournal(rig(files).options, async (journal) => {
    // A head each, and the last segment.
    assertEquals(files.count("read") - reads, journal.segments.length + 1);
    assertEquals((await readAll(journal, position(1))).length, 20);
    assertEquals((await readAll(journal, position(7)))[0]?.position, position(7));
  }, position(20));
  await withJournal(rig(files).options, (journal) => {
    assertEquals(Number(journal.append(0, bytes("y"))), 100);
    return Promise.resolve();
  }, position(100));
});

test("J10: what only the system's cache held after a kill is made durable before the journal opens", async () => {
  const { options, files } = rig();
  const journal = await Journal.open(options);
  await group(journal, "synced");
  files.gate = (operation) => operation === "syncData" ? new Promise(() => {}) : undefined;
  journal.append(0, bytes("only written"));
  const written = files.count("write");
  await until(() => files.count("write") > written, () => "nothing was written");
  const killed = files.afterKill();
  const seen = await withJournal(rig(killed).options, async (again) => {
    const seen = shown(await readAll(again));
    assertEquals(seen, ["1:6:synced", "2:0:only written"]);
    await withJournal(rig(killed.afterPowerCut()).options, async (third) => {
      assertEquals(shown(await readAll(third)), seen);
    });
    return seen;
  });
  assertEquals(seen.length, 2);
});

test("J17: a cut also forgets the copies that a failed fsync left in an earlier segment", async () => {
  const { options, files } = rig(undefined, { segmentBytes: 1 << 20 });
  const journal = await Journal.open(options);
  await group(journal, "a");
  let failed = false;
  files.fault = (operation) => operation === "syncData" && !failed && (failed = true) ? "EIO" : undefined;
  await group(journal, "b");
  await journal.cutAfter(position(1));
  await journal.close();
  await withJournal(rig(files.afterKill()).options, async (again) => {
    assertEquals(shown(await readAll(again)), ["1:1:a"]);
  });
});
