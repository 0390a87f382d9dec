/** Bytes of the outbox and of the quarantine that are not what was written, and segments that are gone or not themselves. */
import { assertEquals, assertGreater } from "@std/assert";
import { decodeBlock } from "../../src/buffer/block.ts";
import { compare, differenceText, expectedPoints } from "../support/oracle.ts";
import { countsOf, expectedCounts } from "../support/river_site.ts";
import { addLines } from "./kit/dead_letters.ts";
import { flip, knownTo, type RecordPlace, recordsIn, recordsOf, segmentsOf } from "./kit/folder_files.ts";
import { accountedWithout, KilledFolder, type Row, scenario, together } from "./kit/mod.ts";

/** The lines of a block of the outbox. */
async function linesOf(body: Uint8Array): Promise<string> {
  const zipped = new Blob([new Uint8Array(body)]).stream();
  return await new Response(zipped.pipeThrough(new DecompressionStream("gzip"))).text();
}

/**
 * Lets the gateway recover from damage to its outbox: what is missing in the database is exactly what these blocks held,
 * and the ledger and the log say how much that is. What the checkpoint does not know is made again.
 */
async function accountedWithoutBlocks(folder: KilledFolder, hit: readonly RecordPlace[]): Promise<Row> {
  const { stand } = folder;
  const known = await knownTo(folder.pristine);
  const blocks = hit.filter(({ position }) => position <= known.outbox)
    .map(({ position, flags, body }) => decodeBlock(position, flags, body));
  const sum = (pick: (block: typeof blocks[number]) => number): number => {
    return blocks.reduce((total, block) => total + pick(block), 0);
  };
  const [points, readings] = [sum((block) => block.points), sum((block) => block.readings)];
  const { ledger, content, recovered } = await folder.recover(stand.load.sent.length);
  const twice: string[] = [];
  for (const { body } of blocks) twice.push(...addLines(content, [await linesOf(body)]));
  const expected = expectedPoints(stand.load.sent, await stand.gateway.rules());
  assertEquals(compare(expected.points, content).slice(0, 10).map(differenceText), []);
  assertEquals(twice, []);
  const counts = expectedCounts(expected);
  assertEquals(countsOf(ledger), {
    ...counts,
    "readings.delivered": (counts["readings.delivered"] ?? 0) - readings,
    "readings.evicted": readings,
    "points.evicted": points,
  });
  const told = await stand.gateway.log("outbox_lost");
  assertEquals(told.map((line) => [line.points, line.readings]), points > 0 ? [[points, readings]] : []);
  assertEquals(ledger.rebased.length, told.length);
  assertEquals(await stand.quarantined(), expected.quarantined + expected.rejected);
  return { ...stand.row(ledger, expected, content, recovered), note: String(points) };
}

/** Some of a list, evenly spread, the first and the last among them. */
function some<T>(all: readonly T[], count: number): T[] {
  return all.filter((_, at) => {
    return Math.floor(at * (count - 1) / (all.length - 1)) !==
      Math.floor((at - 1) * (count - 1) / (all.length - 1));
  });
}

scenario(
  "a byte of a waiting block turned around, block by block, and of several at once",
  { shows: ["P2", "P3", "P7"] },
  async () => {
    await using folder = await KilledFolder.open(331);
    if (folder === undefined) return;
    const { dataDir } = folder;
    const rows: Row[] = [];
    const known = await knownTo(folder.pristine);
    const blocks = (await recordsOf(folder.pristine, "outbox")).filter(({ position }) =>
      position <= known.outbox
    );
    assertGreater(blocks.length, 2);
    const each = some(blocks, 4);
    for (const hit of [...each.map((one) => [one]), each]) {
      await folder.renew();
      for (const { path, from, to } of hit) {
        await flip(path.replace(folder.pristine, dataDir), from + Math.floor((to - from) / 2));
      }
      rows.push(await accountedWithoutBlocks(folder, hit));
    }
    return together(
      rows,
      `${rows.reduce((sum, { note }) => sum + Number(note), 0)} points lost, all counted evicted`,
    );
  },
);

