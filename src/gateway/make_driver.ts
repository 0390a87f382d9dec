import type { GatewayConfig } from "../config/mod.ts";
import type { Observer } from "../observe/mod.ts";
import { Driver, type DriverBanks, type River } from "../pipeline/mod.ts";
import type { Banks } from "./banks.ts";
import type { DataFolder } from "./data_folder.ts";
import type { GatewayPorts } from "./ports.ts";
import { VERSION } from "./version.ts";

/** The newest checkpoint, for people. */
export interface NewestCheckpoint {
  /** Wall clock, ms; `null` before the first. */
  takenAt: number | null;
  /** Its size. */
  bytes: number;
}

/** The loop as the configuration wants it. */
export function makeDriver(
  config: GatewayConfig,
  folder: DataFolder,
  river: River,
  banks: DriverBanks<Banks>,
  newest: NewestCheckpoint,
  ports: GatewayPorts,
  observer: Observer,
  onFatal: (error: unknown) => void,
): Driver<Banks> {
  const { checkpoint, maxBytes } = config.buffer;
  return new Driver<Banks>(
    {
      version: VERSION,
      inbox: folder.inbox,
      banks,
      store: folder.store,
      time: folder.time,
      // The inbox is never sacrificed, so it must stay a small part of the whole.
      every: {
        afterBytes: Math.min(checkpoint.afterBytes, Math.floor(maxBytes / 8)),
        atMost: checkpoint.atMost,
      },
      after: (ms, fire) => ports.clock.after(ms, fire),
      onFatal,
      onCheckpoint(result): void {
        // Without checkpoints nothing can be trimmed: what cannot be kept must not be taken in.
        folder.inbox.block("checkpoint_failed", "error" in result);
        if ("error" in result) {
          const words = result.error instanceof Error ? result.error.message : String(result.error);
          observer.event("checkpoint_failed", "error", { words });
          return;
        }
        newest.takenAt = ports.clock.wall();
        newest.bytes = result.bytes;
        observer.event("checkpoint_taken", "debug", { bytes: result.bytes });
      },
    },
    river,
    folder.checkpoint,
  );
}
