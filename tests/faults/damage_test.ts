/** Bytes of the inbox that are not what was written: each costs at most the record that it hits, and that is counted. */
import { assert, assertEquals, assertGreater } from "@std/assert";
import { crc32 } from "node:zlib";
import { Dice } from "../../devices/simulator/dice.ts";
import { connectPublisher } from "../support/publisher.ts";
import { until } from "../support/until.ts";
import { layout, type Part } from "../unit/journal/layout.ts";
import { flip, knownTo, recordsIn, recordsOf, segmentsOf } from "./kit/folder_files.ts";
import { accountedWithout, KilledFolder, type Row, scenario, seedOf, together } from "./kit/mod.ts";

/** How many bytes are turned around at once. */
const FLIPS = [1, 3, 10, 30];

/** Messages after a recovery. */
const AFTERWARDS = 100;

/** A byte of a journal to be turned around. */
interface Byte {
  readonly path: string;
  readonly at: number;
}

/** Bytes of some files, none of the very last marker: behind it nothing could prove that it was whole. */
async function bytesOf(dice: Dice, paths: readonly string[], count: number): Promise<Byte[]> {
  const chosen: Byte[] = [];
  const newest = paths.at(-1);
  while (chosen.length < count) {
    const path = paths[Math.floor(dice.uniform() * paths.length)] ?? "";
    const bytes = await Deno.readFile(path);
    const size = path === newest ? layout(bytes).at(-1)?.from ?? 0 : bytes.length;
    const at = Math.floor(dice.uniform() * size);
    if (!chosen.some((other) => other.path === path && other.at === at)) chosen.push({ path, at });
  }
  return chosen;
}

scenario(
  "bytes of the inbox turned around: 1, 3, 10, 30 anywhere",
  { shows: ["P2", "P3", "P7"], always: true },
  async () => {
    const seed = seedOf("bytes of the inbox");
    const dice = new Dice(seed);
    await using folder = await KilledFolder.open(321);
    if (folder === undefined) return;
    const { stand, dataDir } = folder;
    const rows: (Row & { gone: number })[] = [];
    for (const count of FLIPS) {
      await folder.renew();
      const paths = await segmentsOf(dataDir, "inbox");
      const records = await recordsOf(dataDir, "inbox");
      const bytes = await bytesOf(dice, paths, count);
      // One at least lies above what the checkpoint knows.
      const { inbox } = await knownTo(dataDir);
      const above = records.filter(({ position }) => position > inbox);
      const one = above[Math.floor(dice.uniform() * above.length)];
      assert(one !== undefined);
      bytes.push({ path: one.path, at: one.from + Math.floor(dice.uniform() * (one.to - one.from)) });
      const hit = records.filter(({ path, from, to }) => {
        return bytes.some((byte) => byte.path === path && from <= byte.at && byte.at < to);
      });
      const masks = bytes.map(() => 1 + Math.floor(dice.uniform() * 255));
      for (const [n, { path, at }] of bytes.entries()) await flip(path, at, masks[n]);
      rows.push(await accountedWithout(folder, { records: hit }));
      const told = await stand.gateway.log("journal_corrupt");
      assertGreater(told.filter(({ journal }) => journal === "inbox").length, 0);
    }
    const gone = rows.reduce((sum, row) => sum + row.gone, 0);
    return together(rows, `seed ${seed}; ${gone} records hit above the checkpoint, as many counted corrupt`);
  },
);

scenario(
  "the newest inbox segment cut short at any length",
  { shows: ["P2", "P3", "P7"] },
  async () => {
    const seed = seedOf("inbox cut short");
    const dice = new Dice(seed);
    await using folder = await KilledFolder.open(322);
    if (folder === undefined) return;
    const { dataDir } = folder;
    const rows: (Row & { gone: number })[] = [];
    for (const share of [0, 0.001, dice.uniform(), dice.uniform(), 0.999]) {
      await folder.renew();
      const newest = (await segmentsOf(dataDir, "inbox")).at(-1) ?? "";
      const { size } = await Deno.stat(newest);
      const length = Math.floor(share * size);
      const records = (await recordsIn(newest)).filter(({ to }) => to > length);
      await Deno.truncate(newest, length);
      rows.push(await accountedWithout(folder, { records, untold: true }));
    }
    rows.push(await shorterThanKnown(folder));
    const gone = rows.reduce((sum, row) => sum + row.gone, 0);
    return together(rows, `seed ${seed}; ${gone} records went with the file's end, which nothing can tell`);
  },
);

