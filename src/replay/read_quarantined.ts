import { decodeRefused } from "../buffer/mod.ts";
import { type KeyRing, readFolder } from "../journal/mod.ts";
import type { InboxRecord, Message, Refused } from "../model/mod.ts";
import type { Batch } from "../pipeline/mod.ts";
import { type JournalView, unreadable } from "./journal_view.ts";

/** Records of a batch at most. */
const MOST = 4_096;

/** What the quarantine holds, and what of it cannot be replayed. */
export interface QuarantineCounts {
  /** All entries. */
  entries: number;
  /** Entries of a message that another entry has brought already. */
  repeated: number;
  /** Entries whose message was redacted: what the device sent is not there. */
  redacted: number;
  /** Points that the database refused: no messages. */
  points: number;
}

/**
 * The refused messages of a quarantine as records of a journal, each message once (H10, H11). Journal time goes on
 * with the time of receipt and never back.
 *
 * @param counts is filled on the way
 * @throws {ReplayProblem} where the disk does not give it, or a newer version has written it
 */
export async function* readQuarantined(
  view: JournalView,
  keys: KeyRing | undefined,
  counts: QuarantineCounts,
): AsyncGenerator<Batch> {
  try {
    yield* messagesIn(view, keys, counts);
  } catch (error) {
    throw unreadable(view, error);
  }
}

async function* messagesIn(
  view: JournalView,
  keys: KeyRing | undefined,
  counts: QuarantineCounts,
): AsyncGenerator<Batch> {
  let records: InboxRecord[] = [];
  let [position, newest, first, elapsed] = [0, 0, 0, 0];
  for await (const item of readFolder(view.files, view.folder, keys)) {
    if (item.kind !== "entry") continue;
    const refused = decodeRefused(item.entry.body);
    counts.entries++;
    if (refused.what === "point") counts.points++;
    else if (refused.redacted === true) counts.redacted++;
    else if (refused.inboxPosition === newest) counts.repeated++;
    else {
      newest = refused.inboxPosition;
      const { receivedAt } = refused;
      if (position === 0) first = receivedAt;
      elapsed = Math.max(elapsed, receivedAt - first);
      const stamp = { receivedAt, elapsed, implausible: false };
      records.push({
        position: ++position,
        stamp,
        content: { kind: "message", message: messageOf(refused) },
      });
      if (records.length < MOST) continue;
      yield { records, lost: 0 };
      records = [];
    }
  }
  if (records.length > 0) yield { records, lost: 0 };
}

function messageOf({ topic, payload, originalBytes }: Refused): Message {
  return {
    topic,
    payload,
    ...(originalBytes === undefined ? {} : { originalBytes }),
    connection: 0,
    packetId: 0,
    dup: false,
    retain: false,
    userProperties: [],
  };
}
