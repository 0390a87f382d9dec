import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { Journal, JournalError, position } from "../../../src/journal/mod.ts";
import { HEAD } from "./layout.ts";
import { bytes, group, readAll, rig, shown, test, until, withJournal } from "./rig.ts";

test("J1: records come back in order with their positions, flags and bodies", async () => {
  const { options } = rig();
  await withJournal(options, async (journal) => {
    await group(journal, "a", "bb", "ccc");
    await group(journal, "", "eeeee");
    assertEquals(shown(await readAll(journal)), ["1:1:a", "2:2:bb", "3:3:ccc", "4:0:", "5:5:eeeee"]);
    assertEquals([journal.first, journal.last, journal.durable], [1, 5, 5].map(position));
  });
  await withJournal(options, async (journal) => {
    assertEquals(journal.recovery.damages, []);
    assertEquals(shown(await readAll(journal, position(4))), ["4:0:", "5:5:eeeee"]);
    assertEquals(journal.append(0, bytes("f")), position(6));
  });
});

test("J6: what is appended while one fdatasync is in flight goes down together with the next", async () => {
  const { options, files } = rig(undefined, { segmentBytes: 1 << 20 });
  await withJournal(options, async (journal) => {
    await group(journal, "first");
    let open = (): void => {};
    let inFlight = 0;
    files.gate = (operation) => {
      if (operation !== "syncData") return undefined;
      inFlight++;
      return new Promise((resolve) => open = resolve);
    };
    const before = files.count("syncData");
    const durable: number[] = [];
    journal.onDurable((upTo) => durable.push(upTo));
    journal.append(0, bytes("second"));
    await until(() => inFlight === 1, () => "no fdatasync began");
    for (let i = 0; i < 1000; i++) journal.append(0, bytes(`more ${i}`));
    assertEquals(journal.durable, position(1));
    assertEquals(journal.pendingBytes > 0, true);
    open();
    await until(() => inFlight === 2, () => "the second fdatasync did not begin");
    assertEquals(durable, [2]);
    files.gate = undefined;
    open();
    await journal.sync();
    assertEquals(durable, [2, 1002]);
    assertEquals(files.count("syncData") - before, 2);
    assertEquals(journal.pendingBytes, 0);
  });
});

test("J6: nothing is durable before its fdatasync, and all of it survives a power cut after", async () => {
  const { options, files } = rig();
  const journal = await Journal.open(options);
  await group(journal, "kept", "too");
  files.gate = (operation) => operation === "syncData" ? new Promise(() => {}) : undefined;
  journal.append(0, bytes("lost"));
  const written = files.count("write");
  await until(() => files.count("write") > written, () => "nothing was written");
  const after = rig(files.afterPowerCut());
  await withJournal(after.options, async (again) => {
    assertEquals(shown(await readAll(again)), ["1:4:kept", "2:3:too"]);
  });
});

test("J6: with an interval a record counts once it is written, and one timer syncs what came since", async (way) => {
  const { options, files, timers } = rig(undefined, { durability: { mode: "interval", every: 1000 } });
  const journal = await Journal.open(options);
  // The head of a recycled segment is synced before it gets its name.
  const before = files.count("syncData") + (way.recycle ? 1 : 0);
  journal.append(0, bytes("a"));
  await until(() => journal.durable === 1, () => `durable ${journal.durable}`);
  journal.append(0, bytes("b"));
  await until(() => journal.durable === 2, () => `durable ${journal.durable}`);
  assertEquals(files.count("syncData") - before, 0);
  assertEquals(timers.waiting, 1);
  assertEquals(shown(await readAll(journal)), ["1:0:a", "2:0:b"]);
  timers.fire();
  await until(() => files.count("syncData") - before === 1, () => "no fdatasync");
  journal.append(0, bytes("c"));
  await journal.sync();
  assertEquals(files.count("syncData") - before, 2);
  await journal.close();
  assertEquals(timers.waiting, 0);
});

test("J6: in manual mode nothing touches the disk before write or sync is called", async () => {
  const { options, files } = rig(undefined, { sync: "manual", segmentBytes: 1 << 20 });
  const journal = await Journal.open(options);
  const operations = files.operations;
  for (let i = 0; i < 100; i++) journal.append(1, bytes(`block ${i}`));
  await until(() => true, () => "");
  assertEquals(files.operations, operations);
  assertEquals(await readAll(journal), []);
  await journal.write();
  assertEquals([journal.written, journal.durable].map(Number), [100, 0]);
  assertEquals((await readAll(journal)).length, 100);
  await journal.sync();
  assertEquals(Number(journal.durable), 100);
  await journal.close();
});

test("J3: positions can be chosen, with gaps, never downwards", async () => {
  const { options } = rig(undefined, { sync: "manual" });
  const journal = await Journal.open(options);
  assertEquals(Number(journal.append(0, bytes("a"), position(7))), 7);
  assertEquals(Number(journal.append(0, bytes("b"))), 8);
  journal.append(0, bytes("c"), position(100));
  assertThrows(() => journal.append(0, bytes("d"), position(100)), JournalError, "position above 100");
  assertThrows(() => journal.append(128, bytes("d")), JournalError, "flags from 0 to 127");
  await journal.close();
  assertThrows(() => journal.append(0, bytes("d")), JournalError, "is closed");
  await withJournal(options, async (again) => {
    assertEquals(shown(await readAll(again)), ["7:0:a", "8:0:b", "100:0:c"]);
    assertEquals([again.first, again.last].map(Number), [7, 100]);
    assertEquals(await again.readOne(position(50)), undefined);
    assertEquals(Number((await again.readOne(position(100)))?.position), 100);
    assertEquals(again.recovery.damages, []);
  });
});

test("J2: a newer format version is refused in words and left alone", async () => {
  const { options, files } = rig();
  await withJournal(options, (journal) => group(journal, "a"));
  const [path] = files.paths();
  const { encodeHead, decodeHead } = await import("../../../src/journal/format.ts");
  const { crc32 } = await import("node:zlib");
  const content = files.bytesOf(path ?? "");
  const reading = decodeHead(content);
  if (reading.kind !== "head") throw new Error("no head");
  assertEquals(encodeHead(reading.head), content.slice(0, HEAD));
  new DataView(content.buffer).setUint32(8, 4, true);
  new DataView(content.buffer).setUint32(
    12,
    crc32(content.subarray(16, HEAD), crc32(content.subarray(0, 12))),
    true,
  );
  files.put(path ?? "", content);
  const error = await assertRejects(() => Journal.open(options), JournalError, `format version "4"`);
  assertEquals(error.reason, "future_version");
  assertEquals(files.paths(), [path ?? ""]);
});