scenario(
  "bytes of the quarantine turned around",
  { shows: ["P2", "P3", "P7"] },
  async () => {
    await using folder = await KilledFolder.open(332);
    if (folder === undefined) return;
    const { stand, dataDir } = folder;
    await folder.renew();
    const known = await knownTo(dataDir);
    const entries = await recordsOf(dataDir, "quarantine");
    const hit = some(entries.filter(({ position }) => position <= known.quarantine), 10);
    assertGreater(hit.length, 5);
    for (const { path, from, to } of hit) await flip(path, from + Math.floor((to - from) / 2));
    const { ledger, expected, content, recovered } = await folder.recover(stand.load.sent.length);
    // They are counted as what they were; only their texts are gone.
    assertEquals(countsOf(ledger), expectedCounts(expected));
    assertEquals(await stand.quarantined(), expected.quarantined + expected.rejected - hit.length);
    const told = await stand.gateway.log("journal_corrupt");
    assertEquals(new Set(told.map(({ journal }) => journal)), new Set(["quarantine"]));
    const row = stand.row(ledger, expected, content, recovered);
    assertEquals([row.lost, row.doubled], [0, 0]);
    return {
      ...row,
      quarantined: row.quarantined - hit.length,
      note: `${hit.length} entries lost from the quarantine`,
    };
  },
);

/** What is done to a segment, and whether its records are gone then. */
const HARMS: readonly (readonly [string, boolean, (path: string) => Promise<void>])[] = [
  ["gone", true, (path) => Deno.remove(path)],
  ["zeroed", true, async (path) => await Deno.writeFile(path, new Uint8Array((await Deno.stat(path)).size))],
  [
    "there twice",
    false,
    (path) => Deno.copyFile(path, path.replace(/[0-9a-f]{16}\.segment$/, "00000000deadbeef.segment")),
  ],
  ["there twice, as a backup", false, (path) => Deno.copyFile(path, `${path}.bak`)],
  [
    "renamed",
    false,
    (path) => Deno.rename(path, path.replace(/\d{16}-[0-9a-f]{16}/, "0000000000000007-00000000deadbeef")),
  ],
];

/** Takes, zeroes, doubles and renames segments of a journal. */
async function spoiledSegments(journal: "inbox" | "outbox"): Promise<Row | undefined> {
  await using folder = await KilledFolder.open(333, {
    load: { each: 300 },
    buffer: { max_bytes: "2MiB", checkpoint: { after_bytes: "2MiB", at_most: "1h" } },
  });
  if (folder === undefined) return;
  const { dataDir } = folder;
  const rows: Row[] = [];
  for (const [, gone, harm] of HARMS) {
    for (const which of [-2, -1]) {
      await folder.renew();
      const segments = await segmentsOf(dataDir, journal);
      assertGreater(segments.length, 1);
      const path = segments.at(which) ?? "";
      const records = gone ? await recordsIn(path) : [];
      await harm(path);
      if (journal === "outbox") {
        const row = await accountedWithoutBlocks(folder, records);
        rows.push(row);
        // The newest blocks are beyond the checkpoint: they are made again.
        if (which === -2) assertEquals(Number(row.note) > 0, gone);
      } else {
        const row = await accountedWithout(folder, {
          records,
          ...(which === -1 ? { untold: true } : {}),
        });
        rows.push(row);
        assertEquals(row.gone > 0, gone);
      }
    }
  }
  return together(rows, `${rows.length} times`);
}

scenario("segments of the inbox gone, zeroed, there twice, renamed", { shows: ["P2", "P3", "P7"] }, () => {
  return spoiledSegments("inbox");
});

scenario("segments of the outbox gone, zeroed, there twice, renamed", { shows: ["P2", "P3", "P7"] }, () => {
  return spoiledSegments("outbox");
});
