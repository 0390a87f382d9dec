import { MissingKey } from "../enrich/mod.ts";
import type { InboxRecord, Rules } from "../model/mod.ts";
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
 * @param present the rules of the configuration, in the place of recorded ones that cannot be taken in
 * @param afterBatch is called between batches, to take a checkpoint on the way
 * @throws {PoisonRecord} in a careful replay, instead of what the record threw
 */
export async function replay(
  river: River,
  batches: AsyncIterable<Batch>,
  out: RiverOutput,
  mark: ReplayMark,
  present: Rules,
  afterBatch: () => Promise<void>,
): Promise<number> {
  let count = 0;
  for await (const { records, lost } of batches) {
    river.lost(lost);
    for (const record of records) {
      count++;
      if (mark.kills(record.position)) {
        leaveOut(river, record, present, out);
        continue;
      }
      if (!mark.careful || !canBeLeftOut(record)) {
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
      await mark.survived();
    }
    await afterBatch();
  }
  return count;
}

/** Whether a replay can go on without a record: a tick or a session that is left out leaves its cause where it is. */
function canBeLeftOut({ content }: InboxRecord): boolean {
  return content.kind === "message" || content.kind === "rules" || content.kind === "command";
}

/**
 * Goes on without a record: a message goes to the quarantine, so that it is still accounted for; in the place of rules
 * come the present ones, since without any no subscription would take a message; a command has not been given.
 */
function leaveOut(river: River, record: InboxRecord, present: Rules, out: RiverOutput): void {
  const { content } = record;
  if (content.kind === "rules") {
    river.step({ ...record, content: { kind: "rules", rules: present } }, out);
    return;
  }
  river.position = record.position;
  river.elapsed = Math.max(river.elapsed, record.stamp.elapsed);
  if (content.kind !== "message") return;
  river.totals.received++;
  const refusal = { reason: "internal", found: "it ended the process during replay" } as const;
  river.quarantine(content.message, record, { refusal, device: null }, out);
}
