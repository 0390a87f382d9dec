import { assert, assertEquals } from "@std/assert";
import { type AuditVerdict, type StoredEntry, verifyAudit } from "../../../src/audit/mod.ts";
import { canonicalJson } from "../../../src/audit/canonical_json.ts";
import { decodeEntry, encodeEntry, hashOf } from "../../../src/audit/stored_entry.ts";
import { Journal, position, readFolder } from "../../../src/journal/mod.ts";
import { MemoryFiles } from "../../support/memory_files.ts";
import { rig } from "../journal/rig.ts";
import { FOLDER, written } from "./build.ts";

Deno.test("C3: every byte of the log, flipped, is found, at the entry that holds it or behind it", async () => {
  const files = await written(4);
  assertEquals((await verifyAudit(files, FOLDER)).broken, undefined);
  const path = `${files.paths()[0]}`;
  const bytes = files.bytesOf(path);
  assert(bytes.length > 1_500, `${bytes.length} bytes`);
  const reasons = new Set<string>();
  for (let at = 0; at < bytes.length; at++) {
    const changed = bytes.slice();
    changed[at] = (changed[at] ?? 0) ^ (1 << at % 8);
    files.put(path, changed);
    const { broken } = await verifyAudit(files, FOLDER).catch((error): Pick<AuditVerdict, "broken"> => ({
      broken: { sequence: 1, reason: "unreadable", text: String(error) },
    }));
    assert(broken !== undefined, `the flipped byte ${at} of ${bytes.length} was not found`);
    assert(broken.sequence >= 1 && broken.sequence <= 5, `byte ${at}: ${broken.sequence}`);
    reasons.add(broken.reason);
  }
  assertEquals([...reasons].sort(), ["unfinished", "unreadable"]);
});

async function entriesOf(files: MemoryFiles): Promise<StoredEntry[]> {
  const found: StoredEntry[] = [];
  for await (const item of readFolder(files, FOLDER)) {
    if (item.kind !== "entry") continue;
    const entry = decodeEntry(item.entry.body);
    assert(entry !== undefined);
    found.push(entry);
  }
  return found;
}

/** A log made anew of these entries, with checksums that are right: what someone would do who knows the format. */
async function forged(entries: readonly StoredEntry[], at?: readonly number[]): Promise<AuditVerdict> {
  const { options, files } = rig(new MemoryFiles(), { folder: FOLDER, segmentBytes: 1_000_000 });
  const journal = await Journal.open(options);
  for (const [index, entry] of entries.entries()) {
    journal.append(0, encodeEntry(entry), position(at?.[index] ?? entry.sequence));
  }
  await journal.close();
  return await verifyAudit(files, FOLDER);
}

const real = await entriesOf(await written(5));

function with2(change: Partial<StoredEntry>): StoredEntry[] {
  return real.map((entry) => entry.sequence === 2 ? { ...entry, ...change } : entry);
}

for (
  const [what, change] of Object.entries<Partial<StoredEntry>>({
    "who did it": { actor: "someone-else" },
    "the role": { role: "admin" },
    "what was done": { action: "silence_added" },
    "when": { at: "2026-07-01T14:00:01.000Z" },
    "from where": { address: null },
    "the request": { request_id: "request-2" },
    "to what": { target: "alert-3" },
    "a detail": { detail: { note: "on my waY" } },
    "a further detail": { detail: { note: "on my way", more: null } },
    "the hash": { hash: "0".repeat(64) },
  })
) {
  Deno.test(`C1: an entry with another value for ${what} is found by its number`, async () => {
    const { broken } = await forged(with2(change));
    assertEquals([broken?.sequence, broken?.reason], [2, "changed"]);
  });
}

Deno.test("C2: an entry that was changed and hashed anew breaks the chain at the next", async () => {
  const second = real[1];
  assert(second !== undefined);
  const { hash: _, ...rest } = { ...second, actor: "someone-else" };
  const { broken } = await forged(with2({ ...rest, hash: hashOf(rest) }));
  assertEquals([broken?.sequence, broken?.reason], [3, "not_joined"]);
});

Deno.test("C1: a hash covers the one before, so to hide a change all that follow must be hashed anew", async () => {
  const [, second, third] = real;
  assert(second !== undefined && third !== undefined);
  const { hash: _, ...changed } = { ...second, actor: "someone-else" };
  const forgedSecond = { ...changed, hash: hashOf(changed) };
  const { broken } = await forged(real.map((entry) => {
    if (entry.sequence === 2) return forgedSecond;
    return entry.sequence === 3 ? { ...third, previous: forgedSecond.hash } : entry;
  }));
  assertEquals([broken?.sequence, broken?.reason], [3, "changed"]);
});

Deno.test("C1: the hash is what sha256sum makes of it", () => {
  const entry: Omit<StoredEntry, "hash"> = {
    ...{
      action: "sign_in",
      actor: "ops",
      role: "operator",
      address: "10.0.0.7",
      request_id: "r-1",
      target: null,
    },
    ...{ detail: {}, at: "2026-07-01T14:12:30.000Z", sequence: 1, previous: "0".repeat(64) },
  };
  assertEquals(hashOf(entry), "ecafb96cb195ed55681c21a0fe9701cde5cf922d903b61b0065ec3c2030e9c29");
});

Deno.test("C3: a removed, a moved and an added entry are found", async () => {
  const without = await forged(real.filter(({ sequence }) => sequence !== 3));
  assertEquals([without.broken?.sequence, without.broken?.reason], [3, "missing"]);
  const closed = await forged(real.filter(({ sequence }) => sequence !== 3), [1, 2, 3, 4]);
  assertEquals([closed.broken?.sequence, closed.broken?.reason], [3, "moved"]);
  const [one, two, three] = real;
  assert(one !== undefined && two !== undefined && three !== undefined);
  const swapped = await forged([one, { ...three, sequence: 2 }, { ...two, sequence: 3 }]);
  assertEquals([swapped.broken?.sequence, swapped.broken?.reason], [2, "not_joined"]);
  const added = await forged([one, { ...two, actor: "added" }, { ...two, sequence: 3 }]);
  assertEquals(added.broken?.sequence, 2);
});

Deno.test("canonical JSON sorts keys at every depth and writes numbers and strings as RFC 8785 does", () => {
  const value = { "\u20ac": 1, "\r": 2, "1": { b: [1, { d: null, c: true }], a: 1e21 }, "": 0.1 };
  assertEquals(
    canonicalJson(value),
    '{"":0.1,"\\r":2,"1":{"a":1e+21,"b":[1,{"c":true,"d":null}]},"€":1}',
  );
});
