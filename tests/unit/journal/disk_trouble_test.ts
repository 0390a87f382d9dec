import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { Journal, JournalError, type JournalEvent } from "../../../src/journal/mod.ts";
import { MemoryFiles } from "../../support/memory_files.ts";
import { endOf, HEAD, layout } from "./layout.ts";
import { bytes, group, readAll, rig, shown, test, until, withJournal } from "./rig.ts";

function kinds(events: readonly JournalEvent[]): string[] {
  return events.map(({ kind }) => kind).filter((kind) => kind !== "segment_opened");
}

for (const code of ["ENOSPC", "EIO", "EROFS", "short"]) {
  test(`J7: after ${code} on write the file is whole, the group waits in memory and goes down when it can`, async (way) => {
    const { options, files, timers, events } = rig(undefined, { segmentBytes: 1 << 20 });
    const journal = await Journal.open(options);
    await group(journal, "before");
    const path = files.paths()[0] ?? "";
    // Head, marker, the record, and the marker that says the record is durable.
    const marker = way.recycle ? 25 : 17;
    const size = HEAD + marker + (17 + 6 + way.tag) + marker;
    await until(() => endOf(files.bytesOf(path)) === size, () => `${endOf(files.bytesOf(path))} bytes`);
    let writes = 0;
    files.fault = (operation) => {
      if (operation !== "write") return undefined;
      return code === "short" ? (writes++ === 0 ? "short" : "ENOSPC") : code;
    };
    journal.append(0, bytes("during"));
    await until(() => journal.trouble !== undefined, () => "no trouble");
    assertEquals(journal.trouble?.reason, code === "short" ? "ENOSPC" : code);
    assertEquals(files.bytesOf(path).length, size);
    assertEquals(Number(journal.durable), 1);
    assert(journal.pendingBytes > 0);
    journal.append(0, bytes("and more"));
    const error = await assertRejects(() => journal.sync(), JournalError, "it will try again");
    assertEquals(error.reason, "trouble");
    timers.fire();
    await until(() => timers.waiting === 1, () => "no second try");
    assertEquals(kinds(events), ["write_failed"]);
    files.fault = undefined;
    timers.fire();
    await until(() => Number(journal.durable) === 3, () => `durable ${journal.durable}`);
    assertEquals(journal.trouble, undefined);
    assertEquals(kinds(events), ["write_failed", "write_recovered"]);
    assertEquals(shown(await readAll(journal)), ["1:6:before", "2:0:during", "3:0:and more"]);
    assertEquals(layout(files.bytesOf(path)).filter(({ kind }) => kind === "entry").length, 3);
    await journal.close();
  });
}

test("J7: a disk that is full takes the stuck group as soon as a trim has made space", async () => {
  const { options, files, timers } = rig(undefined, { segmentBytes: 400 });
  const journal = await Journal.open(options);
  for (let i = 0; i < 6; i++) await group(journal, "x".repeat(250));
  files.capacity = files.paths().reduce((sum, path) => sum + files.bytesOf(path).length, 0) + 100;
  journal.append(0, bytes("y".repeat(250)));
  await until(() => journal.trouble?.reason === "ENOSPC", () => "no trouble");
  const trimmed = await journal.trim(journal.durable);
  assert(trimmed.segments > 0 && trimmed.bytes > 0);
  await journal.sync();
  assertEquals(Number(journal.durable), 7);
  assertEquals(timers.waiting, 0);
  await journal.close();
});

test("J7: a file that cannot be cut back after a failed write is left behind, sealed at its last group", async () => {
  const { options, files, timers } = rig(undefined, { segmentBytes: 1 << 20 });
  const journal = await Journal.open(options);
  await group(journal, "a");
  let failures = 0;
  files.fault = (operation) => {
    if (operation === "write") return failures++ === 0 ? "short" : failures === 2 ? "EIO" : undefined;
    return operation === "truncate" ? "EIO" : undefined;
  };
  journal.append(0, bytes("b".repeat(100)));
  await until(() => timers.waiting === 1, () => "no trouble");
  timers.fire();
  await journal.sync();
  await journal.close();
  assertEquals(journal.segments.length, 2);
  await withJournal(rig(files.afterPowerCut()).options, async (again) => {
    assertEquals((await readAll(again)).map(({ body }) => body.length), [1, 100]);
    assertEquals(again.recovery.damages, []);
  });
});

