import type { Section } from "../../support/gateway_process.ts";
import { SyscallShim } from "../../support/syscall_shim.ts";
import { FolderGrowth } from "./folder_growth.ts";
import { type GatewayFacts, gatewayFacts, GatewayTaker } from "./gateway.ts";
import { type Run, run } from "./taker.ts";

/** What a run did to the disk, beside what the kernel counts. */
export interface Wear {
  /** Calls of fdatasync and fsync. */
  readonly syncs: number;
  /** Bytes appended to the outbox's files. */
  readonly outbox: number;
}

/** A run of the gateway whose disk was looked at. */
export type WornRun = Run & GatewayFacts & Wear;

/**
 * The gateway on live traffic, with its calls of fsync counted: by a library between it and the system's, so its
 * rate is not compared with anybody's.
 *
 * @param config sections that the configuration has beside those of the site
 * @returns `undefined` where there is no C compiler or no mosquitto (the reason is printed)
 */
export async function wornGateway(messages: number, config: Section): Promise<WornRun | undefined> {
  const shim = await SyscallShim.make();
  if (shim === undefined) return undefined;
  await using counting = shim;
  let growth: FolderGrowth | undefined;
  try {
    return await run(messages, "live", async (place) => {
      const taker = await GatewayTaker.start(place, { config, env: counting.env });
      // A fault that harms nothing: each call is noted and passes at once.
      const [times, action] = [Infinity, { delay: 0 }];
      await counting.strike({ call: "fdatasync", times, action }, { call: "fsync", times, action });
      growth = await FolderGrowth.watch(`${taker.process.dataDir}/outbox`);
      return taker;
    }, async (taker, place) => {
      const outbox = await growth?.end() ?? NaN;
      const syncs = (await counting.hits()).length;
      if (syncs === 0) {
        throw new Error("Not one fsync was counted: the library is not between gateway and disk");
      }
      return { ...await gatewayFacts(taker, place), syncs, outbox };
    });
  } finally {
    await growth?.end().catch(() => {});
  }
}
