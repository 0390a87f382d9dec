import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { Inbox, JournalTime } from "../../../src/buffer/mod.ts";
import { Journal, KeyRing } from "../../../src/journal/mod.ts";
import type { Batch } from "../../../src/pipeline/mod.ts";
import { journalView, readStretch, ReplayProblem } from "../../../src/replay/mod.ts";
import { MemoryFiles } from "../../support/memory_files.ts";
import { rig } from "../journal/rig.ts";
import { messageOf } from "../pipeline/river_bench.ts";

/** A gateway's inbox with small segments, which moves what it trims into the archive. */
async function opened(keys?: KeyRing, files = new MemoryFiles()) {
  const { options } = rig(files, { segmentBytes: 4_096, folder: "data/inbox", keys });
  const journal = await Journal.open(options);
  const time = new JournalTime({ wall: () => 1_800_000_000_000, monotonic: () => 1_000 });
  const inbox = new Inbox(journal, time, 0);
  const append = async (count: number): Promise<void> => {
    for (let n = 0; n < count; n++) {
      inbox.message(messageOf(`plant/d${n % 5}`, "x".repeat(100)));
      if (n % 8 === 7) await inbox.sync();
    }
    await inbox.sync();
  };
  return { files, journal, inbox, append, trim: (before: number) => inbox.trim(before, "data/archive") };
}

async function read(
  files: MemoryFiles,
  { keys, after = 0, each = () => Promise.resolve() }: {
    keys?: KeyRing;
    after?: number;
    each?: (batch: Batch) => Promise<void>;
  } = {},
): Promise<{ positions: number[]; lost: number[] }> {
  const view = await journalView(files, "data", "inbox", keys);
  const positions: number[] = [];
  const lost: number[] = [];
  for await (const batch of readStretch(view, keys, after)) {
    if (batch.lost > 0) lost.push(batch.lost);
    for (const { position } of batch.records) positions.push(position);
    await each(batch);
  }
  return { positions, lost };
}

const upTo = (last: number, first = 1): number[] =>
  Array.from({ length: last - first + 1 }, (_, n) => first + n);

const archived = (files: MemoryFiles): string[] =>
  files.paths().filter((path) => path.startsWith("data/archive/"));

Deno.test("H1: archive and inbox are one journal, each record once and in order, and nothing is written", async () => {
  const { files, append, trim, inbox } = await opened();
  await append(200);
  await trim(120);
  assert(archived(files).length > 2);
  const before = files.paths();
  const writes = files.count("write");
  assertEquals(await read(files), { positions: upTo(200), lost: [] });
  assertEquals(await read(files, { after: 150 }), { positions: upTo(200, 151), lost: [] });
  assertEquals([files.paths(), files.count("write")], [before, writes]);
  await inbox.close();
});

Deno.test("H1: the archive alone, and the inbox alone, are read as far as they go", async () => {
  const { files, append, trim, inbox } = await opened();
  await append(100);
  assertEquals((await read(files)).positions, upTo(100), "there is no archive yet");
  await trim(60);
  await inbox.close();
  for (const path of files.paths()) if (!path.startsWith("data/archive/")) await files.remove(path);
  const { positions } = await read(files);
  assertEquals(positions, upTo(positions.length), "in order from the first");
  assert(positions.length > 20, `${positions.length} records`);
});

Deno.test("H1: what moves from the inbox into the archive while it is read is read once", async () => {
  const { files, append, trim, inbox } = await opened();
  await append(300);
  let moved = 0;
  // Whenever a folder is about to be listed or a segment to be opened, the oldest of the inbox have just gone.
  files.gate = async (operation, path) => {
    if ((operation !== "open" && operation !== "list") || !path.startsWith("data/") || moved > 250) return;
    moved += 10;
    await trim(moved);
  };
  assertEquals(await read(files), { positions: upTo(300), lost: [] });
  assert(moved > 100 && archived(files).length > 2);
  files.gate = undefined;
  await inbox.close();
});

