import { assert, assertEquals } from "@std/assert";
import { Inbox, JournalTime } from "../../../src/buffer/mod.ts";
import { Journal } from "../../../src/journal/mod.ts";
import type { InboxRecord } from "../../../src/model/mod.ts";
import { MemoryFiles } from "../../support/memory_files.ts";
import { rig } from "../journal/rig.ts";
import { messageOf, profile, rulesOf } from "../pipeline/river_bench.ts";

/** An inbox on memory files with clocks that stand still unless the test moves them. */
async function opened(files = new MemoryFiles(), connection = 0) {
  const { options } = rig(files, { segmentBytes: 4_096 });
  const journal = await Journal.open(options);
  const clocks = { now: 1_000, wall: () => 1_800_000_000_000 + clocks.now, monotonic: () => clocks.now };
  const time = new JournalTime(clocks);
  time.run(true);
  const inbox = new Inbox(journal, time, connection);
  return { inbox, journal, clocks, files };
}

const kinds = (records: readonly InboxRecord[]): string[] => records.map(({ content }) => content.kind);

async function replayed(inbox: Inbox, from = 1): Promise<{ records: InboxRecord[]; lost: number }> {
  const batches = await Array.fromAsync(inbox.replay(from, inbox.last));
  return {
    records: batches.flatMap(({ records }) => records),
    lost: batches.reduce((sum, { lost }) => sum + lost, 0),
  };
}

Deno.test("a record is handed on only after its fsync, in journal order", async () => {
  const { inbox, files } = await opened();
  const { promise, resolve } = Promise.withResolvers<void>();
  files.gate = (operation) => operation === "syncData" ? promise : undefined;
  inbox.session({ connection: inbox.nextConnection(), resumed: false });
  inbox.message(messageOf("a", "1"));
  inbox.tick();
  assertEquals([kinds(inbox.take()), inbox.waitingMessages, inbox.durable], [[], 1, 0]);
  let told = 0;
  inbox.onDurable((upTo) => told = upTo);
  files.gate = undefined;
  resolve();
  await inbox.sync();
  assertEquals([told, inbox.waitingMessages], [3, 1], "durable, and not taken yet");
  assertEquals(kinds(inbox.take()), ["session", "message", "tick"]);
  assertEquals([kinds(inbox.take()), inbox.waitingMessages], [[], 0]);
  await inbox.close();
});

Deno.test("what a replay gives is what was handed on, stamps included", async () => {
  const first = await opened();
  first.inbox.rules(rulesOf(profile([])));
  for (let n = 0; n < 200; n++) {
    first.clocks.now += 7;
    first.inbox.message(
      messageOf(`plant/k${n}`, "x".repeat(n), { packetId: n, userProperties: [["n", `${n}`]] }),
    );
  }
  await first.inbox.sync();
  const live = first.inbox.take();
  const files = first.files.afterPowerCut();
  await first.inbox.close();
  const again = await opened(files);
  const { records, lost } = await replayed(again.inbox);
  const plain = records.map((record) => {
    const { content } = record;
    if (content.kind !== "message") return record;
    const message = { ...content.message, payload: content.message.payload.slice() };
    return { ...record, content: { ...content, message } };
  });
  assertEquals([plain, lost], [[...live], 0]);
  assertEquals((await replayed(again.inbox, 150)).records.map(({ position }) => position).at(0), 150);
  assertEquals(
    [again.inbox.waitingMessages, kinds(again.inbox.take())],
    [0, []],
    "a replay is not handed on twice",
  );
  await again.inbox.close();
});

Deno.test("positions that damage has taken are counted, wherever they lie", async () => {
  const first = await opened();
  for (let n = 1; n <= 60; n++) {
    first.inbox.message(messageOf("t", `payload number ${n} `.repeat(8)));
    await first.inbox.sync();
  }
  const { files } = first;
  await first.inbox.close();
  const text = new TextEncoder().encode("payload number 30 ");
  for (const path of files.paths().filter((path) => path.startsWith("/j/"))) {
    const bytes = files.bytesOf(path);
    const at = bytes.findIndex((_, index) => text.every((byte, offset) => bytes[index + offset] === byte));
    if (at < 0) continue;
    bytes[at] = 0;
    files.put(path, bytes);
  }
  const again = await opened(files);
  const { records, lost } = await replayed(again.inbox);
  assertEquals([records.length, lost], [59, 1]);
  assertEquals(records.some(({ position }) => position === 30), false);
  await again.inbox.close();
});

Deno.test("connections are numbered on from the newest of an earlier life", async () => {
  const { inbox } = await opened(undefined, 41);
  assertEquals([inbox.nextConnection(), inbox.nextConnection()], [42, 43]);
  await inbox.close();
});

Deno.test("while a policy blocks nothing may be appended, and who waits is told when it lets go", async () => {
  const { inbox } = await opened();
  let told = 0;
  inbox.onWritable(() => told++);
  inbox.block("buffer", true);
  inbox.block("checkpoint", true);
  inbox.block("buffer", false);
  assertEquals([inbox.writable, told], [false, 0], "one of two reasons is left");
  inbox.block("checkpoint", false);
  assertEquals([inbox.writable, told], [true, 1]);
  await inbox.close();
  assertEquals(inbox.writable, false);
});

Deno.test("while the disk takes nothing it is not writable, and nothing is handed on", async () => {
  const { inbox, files, journal } = await opened();
  files.fault = (operation) => operation === "write" ? "ENOSPC" : undefined;
  inbox.message(messageOf("t", "x"));
  await inbox.sync().catch(() => {});
  assertEquals([inbox.writable, kinds(inbox.take())], [false, []]);
  files.fault = undefined;
  journal.retryNow();
  await inbox.sync();
  assert(inbox.writable);
  assertEquals(kinds(inbox.take()), ["message"]);
  await inbox.close();
});
