import { decodeInbox } from "../buffer/mod.ts";
import { type KeyRing, position, readFolder } from "../journal/mod.ts";
import type { InboxRecord } from "../model/mod.ts";
import type { Batch } from "../pipeline/mod.ts";
import { type JournalView, unreadable, vanished } from "./journal_view.ts";

/** Records of a batch at most. */
const MOST = 4_096;
/** Times that a listed file may be gone in a row before that is an error. */
const PATIENCE = 20;

/**
 * Reads what the inbox and its archive hold, in journal order, up to what is known to be durable. It changes nothing
 * and may run beside the gateway. Memory is bounded by one segment.
 *
 * @param after the last position that is known already; 0: begin with whatever is left
 * @returns batches; `lost` counts the positions that are missing between the batch before and this one
 * @throws {ReplayProblem} where the disk does not give it, or a newer version has written it
 */
export async function* readStretch(
  view: JournalView,
  keys: KeyRing | undefined,
  after: number,
): AsyncGenerator<Batch> {
  let next = after + 1;
  let begun = after > 0;
  let lost = 0;
  let records: InboxRecord[] = [];
  let gone = 0;
  let end = 0;
  const batch = (): Batch => {
    const made = { records, lost };
    records = [];
    lost = 0;
    return made;
  };
  for (;;) {
    let limit = 0;
    try {
      for await (const item of readFolder(view.files, view.folder, keys, position(next))) {
        if (item.kind === "segment") {
          // Behind the last marker of the newest segment stands what the gateway has not acknowledged yet.
          limit = item.sealed ? item.info.last : Math.min(item.info.last, item.durable);
          end = Math.max(end, limit);
        }
        if (item.kind !== "entry") continue;
        const { position: at, flags, body } = item.entry;
        if (at < next || at > limit) continue;
        // One that began after the keys were looked at.
        if (item.sealed) throw new Error(`the segment "${item.segment}" needs another key`);
        if (begun && at > next) {
          if (records.length > 0) yield batch();
          lost = at - next;
        }
        begun = true;
        next = at + 1;
        gone = 0;
        records.push(decodeInbox(at, flags, body));
        if (records.length >= MOST) yield batch();
      }
      break;
    } catch (error) {
      // A segment has just moved into the archive, or left it: look again from where this was.
      if (!vanished(error) || ++gone > PATIENCE) throw unreadable(view, error);
    }
  }
  if (records.length > 0) yield batch();
  if (begun && end >= next) yield { records: [], lost: end - next + 1 };
}
