import type { InboxRecord, Message, Refusal } from "../model/mod.ts";
import { shown } from "../model/mod.ts";
import { decodePayload, type JudgedRecord, judgeRecords } from "./judge_payload.ts";
import { takeReadings, watchReadings } from "./take_readings.ts";
import { messageHash, topicHash } from "./message_hash.ts";
import type { River, RiverOutput } from "./river.ts";
import type { Route } from "./routes.ts";
import { type Device, noteError, rememberNewest, type Stream } from "./state.ts";
import { Sequence } from "./sequence.ts";
import { takeEffect } from "./take_effect.ts";
import { taggedStream } from "./tagged_stream.ts";

/** A message's way from the inbox to its readings: twin, route, rate, decode, validate, sequence, sample. */
export function judgeMessage(river: River, message: Message, record: InboxRecord, out: RiverOutput): void {
  const { totals } = river;
  const { stamp } = record;
  const route = river.routes.routeOf(message.topic);
  const hash = messageHash(message, route?.topicHash ?? topicHash(message.topic));
  const twin = message.packetId > 0 ? river.twins.judge(message, hash) : "first";
  if (route === undefined) {
    if (twin === "first") {
      totals.filtered++;
      out.unknown?.(message, stamp.receivedAt);
    } else totals.duplicate++;
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
  if (!withinRate(river, device, stamp.elapsed)) {
    const refusal: Refusal = { reason: "rate", allowed: `${river.rules.limits.deviceRate}/s` };
    return refuse(river, device, refusal, message, record, out);
  }
  const decoded = decodePayload(river, message, route, record);
  const judged = decoded.ok ? judgeRecords(route, decoded, record) : decoded.refusal;
  // Whatever became of the message, it was received: what its format has to remember does not depend on the profile.
  if (decoded.effect !== undefined) takeEffect(river, decoded.effect, out);
  if ("reason" in judged) {
    return refuse(river, device, route.redactor?.refusal(judged) ?? judged, message, record, out);
  }

  // From here on state is touched by what the message says: nothing below may fail on its content.
  const stream = route.stream ??= river.registry.openStream(route, device, route.tags);
  if (stream === undefined) return refuse(river, device, noRoom(river), message, record, out);
  if (message.retain && stream.newestOf.get(route.topicHash) === hash) return duplicate(river, device, false);
  const sequence = judged[0]?.checked.sequence;
  if (sequence !== undefined && !inSequence(river, stream, sequence, hash)) {
    return duplicate(river, device, false);
  }
  rememberNewest(stream, route.topicHash, hash);
  // Only now: what is refused is never hidden by sampling, nor are gaps made of what is left out.
  const sampled = route.sampler?.(hash, judged) === true;
  totals[sampled ? "sampled" : "processed"]++;
  device.counts[sampled ? "sampled" : "processed"]++;
  device.expectEvery = route.profile.expectEvery;
  if (!message.retain && decoded.effect?.died === undefined) alive(river, stream, record, judged, out);
  for (const each of judged) {
    const { tags } = each.checked;
    const own: Stream | undefined = tags.length === 0 ? stream : taggedStream(river, route, device, tags);
    const one = own === undefined ? { ...each, refusal: each.refusal ?? noRoom(river) } : each;
    if (own !== undefined && own !== stream && !message.retain) reportAlive(river, own, record, out);
    if (!sampled) takeReadings(river, own ?? stream, one, message, record, out);
    else if (own !== undefined) watchReadings(river, own, one, record, out);
  }
}

/** Refuses a message of a device that is known. */
function refuse(
  river: River,
  device: Device,
  refusal: Refusal,
  message: Message,
  record: InboxRecord,
  out: RiverOutput,
): void {
  device.counts.quarantined++;
  noteError(device, refusal.reason, 1);
  river.quarantine(message, record, { refusal, device: device.id }, out);
}

/** There is no room for a further stream. */
export function noRoom(river: River): Refusal {
  return { reason: "cardinality", allowed: `${river.rules.limits.series} series` };
}

/** A sequence number or a time of the device's own tells a repeated message from an equal one. */
export function provesItself(route: Route): boolean {
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
  const { receivedAt } = record.stamp;
  const { device } = stream;
  if (device.lastSeen > 0) {
    const since = Math.max(0, receivedAt - device.lastSeen);
    device.interval = device.interval === null ? since : device.interval + (since - device.interval) / 8;
  }
  device.lastSeen = receivedAt;
  device.dead = false;
  const first = judged[0];
  device.skew = first?.checked.moment === undefined ? null : receivedAt - first.ms;
  reportAlive(river, stream, record, out);
}

/** Tells the dead-men of a stream that its device is there. */
function reportAlive(river: River, stream: Stream, record: InboxRecord, out: RiverOutput): void {
  const { receivedAt, elapsed } = record.stamp;
  for (const deadman of stream.deadmen) {
    const due = deadman.alive(elapsed, receivedAt, (event) => out.alert(event));
    if (due !== undefined) river.schedule(due, deadman.index);
  }
}
