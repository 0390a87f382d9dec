import { assertEquals } from "@std/assert";
import { decodeInbox } from "../../../src/buffer/inbox_codec.ts";
import { compare, differenceText, expectedPoints, type Published } from "../../support/oracle.ts";
import { countsOf, expectedCounts } from "../../support/river_site.ts";
import { knownTo, type RecordPlace } from "./folder_files.ts";
import type { KilledFolder } from "./killed_folder.ts";
import type { Row } from "./row.ts";

const decoder = new TextDecoder();

/** What damage has taken from an inbox. */
export interface InboxLoss {
  /** Records that cannot be read any more. */
  readonly records: readonly RecordPlace[];
  /** Nothing is left that could tell how many they were: they are gone, and not counted. */
  readonly untold?: true;
}

/** The message of an inbox record; `undefined` where it is a record of another kind. */
function messageIn({ position, flags, body }: RecordPlace): Published | undefined {
  const { content } = decodeInbox(position, flags, body);
  if (content.kind !== "message") return undefined;
  return { topic: content.message.topic, payload: decoder.decode(content.message.payload) };
}

/**
 * Lets the gateway recover from damage to its inbox, and holds database, ledger and quarantine against what was
 * published but for exactly the messages of these records. What the checkpoint knows already costs nothing.
 */
export async function accountedWithout(
  folder: KilledFolder,
  loss: InboxLoss,
): Promise<Row & { gone: number }> {
  const { stand } = folder;
  const { load, gateway } = stand;
  const known = await knownTo(folder.pristine);
  const lost = loss.records.filter(({ position }) => position > known.inbox);
  const keyOf = ({ topic, payload }: Published): string => `${topic} ${payload}`;
  const gone = new Set(lost.flatMap((record) => messageIn(record) ?? []).map(keyOf));
  const left = load.sent.filter((message) => !gone.has(keyOf(message)));
  assertEquals(load.sent.length - left.length, gone.size);
  const counted = loss.untold === true ? 0 : lost.length;
  const { ledger, content, recovered } = await folder.recover(left.length + counted);
  const expected = expectedPoints(left, await gateway.rules());
  const counts = expectedCounts(expected);
  assertEquals(countsOf(ledger), {
    ...counts,
    "messages.once": expected.messages + counted,
    "messages.corrupt": counted,
  });
  assertEquals(ledger.rebased, []);
  assertEquals(compare(expected.points, content).slice(0, 10).map(differenceText), []);
  assertEquals(await stand.quarantined(), expected.quarantined + expected.rejected);
  return { ...stand.row(ledger, expected, content, recovered), lost: 0, doubled: 0, gone: lost.length };
}