test("J8: a failed fsync is never repeated: the same group goes into a new segment, under its positions", async () => {
  const { options, files, events } = rig(undefined, { segmentBytes: 1 << 20 });
  const journal = await Journal.open(options);
  await group(journal, "a", "b");
  const synced: string[] = [];
  let failed = false;
  files.fault = (operation, path) => {
    if (operation !== "syncData") return undefined;
    synced.push(path);
    if (failed) return undefined;
    failed = true;
    return "EIO";
  };
  const durable: number[] = [];
  journal.onDurable((upTo) => durable.push(upTo));
  await group(journal, "c", "d");
  await group(journal, "e");
  assertEquals(durable, [4, 5]);
  assertEquals(kinds(events), ["sync_failed"]);
  assertEquals(synced.filter((path) => path === synced[0]).length, 1);
  const expected = ["1:1:a", "2:1:b", "3:1:c", "4:1:d", "5:1:e"];
  assertEquals(shown(await readAll(journal)), expected);
  await journal.close();
  // The unsynced copy may survive in the first segment as well: each position is read once.
  for (const after of [files.afterPowerCut(), files.afterKill()]) {
    await withJournal(rig(after).options, async (again) => {
      assertEquals(shown(await readAll(again)), expected);
      assertEquals(again.recovery.damages, []);
    });
  }
});

test("J14: a position in two segments is read once even where the head with the seal is damaged", async () => {
  const { options, files } = rig(undefined, { segmentBytes: 1 << 20 });
  const journal = await Journal.open(options);
  await group(journal, "a", "b");
  let failed = false;
  files.fault = (operation) => operation === "syncData" && !failed && (failed = true) ? "EIO" : undefined;
  await group(journal, "c", "d");
  await journal.close();
  const [first, second] = files.paths();
  assertEquals(layout(files.bytesOf(first ?? "")).filter(({ kind }) => kind === "entry").length, 4);
  const head = files.bytesOf(second ?? "");
  head[50] = 0xff;
  files.put(second ?? "", head);
  await withJournal(rig(files).options, async (again) => {
    assertEquals(shown(await readAll(again)), ["1:1:a", "2:1:b", "3:1:c", "4:1:d"]);
    assertEquals(again.segments.map(({ first, last }) => [Number(first), Number(last)]), [[1, 2], [3, 4]]);
    // Only the head itself is damaged: what the failed fsync left in the first segment is not.
    assertEquals(again.recovery.damages.map(({ segment, offset }) => `${segment} ${offset}`), [
      `${second?.slice(3)} 0`,
    ]);
  });
});

test("J8: an fsync that fails on a segment's first group leaves one segment with its positions", async () => {
  const { options, files } = rig();
  const journal = await Journal.open(options);
  let failed = false;
  files.fault = (operation) => operation === "syncData" && !failed && (failed = true) ? "EIO" : undefined;
  await group(journal, "a", "b");
  await journal.close();
  assertEquals(files.paths().length, 1);
  await withJournal(rig(files.afterPowerCut()).options, async (again) => {
    assertEquals(shown(await readAll(again)), ["1:1:a", "2:1:b"]);
  });
});

