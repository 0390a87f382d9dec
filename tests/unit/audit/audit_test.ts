import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { NO_ENTRY, verifyAudit } from "../../../src/audit/mod.ts";
import { Journal, KeyRing } from "../../../src/journal/mod.ts";
import { MemoryFiles } from "../../support/memory_files.ts";
import { rig, until } from "../journal/rig.ts";
import { FOLDER, note, openAudit, written } from "./build.ts";

const all = { limit: 500, before: null, action: null };

Deno.test("C5: a settled entry survives a power cut, and the next process goes on behind it", async () => {
  const files = new MemoryFiles();
  const first = await openAudit(files);
  first.audit.record(note({ target: "one" }));
  first.audit.record(note({ target: "two" }));
  await first.audit.settled();
  const { head } = first.audit;
  const after = files.afterPowerCut();
  await first.journal.close();
  const second = await openAudit(after);
  assertEquals(second.audit.head, head);
  second.audit.record(note({ target: "three" }));
  await second.audit.settled();
  const { items } = await second.audit.entries(all);
  assertEquals(items.map(({ sequence, target }) => `${sequence} ${target}`), ["3 three", "2 two", "1 one"]);
  await second.journal.close();
  const verdict = await verifyAudit(after, FOLDER);
  assertEquals([verdict.entries, verdict.broken, verdict.first?.previous], [3, undefined, NO_ENTRY]);
});

Deno.test("C5: a torn tail is cut off, and the chain goes on unbroken", async () => {
  const files = await written(3);
  const path = `${files.paths()[0]}`;
  const bytes = files.bytesOf(path);
  // Without its last marker and a part of the last entry: a write that a crash broke off.
  files.put(path, bytes.slice(0, bytes.length - 60));
  assertEquals((await verifyAudit(files, FOLDER)).broken?.reason, "unfinished");
  const { audit, journal } = await openAudit(files);
  assertEquals(audit.head.sequence, 2);
  assert(journal.recovery.tornBytes > 0);
  audit.record(note());
  await journal.close();
  const verdict = await verifyAudit(files, FOLDER);
  assertEquals([verdict.entries, verdict.broken, verdict.last?.sequence], [3, undefined, 3]);
});

Deno.test("C4: beyond its size the oldest segments go, and what is left names the hash before", async () => {
  const files = new MemoryFiles();
  const { audit, journal } = await openAudit(files, { segmentBytes: 5_000 }, { maxBytes: 20_000 });
  const hashes = new Map<number, string>();
  for (let i = 1; i <= 200; i++) {
    audit.record(note());
    hashes.set(audit.head.sequence, audit.head.hash);
    await audit.settled();
  }
  await until(() => audit.bytes <= 20_000, () => `${audit.bytes} bytes`);
  await journal.close();
  const verdict = await verifyAudit(files, FOLDER);
  assertEquals(verdict.broken, undefined);
  assertEquals(verdict.last?.sequence, 200);
  const first = verdict.first?.sequence ?? 0;
  assert(first > 1 && verdict.entries === 200 - first + 1, `first ${first}, ${verdict.entries} entries`);
  assertEquals(verdict.first?.previous, hashes.get(first - 1));
});

Deno.test("the list is read to its end by its cursor, each entry once, also of one action", async () => {
  const { audit, journal } = await openAudit();
  for (let i = 1; i <= 1_300; i++) {
    audit.record(note({ action: i % 400 === 0 ? "sign_in" : "refused" }));
    if (i % 500 === 0) await audit.settled();
  }
  const read = async (action: "sign_in" | null, limit: number): Promise<number[]> => {
    const seen: number[] = [];
    for (let before: number | null = null;;) {
      const page = await audit.entries({ limit, before, action });
      seen.push(...page.items.map(({ sequence }) => sequence));
      if (page.next === null) return seen;
      before = page.next;
    }
  };
  assertEquals(await read(null, 7), Array.from({ length: 1_300 }, (_, i) => 1_300 - i));
  assertEquals(await read("sign_in", 2), [1_200, 800, 400]);
  await journal.close();
});

Deno.test("C6: on a full disk what people do goes on; entries wait, are shown, and go down later", async () => {
  const files = new MemoryFiles();
  const { audit, journal } = await openAudit(files);
  audit.record(note({ target: "before" }));
  await audit.settled();
  files.fault = (operation) => operation === "write" ? "ENOSPC" : undefined;
  for (let i = 0; i < 1_010; i++) audit.record(note({ target: `during ${i}` }));
  await audit.settled();
  const { trouble } = audit;
  assertEquals([trouble?.waiting, trouble?.lost], [1_000, 10]);
  assert(trouble?.detail.includes("ENOSPC"), trouble?.detail);
  const { items } = await audit.entries({ ...all, limit: 2 });
  assertEquals(items.map(({ target }) => target), ["during 999", "during 998"]);
  files.fault = undefined;
  await audit.settled();
  assertEquals(audit.trouble, undefined);
  audit.record(note({ target: "after" }));
  await journal.close();
  const verdict = await verifyAudit(files, FOLDER);
  assertEquals([verdict.entries, verdict.broken], [1_002, undefined]);
  assertEquals(verdict.last?.detail, { note: "on my way", audit_lost: 10 });
});

Deno.test("an entry that comes after the end is counted and does no harm", async () => {
  const { audit, journal } = await openAudit();
  await journal.close();
  audit.record(note());
  await audit.settled();
  assertEquals(audit.head, { sequence: 0, hash: NO_ENTRY });
});

Deno.test("an encrypted audit needs the key to be judged, and is unbroken with it", async () => {
  const keys = await KeyRing.of(new Uint8Array(32).fill(7));
  const files = new MemoryFiles();
  const { audit, journal } = await openAudit(files, { keys });
  audit.record(note({ actor: "someone-by-name" }));
  await journal.close();
  const stored = files.paths().map((path) => new TextDecoder().decode(files.bytesOf(path))).join();
  assertEquals(stored.includes("someone-by-name"), false);
  assertEquals(await verifyAudit(files, FOLDER).then(({ locked, entries }) => [locked, entries]), [true, 0]);
  const verdict = await verifyAudit(files, FOLDER, keys);
  assertEquals([verdict.locked, verdict.entries, verdict.broken], [false, 1, undefined]);
});

Deno.test("equal notes have different hashes, since each holds the one before", async () => {
  const files = await written(0);
  const { audit, journal } = await openAudit(files);
  audit.record(note());
  const one = audit.head.hash;
  audit.record(note());
  assertNotEquals(audit.head.hash, one);
  await journal.close();
});

Deno.test("a journal whose last record cannot be read is gone on behind, and the gap shows", async () => {
  const files = await written(3);
  const { options } = rig(files, { folder: FOLDER, segmentBytes: 1_000_000 });
  const journal = await Journal.open(options);
  journal.append(0, new TextEncoder().encode("no entry"));
  await journal.close();
  const again = await openAudit(files);
  assertEquals(again.audit.head.sequence, 3);
  again.audit.record(note());
  assertEquals(again.audit.head.sequence, 5);
  await again.journal.close();
  const { broken, last } = await verifyAudit(files, FOLDER);
  assertEquals([broken?.reason, broken?.sequence, last?.sequence], ["no_entry", 4, 5]);
});
