import type { InboxRecord, ReinjectedEntry } from "../model/mod.ts";
import type { CheckedField } from "../validate/mod.ts";
import { noRoom } from "./judge_message.ts";
import type { JudgedRecord } from "./judge_payload.ts";
import type { River, RiverOutput } from "./river.ts";
import { slotKey, type Stream } from "./state.ts";
import { type Again, judgeAgain, type Past, pointOfLate, uncount } from "./take_again.ts";
import { takeReadings } from "./take_readings.ts";
import { taggedStream } from "./tagged_stream.ts";

/** Readings that were refused while the rest of their message went on: they alone go the usual way now. */
export function takeReadingsAgain(
  river: River,
  entry: ReinjectedEntry,
  command: InboxRecord,
  out: RiverOutput,
): Again {
  const past = judgeAgain(river, entry, command);
  if ("kind" in past) return past;
  const judged = recordOf(past, entry);
  if (judged === undefined) return { kind: "record_unknown" };
  const { checked } = judged;
  const wanted = ({ field }: { readonly field?: string }): boolean =>
    entry.fields === undefined || (field !== undefined && entry.fields.includes(field));
  const [still] = checked.refusals.filter(wanted);
  const refusal = judged.refusal ?? still;
  if (refusal !== undefined) {
    return { kind: "refused", refusal: past.route.redactor?.refusal(refusal) ?? refusal };
  }
  const fields = checked.fields.filter(({ rule }) => wanted({ field: rule.name }));
  if (fields.length === 0) return { kind: "not_said" };
  const stream = streamOf(river, past, judged, entry);
  if (stream === undefined || !hasRoom(river, stream, fields)) {
    return { kind: "refused", refusal: noRoom(river) };
  }
  uncount(river, entry.device, entry.reason === "late" ? "late" : "rejected", fields.length);
  const one: JudgedRecord = { ...judged, checked: { ...checked, fields, refusals: [] } };
  takeReadings(river, stream, one, past.message, past.record, out, ({ series }, value, ms, ns) => {
    out.point(pointOfLate(series, value, ms, ns));
  });
  return { readings: fields.length, repeated: false, device: stream.device };
}

/** The record that an entry is about; `undefined`: its message has several, and the entry does not say which. */
function recordOf({ judged }: Past, { record }: ReinjectedEntry): JudgedRecord | undefined {
  if (record !== undefined) return judged.find(({ index }) => index === record);
  const [only] = judged;
  return judged.length === 1 && only?.index === undefined ? only : undefined;
}

function streamOf(
  river: River,
  { route }: Past,
  { checked }: JudgedRecord,
  { receivedAt }: ReinjectedEntry,
): Stream | undefined {
  const device = river.registry.openDevice(route.device, receivedAt);
  if (device === undefined) return undefined;
  return checked.tags.length === 0
    ? route.stream ?? river.registry.openStream(route, device, route.tags)
    : taggedStream(river, route, device, checked.tags);
}

/**
 * Whether all of them will find a place: what is refused for want of room would leave an entry once more. Of windows
 * it is not known which are there, so room for all is asked for.
 */
function hasRoom(
  { registry, rules, downsampler }: River,
  stream: Stream,
  fields: readonly CheckedField[],
): boolean {
  const { limits } = rules;
  const opened = fields.filter(({ rule }) => !stream.slots.has(slotKey(rule.name, rule.type))).length;
  if (registry.seriesCount + opened > limits.series) return false;
  return downsampler.windows - downsampler.held.size + fields.length <= limits.windows;
}
