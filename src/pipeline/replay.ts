import { MissingKey } from "../enrich/mod.ts";
import type { InboxRecord } from "../model/mod.ts";
import type { ReplayMark } from "./replay_mark.ts";
import type { River, RiverOutput } from "./river.ts";

/** A batch of what the inbox held. */
export interface Batch {
  /** The records, in journal order. */
  readonly records: readonly InboxRecord[];
  /** Positions that damage has taken. */
  readonly lost: number;
}

/** A careful replay met a record that it cannot take in; the replay must begin anew, without that record. */
export class PoisonRecord extends Error {
  /**
   * Names the record.
   *
   * @param position of the record in the inbox
   * @param cause what it threw
   */
  constructor(readonly position: number, cause: unknown) {
    super(`The inbox record ${position} cannot be processed`, { cause });
    this.name = "PoisonRecord";
  }
}

/**
 * Takes recorded batches in, through the very same code as live ones.
 *
 * @param afterBatch is called between batches, to take a checkpoint on the way
 * @throws {PoisonRecord} in a careful replay, instead of what the record threw
 */
export async function replay(
  river: River,
  batches: AsyncIterable<Batch>,
  out: RiverOutput,
  mark: ReplayMark,
  afterBatch: () => Promise<void>,
): Promise<number> {
  let count = 0;
  for await (const { records, lost } of batches) {
    river.lost(lost);
    for (const record of records) {
      count++;
      if (mark.kills(record.position)) {
        skip(river, record, out);
        continue;
      }
      if (!mark.careful) {
        river.step(record, out);
        continue;
      }
      await mark.at(record.position);
      try {
        river.step(record, out);
      } catch (error) {
        if (error instanceof MissingKey) throw error;
        await mark.failed(record.position);
        throw new PoisonRecord(record.position, error);
      }
    }
    await afterBatch();
  }
  return count;
}

/** Leaves a record out: a message goes to the quarantine, so that it is still accounted for. */
function skip(river: River, record: InboxRecord, out: RiverOutput): void {
  river.position = record.position;
  river.elapsed = Math.max(river.elapsed, record.stamp.elapsed);
  if (record.content.kind !== "message") return;
  river.totals.received++;
  const refusal = { reason: "internal", found: "it ended the process during replay" } as const;
  river.quarantine(record.content.message, record, { refusal, device: null }, out);
}
