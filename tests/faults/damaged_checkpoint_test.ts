/** Checkpoints that are damaged or gone: what they knew is made again from the journals, or the folder is taken over. */
import { assert, assertEquals, assertGreater, assertLess } from "@std/assert";
import { checkpointsOf, flip, recordsOf, segmentsOf } from "./kit/folder_files.ts";
import { KilledFolder, type Row, scenario, type Stand, together } from "./kit/mod.ts";

const TO_EACH: readonly (readonly [string, (path: string) => Promise<void>])[] = [
  ["head", (path) => flip(path, 9)],
  // The one byte that tells a plain checkpoint from an encrypted one.
  ["magic", (path) => flip(path, 3, 0x15)],
  ["middle", async (path) => await flip(path, (await Deno.stat(path)).size >> 1)],
  ["cut", async (path) => await Deno.truncate(path, (await Deno.stat(path)).size >> 1)],
  ["gone", (path) => Deno.remove(path)],
];

function rowOf(stand: Stand, atRest: Awaited<ReturnType<KilledFolder["recover"]>>): Row {
  return stand.row(atRest.ledger, atRest.expected, atRest.content, atRest.recovered);
}

scenario(
  "one checkpoint damaged, the newer or the older: the other counts",
  { shows: ["P2", "P3", "P7"], always: true },
  async () => {
    await using folder = await KilledFolder.open(311);
    if (folder === undefined) return;
    const { stand, dataDir } = folder;
    const rows: Row[] = [];
    for (const [at, [what, harm]] of TO_EACH.entries()) {
      await folder.renew();
      const which = at % 2 === 0 ? -1 : 0;
      await harm((await checkpointsOf(dataDir)).at(which) ?? "");
      await folder.recover(stand.load.sent.length);
      rows.push(await stand.accounted());
      const told = await stand.gateway.log("checkpoint_damaged");
      assertEquals(told.length, what === "gone" ? 0 : 1, what);
    }
    return together(rows, `${rows.length} kinds of damage`);
  },
);

scenario(
  "every checkpoint damaged or gone, the inbox whole: made again, counted once",
  { shows: ["P2", "P3", "P7"] },
  async () => {
    await using folder = await KilledFolder.open(312, {
      // One life, one segment: nothing of the inbox is trimmed.
      lives: [1],
      buffer: { max_bytes: "64MiB", checkpoint: { after_bytes: "100KiB", at_most: "1h" } },
    });
    if (folder === undefined) return;
    const { stand, dataDir } = folder;
    const rows: Row[] = [];
    for (const [what, harm] of TO_EACH) {
      await folder.renew();
      assertEquals((await recordsOf(dataDir, "inbox"))[0]?.position, 1);
      for (const path of await checkpointsOf(dataDir)) await harm(path);
      await folder.recover(stand.load.sent.length);
      rows.push(await stand.accounted());
      assertEquals((await stand.gateway.log("checkpoint_damaged")).length, what === "gone" ? 0 : 2, what);
    }
    return together(rows, `${rows.length} kinds of damage`);
  },
);

scenario(
  "every checkpoint damaged or gone, the inbox trimmed: what waits arrives, also when the first start dies",
  { shows: ["P2", "P7"] },
  async () => {
    await using folder = await KilledFolder.open(313, {
      buffer: { max_bytes: "2MiB", checkpoint: { after_bytes: "32KiB", at_most: "1s" } },
      load: { each: 200 },
    });
    if (folder === undefined) return;
    const { stand, dataDir } = folder;
    const { gateway, load } = stand;
    const rows: Row[] = [];
    for (const harm of [TO_EACH[2]?.[1], TO_EACH[4]?.[1]]) {
      assert(harm !== undefined);
      await folder.renew();
      const first = Number((await recordsOf(dataDir, "inbox"))[0]?.position);
      assertGreater(first, 1, "the inbox was trimmed");
      for (const path of await checkpointsOf(dataDir)) await harm(path);
      stand.databaseLine.set("refuse");
      gateway.spawn();
      await gateway.logged("checkpoint_lost");
      await gateway.kill();
      // Counted anew: what was trimmed from the inbox is not received any more.
      const atRest = await folder.recover(0);
      assertEquals(atRest.ledger.messages.corrupt, 0);
      assertLess(atRest.ledger.messages.received, load.sent.length);
      assertGreater(atRest.ledger.rebased.length, 0);
      const row = rowOf(stand, atRest);
      assertEquals([row.lost, row.doubled], [0, 0]);
      rows.push(row);
    }
    return together(rows, "counted anew, the ledger says so");
  },
);

scenario(
  "checkpoints of which only the temp file of the next is left",
  { shows: ["P2", "P3", "P7"] },
  async () => {
    await using folder = await KilledFolder.open(314, {
      // One life, one segment: nothing of the inbox is trimmed.
      lives: [1],
      buffer: { max_bytes: "64MiB", checkpoint: { after_bytes: "100KiB", at_most: "1h" } },
    });
    if (folder === undefined) return;
    const { stand, dataDir } = folder;
    await folder.renew();
    const [older = "", newer = ""] = await checkpointsOf(dataDir);
    await Deno.remove(older);
    await Deno.rename(newer, `${dataDir}/checkpoint/writing.tmp`);
    assertGreater((await segmentsOf(dataDir, "outbox")).length, 0);
    await folder.recover(stand.load.sent.length);
    return await stand.accounted("a file that never got its name does not count");
  },
);
