/** A compressed inbox under `kill -9`, beside plain segments of earlier lives. */
import { assert } from "@std/assert";
import { Dice } from "../../devices/simulator/dice.ts";
import { denoFiles, readFolder } from "../../src/journal/mod.ts";
import { until } from "../support/until.ts";
import { scenario, seedOf, Stand } from "./kit/mod.ts";

const LIVES = 10;

/** How many records the inbox holds, and in how many bytes. */
async function inboxOf(dataDir: string): Promise<{ records: number; bytes: number }> {
  let [records, bytes] = [0, 0];
  for await (const item of readFolder(denoFiles, `${dataDir}/inbox`)) {
    if (item.kind !== "segment") continue;
    records += item.entries;
    bytes += item.info.bytes;
  }
  return { records, bytes };
}

scenario(
  "compressed inbox, switched on and off between kills",
  { shows: ["P1", "P2", "P3"], always: true },
  async () => {
    const seed = seedOf("compressed");
    const config = (compress: boolean, lives: number): { buffer: Record<string, unknown> } => ({
      // The first lives leave no checkpoint: what the last one replays stands in segments of both kinds.
      buffer: { compress_inbox: compress, checkpoint: { after_bytes: lives < 6 ? "64MiB" : "64KiB" } },
    });
    await using stand = await Stand.open(seed, {
      load: { each: 300, pace: 3_000 },
      config: config(true, 0),
    });
    if (stand === undefined) return;
    const { gateway, load } = stand;
    const dice = new Dice(seed);
    const publishing = load.publish(stand.share);
    let smallest = Infinity;
    for (let life = 1; life <= LIVES; life++) {
      const moment = stand.share * (life - dice.uniform() / 2) / (LIVES + 1);
      await until("the load is at the next kill", () => load.acknowledged >= moment, {
        timeout: 60_000,
        every: 1,
      });
      await gateway.kill();
      const { records, bytes } = await inboxOf(gateway.dataDir);
      if (records > 0) smallest = Math.min(smallest, bytes / records);
      await stand.configure(config(life % 2 === 0, life));
      await gateway.start();
    }
    stand.faultOver();
    await publishing;
    assert(smallest < 150, `a message took ${smallest} bytes at least: nothing was compressed`);
    return await stand.accounted(`seed ${seed}; down to ${smallest.toFixed(0)} bytes a message`);
  },
);