test("J8: a second failed fsync in a row is the end: told once, nothing acknowledged, nothing accepted", async () => {
  const { options, files, events, timers } = rig();
  const journal = await Journal.open(options);
  await group(journal, "a");
  files.fault = (operation) => operation === "syncData" ? "EIO" : undefined;
  journal.append(0, bytes("b"));
  const error = await assertRejects(() => journal.sync(), JournalError, "fsync failed twice in a row");
  assertEquals(error.reason, "fatal");
  assertEquals(kinds(events), ["sync_failed", "sync_failed", "fatal"]);
  assertEquals(journal.trouble?.reason, "fsync");
  assertEquals(Number(journal.durable), 1);
  assertThrows(() => journal.append(0, bytes("c")), JournalError, "fsync failed twice");
  files.fault = undefined;
  journal.retryNow();
  assertEquals(timers.waiting, 0);
  await assertRejects(() => journal.close(), JournalError);
  await withJournal(rig(files.afterPowerCut()).options, async (again) => {
    assertEquals(shown(await readAll(again)), ["1:1:a"]);
  });
});

test("J10: what a dead process could not fsync is copied, not synced again, and survives a power cut", async () => {
  const { options, files } = rig();
  const journal = await Journal.open(options);
  await group(journal, "a");
  files.fault = (operation) => operation === "syncData" ? "EIO" : undefined;
  journal.append(0, bytes("b"));
  await assertRejects(() => journal.sync(), JournalError);
  await journal.close().catch(() => {});
  // The system's cache still shows the record, and from now on every fsync says yes.
  const killed = files.afterKill();
  await withJournal(rig(killed).options, async (again) => {
    const seen = shown(await readAll(again));
    assertEquals(seen, ["1:1:a", "2:0:b"]);
    await withJournal(rig(killed.afterPowerCut()).options, async (third) => {
      assertEquals(shown(await readAll(third)), seen);
    });
  });
});

test("J9: whatever call fails, once or for ever, nothing acknowledged is lost and nothing comes twice", async (way) => {
  // Encryption makes no call of the disk's; what it could upset is that a group goes down a second time.
  const plain = way.keys === undefined;
  for (const times of plain ? [1, 2, Infinity] : [1, 2]) {
    for (const code of plain ? ["EIO", "ENOSPC", "short"] : ["short"]) {
      for (let nth = 1;; nth++) {
        const files = new MemoryFiles();
        let hits = 0;
        files.fault = (_operation, _path, number) =>
          number >= nth && hits < times && ++hits > 0 ? code : undefined;
        const acknowledged = await workload(files);
        files.fault = undefined;
        for (
          const after of [files.afterPowerCut(), files.afterKill(), files.afterPowerCut(undefined, "all")]
        ) {
          const again = await Journal.open(rig(after, { segmentBytes: 200 }).options);
          const left = (await readAll(again)).map((entry) => Number(entry.position));
          const where = `${code} × ${times} at call ${nth}: ${left} of ${acknowledged}`;
          assertEquals(left.slice(0, acknowledged), range(acknowledged), where);
          assertEquals(left, range(left.length), where);
          assertEquals(again.recovery.damages.filter(({ kind }) => kind === "corrupt"), [], where);
          await group(again, "later");
          assertEquals((await readAll(again)).length, left.length + 1, where);
          await again.close();
        }
        if (hits === 0) break;
      }
    }
  }
});

/** Appends in several groups over several segments, retrying as the owner would; returns how many were acknowledged. */
async function workload(files: MemoryFiles): Promise<number> {
  const { options, timers } = rig(files, { segmentBytes: 200 });
  let journal: Journal;
  try {
    journal = await Journal.open(options);
  } catch {
    return 0;
  }
  let acknowledged = 0;
  journal.onDurable((upTo) => acknowledged = upTo);
  try {
    for (let i = 0; i < 8; i++) {
      journal.append(0, bytes(`record ${i}`));
      if (i % 2 === 1) {
        journal.append(0, bytes("x".repeat(50)));
        await journal.sync().catch(() => timers.fire());
      }
    }
  } catch (error) {
    assert(error instanceof JournalError && error.reason === "fatal", String(error));
  }
  await journal.close().catch(() => {});
  return acknowledged;
}

function range(length: number): number[] {
  return Array.from({ length }, (_, i) => i + 1);
}
