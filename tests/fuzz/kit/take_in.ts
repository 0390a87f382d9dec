import type { InboxRecord } from "../../../src/model/mod.ts";
import { restoreRiver, type River, type RiverOutput, type RiverSnapshot } from "../../../src/pipeline/mod.ts";
import { decodeCheckpoint } from "../../../src/pipeline/checkpoint_codec.ts";
import { Finding } from "./finding.ts";
import { KEYRING } from "./rules.ts";

/**
 * Takes one record in.
 *
 * @throws {Finding} whatever the river throws: it must not
 */
export function takeIn(river: River, out: RiverOutput, record: InboxRecord): void {
  try {
    river.step(record, out);
  } catch (error) {
    if (error instanceof Finding) throw error;
    throw new Finding("exception", error instanceof Error ? error.message : String(error), error);
  }
}

/** The river that a checkpoint gives. */
export function riverOf(checkpoint: Uint8Array): River {
  const decoded = decodeCheckpoint(checkpoint);
  if ("problem" in decoded) throw new Finding("checkpoint", `it is ${decoded.problem}`);
  return restoreRiver(decoded.content as RiverSnapshot, KEYRING);
}
