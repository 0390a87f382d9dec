import { assert, assertEquals } from "@std/assert";
import { type Entry, Journal, position } from "../../../src/journal/mod.ts";
import { bytes, group, readAll, rig, test, text, withJournal } from "./rig.ts";

test("J18: a cursor follows appends, segment by segment, and sees each record once", async () => {
  const { options } = rig(undefined, { segmentBytes: 400 });
  await withJournal(options, async (journal) => {
    const cursor = journal.read(position(3));
    const seen: Entry[] = [];
    assertEquals(await cursor.next(1000), []);
    for (let i = 1; i <= 50; i++) {
      journal.append(0, bytes(`record ${i}`));
      if (i % 3 === 0) await journal.sync();
      seen.push(...await cursor.next(30));
    }
    await journal.sync();
    for (;;) {
      const more = await cursor.next(30);
      if (more.length === 0) break;
      seen.push(...more);
    }
    cursor.close();
    assertEquals(seen.map(({ position }) => Number(position)), Array.from({ length: 48 }, (_, i) => i + 3));
    assertEquals(seen.map(text), Array.from({ length: 48 }, (_, i) => `record ${i + 3}`));
    assertEquals(Number(cursor.position), 51);
  });
});

test("J18: a cursor returns about as many bytes as asked, at least one record", async () => {
  const { options } = rig(undefined, { segmentBytes: 1 << 20 });
  await withJournal(options, async (journal) => {
    for (let i = 0; i < 10; i++) journal.append(0, new Uint8Array(100));
    await journal.sync();
    const cursor = journal.read(position(1));
    assertEquals((await cursor.next(1)).length, 1);
    assertEquals((await cursor.next(250)).length, 3);
    assertEquals((await cursor.next(1 << 20)).length, 6);
    assertEquals((await cursor.next(1 << 20)).length, 0);
    cursor.close();
  });
});

test("J18: a record larger than any chunk or segment is read whole, and bodies stay as they were", async () => {
  const { options } = rig(undefined, { segmentBytes: 1000 });
  await withJournal(options, async (journal) => {
    const large = new Uint8Array(700_000).map((_, i) => i % 251);
    await group(journal, "small");
    journal.append(9, large);
    await group(journal, "behind");
    const all = await readAll(journal, position(1), 1 << 30);
    assertEquals(all.map(({ body }) => body.length), [5, 700_000, 6]);
    assertEquals(all[1]?.body, large);
  });
});

test("J18: a cursor whose segments are trimmed goes on with the first that is left", async () => {
  const { options } = rig(undefined, { segmentBytes: 300 });
  await withJournal(options, async (journal) => {
    for (let i = 0; i < 12; i++) await group(journal, "x".repeat(100));
    const slow = journal.read(position(1));
    const late = journal.read(position(1));
    const some = [...await slow.next(1)];
    await journal.trim(position(9));
    for (;;) {
      const more = await slow.next(1000);
      if (more.length === 0) break;
      some.push(...more);
    }
    const positions = some.map(({ position }) => Number(position));
    assertEquals(positions.at(-1), 12);
    assertEquals(new Set(positions).size, positions.length);
    const [first] = await late.next(1);
    assertEquals(first?.position, journal.first);
    slow.close();
    late.close();
  });
});

test("J16: damage that appears while the journal is open is skipped, told and set aside once", async () => {
  const { options, files, events } = rig(undefined, { segmentBytes: 300 });
  await withJournal(options, async (journal) => {
    for (let i = 0; i < 6; i++) await group(journal, "x".repeat(100));
    const [path] = files.paths();
    const open = files.open.bind(files);
    files.open = async (name, how) => {
      const file = await open(name, how);
      if (name !== path || how !== "read") return file;
      return {
        ...file,
        read: async (into, at) => {
          const got = await file.read(into, at);
          if (at <= 120 && at + got > 120) into[120 - at] = 0;
          return got;
        },
      };
    };
    for (let round = 0; round < 2; round++) {
      assertEquals((await readAll(journal)).map(({ position }) => Number(position)), [2, 3, 4, 5, 6]);
    }
    const damages = events.flatMap((event) => event.kind === "corrupt" ? [event.damage] : []);
    assertEquals(damages.map(({ after, before }) => [Number(after), Number(before)]), [[0, 2]]);
    assert(files.paths().includes(`${path}.corrupt`));
  });
});

test("J18: one record is found by its position, wherever it is", async () => {
  const { options } = rig(undefined, { segmentBytes: 200_000 });
  await withJournal(options, async (journal) => {
    for (let i = 1; i <= 3000; i++) journal.append(0, bytes(`${i}`.padEnd(200)));
    await journal.sync();
    for (const at of [1, 2, 299, 1500, 2999, 3000]) {
      assertEquals(text(await journal.readOne(position(at)))?.trim(), String(at));
    }
    assertEquals(await journal.readOne(position(3001)), undefined);
  });
  await withJournal(options, async (journal) => {
    assertEquals(text(await journal.readOne(position(1234)))?.trim(), "1234");
  }, position(3000));
  await (await Journal.open(options)).close();
});
