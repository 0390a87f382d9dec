import { type InboxRecord, type ReinjectedEntry, shown } from "../model/mod.ts";
import { noRoom, provesItself } from "./judge_message.ts";
import { messageHash } from "./message_hash.ts";
import type { River, RiverOutput } from "./river.ts";
import type { Device, Stream } from "./state.ts";
import { type Again, judgeAgain, type Past, pointOfLate, uncount } from "./take_again.ts";
import { type LateTaker, takeReadings, watchReadings } from "./take_readings.ts";
import { taggedStream } from "./tagged_stream.ts";

/** A message that was refused whole goes the usual way, but for what only a live message says: that its device lives. */
export function takeMessageAgain(
  river: River,
  entry: ReinjectedEntry,
  command: InboxRecord,
  out: RiverOutput,
): Again {
  const past = judgeAgain(river, entry, command);
  if ("kind" in past) return past;
  const { route } = past;
  const device = river.registry.openDevice(route.device, entry.receivedAt);
  if (device === undefined) {
    const allowed = `${river.rules.limits.devices} devices`;
    return { kind: "refused", refusal: { reason: "cardinality", found: shown(route.device), allowed } };
  }
  const stream = route.stream ?? river.registry.openStream(route, device, route.tags);
  if (stream === undefined) return { kind: "refused", refusal: noRoom(river) };
  uncount(river, entry.device, "quarantined", 1);
  river.totals.received++;
  device.counts.received++;
  const hash = messageHash(past.message, route.topicHash);
  if (repeated(river, stream, past, hash)) {
    river.totals.duplicate++;
    device.counts.duplicate++;
    return { readings: 0, repeated: true, device };
  }
  const sampled = route.sampler?.(hash, past.judged) === true;
  river.totals[sampled ? "sampled" : "processed"]++;
  device.counts[sampled ? "sampled" : "processed"]++;
  return { readings: takeRecords(river, stream, device, past, sampled, out), repeated: false, device };
}

/** Whether the same message was taken meanwhile. What it fills of a gap in its sequence is missing no more. */
function repeated(river: River, stream: Stream, { message, route, judged }: Past, hash: number): boolean {
  const newest = stream.newestOf.get(route.topicHash) === hash;
  if (newest && (message.retain || provesItself(route))) return true;
  const sequence = judged[0]?.checked.sequence;
  if (sequence === undefined || stream.sequence === undefined) return false;
  const verdict = stream.sequence.fill(sequence, hash);
  if (verdict === "filled") {
    river.totals.sequence_gaps--;
    stream.device.counts.sequence_gaps--;
  }
  return verdict === "known";
}

function takeRecords(
  river: River,
  stream: Stream,
  device: Device,
  { message, record, route, judged }: Past,
  sampled: boolean,
  out: RiverOutput,
): number {
  const late: LateTaker = ({ series }, value, ms, ns) => out.point(pointOfLate(series, value, ms, ns));
  let readings = 0;
  for (const each of judged) {
    const { tags, fields } = each.checked;
    const own = tags.length === 0 ? stream : taggedStream(river, route, device, tags);
    const one = own === undefined ? { ...each, refusal: each.refusal ?? noRoom(river) } : each;
    if (sampled) {
      if (own !== undefined) watchReadings(river, own, one, record, out);
      continue;
    }
    if (one.refusal === undefined) readings += fields.length;
    takeReadings(river, own ?? stream, one, message, record, out, late);
  }
  return readings;
}
