import type { Decoded } from "../decode/mod.ts";
import type { InboxRecord, Message, Refusal } from "../model/mod.ts";
import { shown } from "../model/mod.ts";
import { judgeTime, type Validation } from "../validate/mod.ts";
import { takeReadings } from "./take_readings.ts";
import { messageHash, topicHash } from "./message_hash.ts";
import type { River, RiverOutput } from "./river.ts";
import type { Route } from "./routes.ts";
import { type Device, noteError, rememberNewest, type Stream } from "./state.ts";
import { Sequence } from "./sequence.ts";

/** A record that its profile accepts. */
export type CheckedRecord = Extract<Validation, { ok: true }>;

/** One record of a message with the time that counts for it. */
export interface JudgedRecord {
  readonly checked: CheckedRecord;
  readonly ms: number;
  /** Nanoseconds beyond it; `undefined` where the time of receipt counts. */
  readonly ns: number | undefined;
  /** Why none of its readings can be taken: their time. */
  readonly untimely: Refusal | undefined;
}

/** A message's way from the inbox to its readings: twin, route, rate, decode, validate, sequence. */
export function judgeMessage(river: River, message: Message, record: InboxRecord, out: RiverOutput): void {
  const { totals } = river;
  const { stamp } = record;
  const route = river.routes.routeOf(message.topic);
  const hash = messageHash(message, route?.topicHash ?? topicHash(message.topic));
  const twin = message.packetId > 0 ? river.twins.judge(message, hash) : "first";
  if (route === undefined) {
    if (twin === "first") totals.filtered++;
    else totals.duplicate++;
    return;
  }
  const { device: id } = route;
  if (route.refusal !== undefined || id === null) {
    if (twin === "first") {
      river.quarantine(
        message,
        record,
        { refusal: route.refusal ?? { reason: "bad_tag" }, device: null },
        out,
      );
    } else totals.duplicate++;
    return;
  }
  const device = river.registry.openDevice(id, stamp.receivedAt);
  if (device === undefined) {
    if (twin !== "first") {
      totals.duplicate++;
      return;
    }
    const allowed = `${river.rules.limits.devices} devices`;
    const refusal: Refusal = { reason: "cardinality", found: shown(id), allowed };
    river.quarantine(message, record, { refusal, device: id }, out);
    return;
  }
  device.counts.received++;
  if (twin !== "first") {
    duplicate(river, device, twin === "assumed" && !provesItself(route));
    return;
  }
  const refuse = (refusal: Refusal): void => {
    device.counts.quarantined++;
    noteError(device, refusal.reason, 1);
    river.quarantine(message, record, { refusal, device: id }, out);
  };
  if (!withinRate(river, device, stamp.elapsed)) {
    return refuse({ reason: "rate", allowed: `${river.rules.limits.deviceRate}/s` });
  }
  const judged = judge(river, message, route, record);
  if ("reason" in judged) return refuse(judged);

  // From here on state is touched by what the message says: nothing below may fail on its content.
  const stream = route.stream ??= river.registry.openStream(route, device);
  if (message.retain && stream.newestOf.get(route.topicHash) === hash) return duplicate(river, device, false);
  const sequence = judged[0]?.checked.sequence;
  if (sequence !== undefined && !inSequence(river, stream, sequence, hash)) {
    return duplicate(river, device, false);
  }
  rememberNewest(stream, route.topicHash, hash);
  totals.processed++;
  device.counts.processed++;
  device.expectEvery = route.profile.expectEvery;
  if (!message.retain) alive(river, stream, record, judged, out);
  for (const each of judged) takeReadings(river, stream, each, message, record, out);
}

/** Decode and validate: pure, so that whatever they throw is this message's own fault and nobody else's. */
function judge(river: River, message: Message, route: Route, record: InboxRecord): JudgedRecord[] | Refusal {
  const { limits } = river.rules;
  const size = message.originalBytes ?? message.payload.length;
  if (size > limits.payload) {
    return { reason: "payload_too_large", found: `${size} bytes`, allowed: `${limits.payload} bytes` };
  }
  try {
    const decoded = route.decoder.decode(message.payload, limits);
    if (!decoded.ok) return decoded.refusal;
    const judged: JudgedRecord[] = [];
    for (const each of decoded.records) {
      const one = judgeRecord(route, each, record);
      if ("reason" in one) return one;
      judged.push(one);
    }
    return judged;
  } catch (error) {
    return { reason: "internal", found: shown(error instanceof Error ? error.message : error) };
  }
}

function judgeRecord(route: Route, decoded: Decoded, record: InboxRecord): JudgedRecord | Refusal {
  const { receivedAt, implausible } = record.stamp;
  const checked = route.checker.check(decoded.values, route.field, decoded.text);
  if (!checked.ok) return checked.refusal;
  const moment = checked.moment ?? decoded.moment;
  if (moment === undefined) return { checked, ms: receivedAt, ns: undefined, untimely: undefined };
  const { maxFuture, maxAge, time } = route.profile;
  const untimely = judgeTime(moment.ms, receivedAt, implausible, maxFuture, maxAge, time?.unit ?? "ms");
  return { checked, ms: moment.ms, ns: moment.ns, untimely };
}

/** A sequence number or a time of the device's own tells a repeated message from an equal one. */
function provesItself(route: Route): boolean {
  return route.profile.sequence !== null || route.profile.time !== null;
}

function duplicate(river: River, device: Device, assumed: boolean): void {
  river.totals.duplicate++;
  device.counts.duplicate++;
  if (!assumed) return;
  river.totals.duplicate_assumed++;
  device.counts.duplicate_assumed++;
}

/** Token bucket in journal time: one second's worth of messages at most. */
function withinRate(river: River, device: Device, elapsed: number): boolean {
  const { deviceRate } = river.rules.limits;
  const passed = Math.max(0, elapsed - device.tokensAt);
  device.tokens = Math.min(Math.max(1, deviceRate), device.tokens + passed * deviceRate / 1_000);
  device.tokensAt = elapsed;
  if (device.tokens < 1) return false;
  device.tokens -= 1;
  return true;
}

function inSequence(river: River, stream: Stream, number: number, hash: number): boolean {
  stream.sequence ??= new Sequence();
  const verdict = stream.sequence.judge(number, hash);
  const gaps = verdict.kind === "gap" ? verdict.missing : verdict.kind === "filled" ? -1 : 0;
  river.totals.sequence_gaps += gaps;
  stream.device.counts.sequence_gaps += gaps;
  return verdict.kind !== "duplicate";
}

function alive(
  river: River,
  stream: Stream,
  record: InboxRecord,
  judged: readonly JudgedRecord[],
  out: RiverOutput,
): void {
  const { receivedAt, elapsed } = record.stamp;
  const { device } = stream;
  if (device.lastSeen > 0) {
    const since = Math.max(0, receivedAt - device.lastSeen);
    device.interval = device.interval === null ? since : device.interval + (since - device.interval) / 8;
  }
  device.lastSeen = receivedAt;
  const first = judged[0];
  device.skew = first?.checked.moment === undefined ? null : receivedAt - first.ms;
  for (const deadman of stream.deadmen) {
    const due = deadman.alive(elapsed, receivedAt, (event) => out.alert(event));
    if (due !== undefined) river.schedule(due, deadman.index);
  }
}
