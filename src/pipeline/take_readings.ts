import type { AlertEvent, InboxRecord, Message, Refusal, Value } from "../model/mod.ts";
import type { CheckedField } from "../validate/mod.ts";
import type { JudgedRecord } from "./judge_payload.ts";
import { refusedMessage } from "./refused_message.ts";
import type { River, RiverOutput } from "./river.ts";
import { type FieldSlot, noteError, receiptNanoseconds, type Stream } from "./state.ts";

/** Takes a reading whose window was written and forgotten. */
export type LateTaker = (slot: FieldSlot, value: Value, ms: number, ns: number) => void;

/**
 * The readings of one record: alerts at full rate, then windows; what is refused is accounted for.
 *
 * @param takeLate takes what is late in the place of the quarantine
 */
export function takeReadings(
  river: River,
  stream: Stream,
  judged: JudgedRecord,
  message: Message,
  record: InboxRecord,
  out: RiverOutput,
  takeLate?: LateTaker,
): void {
  const { totals, downsampler } = river;
  const { counts } = stream.device;
  const { checked, ms } = judged;
  const ns = judged.ns ?? receiptNanoseconds(stream, ms);
  const { receivedAt, elapsed, implausible } = record.stamp;
  const decoded = checked.fields.length + checked.refusals.length;
  totals.decoded += decoded;
  counts.decoded += decoded;
  const { index } = judged;
  for (const refusal of checked.refusals) reject(river, stream, { refusal, index }, 1, message, record, out);
  if (judged.refusal !== undefined) {
    const { length } = checked.fields;
    const { refusal } = judged;
    if (length > 0) reject(river, stream, { refusal, index }, length, message, record, out);
    return;
  }
  const toOutbox = river.pointsTo(out);
  let full: string[] | undefined;
  let late: string[] | undefined;
  for (const field of checked.fields) {
    const slot = watched(river, stream, field, ms, record, out);
    if (slot === undefined) {
      (full ??= []).push(field.rule.name);
      continue;
    }
    const placement = downsampler.reading(slot.series, field.value, ms, ns, elapsed, toOutbox);
    if (placement === "unchanged") {
      totals.unchanged++;
      counts.unchanged++;
    } else if (placement === "late") {
      if (takeLate === undefined) (late ??= []).push(field.rule.name);
      else takeLate(slot, field.value, ms, ns);
    } else if (placement === "cardinality") (full ??= []).push(field.rule.name);
  }
  // One entry for all late fields of a message: they share its payload and its fate.
  if (late !== undefined) {
    const refusal = { reason: "late", field: late.join(", ") } as const;
    reject(river, stream, { refusal, index, fields: late }, late.length, message, record, out);
  }
  if (full !== undefined) {
    const allowed = `${river.rules.limits.series} series, ${river.rules.limits.windows} windows`;
    const refusal = { reason: "cardinality", field: full.join(", "), allowed } as const;
    reject(river, stream, { refusal, index, fields: full }, full.length, message, record, out);
  }
  downsampler.advance(stream.windows, implausible ? ms : Math.min(ms, receivedAt), elapsed, toOutbox);
}

/**
 * The readings of one record of a message that was left out by sampling: they make no points and count nowhere, but
 * alert rules see them, and the device's time goes on.
 */
export function watchReadings(
  river: River,
  stream: Stream,
  { checked, ms }: JudgedRecord,
  record: InboxRecord,
  out: RiverOutput,
): void {
  const { receivedAt, elapsed, implausible } = record.stamp;
  for (const field of checked.fields) watched(river, stream, field, ms, record, out);
  const newest = implausible ? ms : Math.min(ms, receivedAt);
  river.downsampler.advance(stream.windows, newest, elapsed, river.pointsTo(out));
}

/** Notes a reading as the last of its series and shows it to the alert rules; `undefined`: no room for its series. */
function watched(
  river: River,
  stream: Stream,
  field: CheckedField,
  ms: number,
  record: InboxRecord,
  out: RiverOutput,
): FieldSlot | undefined {
  const slot = slotOf(river, stream, field);
  if (slot === undefined) return undefined;
  if (ms >= slot.at) {
    slot.value = field.value;
    slot.at = ms;
  }
  out.reading?.(slot, stream, field.value, ms, record.position);
  const { watchers } = slot;
  if (watchers.length > 0) {
    const { receivedAt } = record.stamp;
    const emit = (event: AlertEvent): void => out.alert(event);
    for (const watcher of watchers) watcher.reading(field.value, ms, receivedAt, emit);
  }
  return slot;
}

function slotOf(river: River, stream: Stream, field: CheckedField): FieldSlot | undefined {
  const known = stream.byIndex[field.index];
  if (known !== undefined) return known;
  const slot = river.registry.openSlot(stream, field.rule);
  if (slot !== undefined) {
    const { byIndex } = stream;
    const length = Math.max(byIndex.length, field.index + 1);
    // An array of just its size: there are many streams.
    stream.byIndex = Array.from({ length }, (_, n) => n === field.index ? slot : byIndex[n]);
  }
  return slot;
}

/** What is refused of a message. */
interface Rejected {
  readonly refusal: Refusal;
  /** Number of the record; `undefined`: the message has one. */
  readonly index: number | undefined;
  /** Names of the fields, where `refusal` may speak of several. */
  readonly fields?: readonly string[];
}

/** Readings of a message are refused, and accounted for. */
function reject(
  river: River,
  stream: Stream,
  { refusal, index, fields }: Rejected,
  readings: number,
  message: Message,
  record: InboxRecord,
  out: RiverOutput,
): void {
  const way = refusal.reason === "late" ? "late" : "rejected";
  river.totals[way] += readings;
  stream.device.counts[way] += readings;
  noteError(stream.device, refusal.reason, readings);
  out.refused({
    what: "readings",
    refusal,
    inboxPosition: record.position,
    ...refusedMessage(river, message, record, refusal.reason),
    device: stream.device.id,
    receivedAt: record.stamp.receivedAt,
    readings,
    ...(index === undefined ? {} : { record: index }),
    ...(fields === undefined || fields.length < 2 ? {} : { fields }),
  });
}
