import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { Quarantine } from "../../../src/buffer/mod.ts";
import { Journal, position } from "../../../src/journal/mod.ts";
import type { Refused } from "../../../src/model/mod.ts";
import { rig, withJournal } from "../journal/rig.ts";

const refused: fc.Arbitrary<Refused> = fc.record({
  what: fc.constantFrom("message" as const, "readings" as const, "point" as const),
  refusal: fc.record({
    reason: fc.constantFrom("range" as const, "undecodable" as const, "late" as const),
    field: fc.string({ unit: "binary" }),
    found: fc.string(),
  }, { noNullPrototype: true }),
  inboxPosition: fc.nat(),
  topic: fc.string({ unit: "grapheme" }),
  payload: fc.uint8Array({ maxLength: 200 }),
  device: fc.option(fc.string()),
  receivedAt: fc.nat(),
  readings: fc.nat(),
}, { noNullPrototype: true });

function entry(topic: string, bytes = 8): Refused {
  return {
    what: "message",
    refusal: { reason: "undecodable" },
    inboxPosition: 1,
    topic,
    payload: new Uint8Array(bytes).fill(7),
    device: null,
    receivedAt: 5,
    readings: 0,
  };
}

async function listed(quarantine: Quarantine, from = 1): Promise<Refused[]> {
  return (await Array.fromAsync(quarantine.list(from))).map(({ refused }) => refused);
}

Deno.test("an entry of the quarantine comes out as it went in, by its number and in the list", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(refused, { maxLength: 20 }), async (all) => {
      await withJournal(rig(undefined, { sync: "manual" }).options, async (journal) => {
        const quarantine = new Quarantine(journal);
        const numbers = all.map((each) => quarantine.add(each));
        assertEquals(await listed(quarantine), all);
        for (const [index, number] of numbers.entries()) {
          assertEquals((await quarantine.get(number))?.refused, all[index]);
        }
        assertEquals(quarantine.end, all.length);
      });
    }),
    { numRuns: 30 },
  );
});

Deno.test("the list begins where it is asked to, and a number that is not there is undefined", async () => {
  await withJournal(rig(undefined, { sync: "manual" }).options, async (journal) => {
    const quarantine = new Quarantine(journal);
    for (const topic of ["a", "b", "c"]) quarantine.add(entry(topic));
    assertEquals((await listed(quarantine, 2)).map(({ topic }) => topic), ["b", "c"]);
    assertEquals(await quarantine.get(4), undefined);
    assertEquals(await listed(quarantine, 4), []);
  });
});

Deno.test("synced entries survive a power cut, the others are produced again by the replay", async () => {
  const before = rig(undefined, { sync: "manual" });
  const journal = await Journal.open(before.options);
  const quarantine = new Quarantine(journal);
  quarantine.add(entry("kept"));
  await quarantine.sync();
  quarantine.add(entry("lost"));
  const files = before.files.afterPowerCut();
  await journal.close();
  await withJournal(rig(files, { sync: "manual" }).options, async (again) => {
    assertEquals((await listed(new Quarantine(again))).map(({ topic }) => topic), ["kept"]);
    await again.cutAfter(position(0));
    assertEquals(await listed(new Quarantine(again)), []);
  });
});

Deno.test("beyond its quota the oldest segments go, and the first number that is kept is told", async () => {
  await withJournal(rig(undefined, { sync: "manual" }).options, async (journal) => {
    const quarantine = new Quarantine(journal);
    for (let n = 0; n < 20; n++) {
      quarantine.add(entry(`t${n}`, 300));
      await quarantine.sync();
    }
    const [oldest] = quarantine.segments;
    assert(oldest !== undefined && quarantine.segments.length > 2);
    await quarantine.trim(oldest.last + 1);
    assertEquals(quarantine.first, oldest.last + 1);
    assertEquals((await listed(quarantine))[0]?.topic, `t${oldest.last}`);
    assertEquals(await quarantine.get(oldest.last), undefined);
  });
});

Deno.test("entries beyond a mebibyte are written without being asked for", async () => {
  await withJournal(rig(undefined, { sync: "manual", segmentBytes: 8 << 20 }).options, async (journal) => {
    const quarantine = new Quarantine(journal);
    for (let n = 0; n < 40; n++) quarantine.add(entry("big", 64 * 1024));
    await quarantine.get(40);
    assert(journal.pendingBytes <= 41 * 65_000);
    assertEquals((await listed(quarantine)).length, 40);
  });
});

Deno.test("what is erased is gone at once, from lists, by its number and in the count, and after a restart", async () => {
  const before = rig(undefined, { sync: "manual" });
  const journal = await Journal.open(before.options);
  const quarantine = new Quarantine(journal);
  for (const topic of ["a", "b", "c", "d"]) quarantine.add(entry(topic));
  assertEquals([quarantine.erase(2), quarantine.erase(4), quarantine.erase(2), quarantine.erase(5)], [
    ...[true, true, false, false],
  ]);
  const erased = quarantine.snapshotErased();
  await quarantine.sync();
  const files = before.files.afterPowerCut();
  await journal.close();
  await withJournal(rig(files, { sync: "manual" }).options, async (again) => {
    const reborn = new Quarantine(again, erased);
    assertEquals((await listed(reborn)).map(({ topic }) => topic), ["a", "c"]);
    assertEquals([await reborn.get(2), reborn.count, reborn.end], [undefined, 2, 4]);
    assertEquals((await reborn.get(3))?.refused.topic, "c");
  });
});

Deno.test("a segment leaves the disk when all of it was erased for good, and what came back of it stays gone", async () => {
  await withJournal(rig(undefined, { sync: "manual" }).options, async (journal) => {
    const quarantine = new Quarantine(journal);
    for (let n = 1; n <= 20; n++) {
      quarantine.add(entry(`t${n}`, 300));
      await quarantine.sync();
    }
    const { last = 0, bytes } = quarantine.segments[0] ?? { bytes: 0 };
    for (let id = 1; id < last; id++) quarantine.erase(id);
    quarantine.erasureIsKept();
    await quarantine.trimErased();
    assertEquals(quarantine.segments[0]?.first, 1, "one entry of it is left");
    quarantine.erase(last);
    await quarantine.trimErased();
    assertEquals(quarantine.segments[0]?.first, 1, "no checkpoint knows of it yet");
    const whole = quarantine.bytes;
    quarantine.erasureIsKept();
    await quarantine.trimErased();
    assertEquals([quarantine.first, quarantine.bytes], [last + 1, whole - bytes]);
    // All of it, and what comes later: the newest segment goes when it is the newest no more.
    for (let id = last + 1; id <= 20; id++) quarantine.erase(id);
    quarantine.erasureIsKept();
    await quarantine.trimErased();
    assertEquals([quarantine.count, quarantine.segments.length], [0, 1]);
    while (quarantine.segments.length < 2) {
      quarantine.add(entry("later", 300));
      await quarantine.sync();
    }
    await quarantine.trimErased();
    const lowest = new Quarantine(journal, { low: quarantine.end, edges: [] });
    assertEquals((await listed(lowest)).length, 1);
  });
});