/**
 * Leaves less of the inbox than the checkpoint knows. What arrives next must not get numbers that the checkpoint counts
 * as taken in, or the next start passes over it.
 */
async function shorterThanKnown(folder: KilledFolder): Promise<Row & { gone: number }> {
  const { stand: { broker, gateway, load }, dataDir } = folder;
  await folder.renew();
  const { inbox } = await knownTo(dataDir);
  const all = await recordsOf(dataDir, "inbox");
  const [first] = all;
  assert(first !== undefined && first.position < inbox, "the inbox begins below the checkpoint");
  for (const path of (await segmentsOf(dataDir, "inbox")).filter((path) => path !== first.path)) {
    await Deno.remove(path);
  }
  const half = all.filter(({ path, position }) => path === first.path && position < inbox);
  await Deno.truncate(first.path, half[half.length >> 1]?.to ?? 0);
  const row = await accountedWithout(folder, { records: all, untold: true });
  const before = (await gateway.ledger()).messages;
  const publisher = await connectPublisher(broker.url());
  const [example] = load.sent.filter(({ topic }) => topic.includes("climate"));
  assert(example !== undefined);
  for (let n = 0; n < AFTERWARDS; n++) await publisher.publish(`${example.topic}-new`, example.payload);
  await publisher.close();
  const takenIn = async (): Promise<void> => {
    await until("what came afterwards is taken in", async () => {
      const { received, waiting } = (await gateway.ledger()).messages;
      return received === before.received + AFTERWARDS && waiting === 0;
    }, { timeout: 60_000, every: 100, state: () => gateway.stderrNow() });
  };
  await takenIn();
  // No checkpoint knows of it yet: the next start reads it from the inbox.
  await gateway.kill();
  assertEquals((await knownTo(dataDir)).inbox, inbox);
  await gateway.start();
  await takenIn();
  return row;
}

scenario(
  "a payload that looks like records of a journal, and damage to the record that holds it",
  { shows: ["P2", "P3", "P7"] },
  async () => {
    let forged = 0;
    await using folder = await KilledFolder.open(323, {
      also: async ({ broker, gateway, load }) => {
        const publisher = await connectPublisher(broker.url());
        const own = (await segmentsOf(gateway.dataDir, "inbox")).at(-1) ?? "";
        const foreign = (await segmentsOf(gateway.dataDir, "outbox")).at(-1) ?? "";
        const bytes = await Deno.readFile(own);
        const parts = layout(bytes.slice(0, wholeLength(bytes)));
        const payloads = [
          bytes.slice(parts.at(-12)?.from, parts.at(-1)?.to),
          (await Deno.readFile(foreign)).slice(72, 30_000),
          (await Deno.readFile(foreign)).slice(0, 30_000),
          forgedRecord(bytes, parts),
        ];
        for (const payload of payloads) {
          const topic = `site/north/climate/forger${forged++}`;
          load.sent.push({ topic, payload: new TextDecoder().decode(payload) });
          load.acknowledged++;
          await publisher.publish(topic, payload);
        }
        await publisher.close();
      },
    });
    if (folder === undefined) return;
    const { dataDir } = folder;
    await folder.renew();
    const holders = (await recordsOf(dataDir, "inbox")).filter(({ body }) => {
      return new TextDecoder().decode(body.subarray(0, 100)).includes("/forger");
    });
    assertEquals(holders.length, forged);
    for (const { path, from, to } of holders) {
      // Its length: whoever looks for the next record goes through its body byte by byte.
      await flip(path, from + 1, 0x7f);
      assertGreater(to - from, 100);
    }
    const row = await accountedWithout(folder, { records: holders });
    assertEquals(row.gone, forged);
    return { ...row, note: `${forged} payloads; none of the records within them was believed` };
  },
);

/**
 * A record as whoever sends a payload can make it who knows the format and not the segment's salt: its position is one
 * that is still to come, so that nothing else tells that it is forged.
 */
function forgedRecord(segment: Uint8Array, parts: readonly Part[]): Uint8Array<ArrayBuffer> {
  const like = parts.findLast(({ kind, from, to }) => kind === "entry" && to - from > 100);
  assert(like !== undefined);
  const bytes = segment.slice(like.from, like.to);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(8, 1_000_000n, true);
  view.setUint32(4, crc32(bytes.subarray(8)), true);
  return bytes;
}

/** Length of what a segment that is being written holds of whole records. */
function wholeLength(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = 72;
  while (at + 17 <= bytes.length && at + 17 + view.getUint32(at, true) <= bytes.length) {
    at += 17 + view.getUint32(at, true);
  }
  return at;
}