Deno.test("H6: what the archive gives up while it is read is told as lost; before the first record nothing is", async () => {
  const { files, append, trim, inbox } = await opened();
  await append(300);
  await trim(280);
  const [first, , third] = archived(files);
  await files.remove(first ?? "");
  const whole = await read(files);
  assertEquals(whole.lost, []);
  assert((whole.positions[0] ?? 0) > 1);
  await files.remove(third ?? "");
  const holed = await read(files);
  assertEquals(holed.lost.length, 1);
  assertEquals(holed.positions.length + (holed.lost[0] ?? 0), whole.positions.length);
  // All but the newest segments go while the first one is being read.
  let gone = false;
  files.gate = async (operation) => {
    if (operation !== "read" || gone) return;
    gone = true;
    for (const path of archived(files).slice(2, 6)) await files.remove(path);
  };
  const late = await read(files);
  assertEquals(late.positions.at(-1), 300);
  assertEquals(
    late.positions.length + late.lost.reduce((sum, each) => sum + each, 0),
    whole.positions.length,
  );
  // One that was listed goes just before it is opened.
  const [victim = ""] = archived(files).slice(-2);
  let opens = 0;
  files.gate = async (operation, path) => {
    if (operation === "open" && path === victim && ++opens === 3) await files.remove(victim);
  };
  const { positions, lost } = await read(files);
  assertEquals([positions.at(-1), lost.length, opens], [300, 3, 3]);
  files.gate = undefined;
  await inbox.close();
});

Deno.test("H1: what is written and not known to be durable is not read, until it is", async () => {
  const { files, append, inbox } = await opened();
  await append(20);
  const { promise, resolve } = Promise.withResolvers<void>();
  files.gate = (operation) => operation === "syncData" ? promise : undefined;
  inbox.message(messageOf("plant/d1", "unsure"));
  const written = files.count("write");
  while (files.count("syncData") === 0 || files.count("write") === written) {
    await new Promise((next) => setTimeout(next, 0));
  }
  assertEquals((await read(files)).positions, upTo(20));
  files.gate = undefined;
  resolve();
  await inbox.sync();
  await inbox.close();
  assertEquals((await read(files, { after: 20 })).positions, [21]);
});

Deno.test("H6: a damaged record is told as lost, also where no other follows", async () => {
  const { files, append, inbox } = await opened();
  await append(16);
  await inbox.close();
  const [path = ""] = files.paths().filter((each) => each.startsWith("data/inbox/"));
  const whole = files.bytesOf(path);
  const flipped = (at: number): Uint8Array => {
    const bytes = whole.slice();
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    return bytes;
  };
  files.put(path, flipped(Math.floor(whole.length / 2)));
  const middle = await read(files);
  assertEquals([middle.positions.length, middle.lost], [15, [1]]);
  // The newest record stands just before the last marker, which proves that it was durable.
  files.put(path, flipped(whole.length - 60));
  assertEquals(await read(files), { positions: upTo(15), lost: [1] });
});

Deno.test("an encrypted folder needs its key, and says which it is", async () => {
  const keys = await KeyRing.of(new Uint8Array(32).fill(7));
  const { files, append, trim, inbox } = await opened(keys);
  await append(100);
  await trim(60);
  await inbox.close();
  assertEquals((await read(files, { keys })).positions, upTo(100));
  for (const other of [undefined, await KeyRing.of(new Uint8Array(32).fill(8))]) {
    const error = await assertRejects(
      () => read(files, other === undefined ? {} : { keys: other }),
      ReplayProblem,
    );
    assertStringIncludes(error.message, `The inbox of "data" is encrypted with the key "${keys.ids[0]}"`);
    assertStringIncludes(error.message, "--key-file");
  }
});

Deno.test("a folder that is no data folder, and one that cannot be read, are told apart", async () => {
  const empty = await assertRejects(() => read(new MemoryFiles()), ReplayProblem);
  assertEquals(
    empty.message,
    'The folder "data" holds neither an inbox nor an archive; give a gateway\'s data folder with --from',
  );
  const { files, append, inbox } = await opened();
  await append(3);
  await inbox.close();
  files.fault = (operation) => operation === "list" ? "EACCES" : undefined;
  const refused = await assertRejects(() => read(files), ReplayProblem);
  assertStringIncludes(refused.message, 'The inbox of "data" cannot be read: EACCES');
});
