import type { Keyring } from "../enrich/mod.ts";
import type { Rules } from "../model/mod.ts";
import type { Batch } from "../pipeline/mod.ts";
import { Replayer } from "./replayer.ts";
import type { ReplaySink } from "./sink.ts";
import type { Progress, ReplaySummary } from "./summary.ts";

/** What is replayed. */
export interface ReplayOptions {
  /** The rules that everything goes through. */
  readonly rules: Rules;
  /** The keys of hashes that the rules may ask for. */
  readonly keyring: Keyring;
  /** First time of receipt that belongs to the stretch, ms; −Infinity: from the beginning. */
  readonly from: number;
  /** First time of receipt that no longer does, ms; Infinity: to the end. */
  readonly to: number;
  /** Is told now and then how far it is. */
  readonly onProgress: (progress: Progress) => void;
}

/**
 * Replays what a gateway has received, which may run meanwhile.
 *
 * @param read reads the journal from behind a position on; called again for what has come meanwhile (H9)
 * @throws {ReplayProblem} where a record cannot be taken in, or the sink has given up
 */
export async function replayLive(
  read: (after: number) => AsyncIterable<Batch>,
  options: ReplayOptions,
  sink: ReplaySink,
): Promise<ReplaySummary> {
  const replayer = new Replayer(options, sink);
  await takeAll(replayer, read(0), options);
  // What may still change goes out last, and as it is then: while all else was sent, time has passed.
  await sink.settled();
  await takeAll(replayer, read(replayer.position), options);
  replayer.finish();
  const { summary } = replayer;
  const { last } = summary;
  await sink.settled();
  while (replayer.lookAgain()) {
    for await (const batch of read(replayer.position)) await replayer.take(batch);
    await sink.settled();
  }
  summary.last = last;
  return summary;
}

/**
 * Replays messages that nobody goes on with, such as those of the quarantine: at the end every window is written. Its
 * points carry the tag `replayed=true`.
 *
 * @throws {ReplayProblem} as above
 */
export async function replayClosed(
  batches: AsyncIterable<Batch>,
  options: ReplayOptions,
  sink: ReplaySink,
): Promise<ReplaySummary> {
  const replayer = new Replayer({ ...options, extraTags: [["replayed", "true"]] }, sink);
  await takeAll(replayer, batches, options);
  replayer.close();
  await sink.settled();
  return replayer.summary;
}

async function takeAll(
  replayer: Replayer,
  batches: AsyncIterable<Batch>,
  options: ReplayOptions,
): Promise<void> {
  if (replayer.done) return;
  for await (const batch of batches) {
    await replayer.take(batch);
    const { first, last, lost, points } = replayer.summary;
    const at = batch.records.at(-1)?.stamp.receivedAt;
    const out = [...points.values()].reduce((sum, each) => sum + each, 0);
    const records = last - first + 1 - lost.records;
    if (at !== undefined) options.onProgress({ records, at, points: out });
    if (replayer.done) return;
  }
}
