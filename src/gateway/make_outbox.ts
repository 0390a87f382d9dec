import { Outbox, type OutboxSnapshot, type Tally } from "../buffer/mod.ts";
import type { GatewayConfig } from "../config/mod.ts";
import { encodeLine, lineContent } from "../forward/mod.ts";
import type { DataFolder } from "./data_folder.ts";
import { deadLetter } from "./dead_letter.ts";
import type { GatewayPorts } from "./ports.ts";

/** Bytes of waiting blocks that stay in memory alone. */
const MEMORY = 16 * 1024 * 1024;

/** What the outbox has to know of the rest. */
export interface OutboxFacts {
  /** The id of a device by its number. */
  readonly device: (index: number) => string | null;
  /** Blocks that were on disk cannot be read any more. */
  readonly lost: (tally: Tally) => void;
}

/** The outbox as the configuration wants it. */
export function makeOutbox(
  config: GatewayConfig,
  folder: DataFolder,
  snapshot: OutboxSnapshot | undefined,
  ports: GatewayPorts,
  facts: OutboxFacts,
): Outbox {
  return new Outbox({
    journal: folder.outboxJournal,
    encodeLine,
    contentOf: lineContent,
    maxPoints: config.influxdb?.batch.maxPoints ?? 5_000,
    maxWait: config.influxdb?.batch.maxWait ?? 1_000,
    memoryBytes: Math.min(MEMORY, Math.floor(config.buffer.maxBytes / 4)),
    wall: () => ports.clock.wall(),
    after: (ms, fire) => ports.clock.after(ms, fire),
    refused(line, device, readings): void {
      folder.quarantine.add(deadLetter(line, facts.device(device), readings, ports.clock.wall()));
    },
    lost: facts.lost,
  }, snapshot);
}
