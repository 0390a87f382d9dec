import type { Decoded, DecodeResult } from "../decode/mod.ts";
import { MissingKey } from "../enrich/mod.ts";
import type { InboxRecord, Message, Refusal } from "../model/mod.ts";
import { shown } from "../model/mod.ts";
import { judgeTime, type Validation } from "../validate/mod.ts";
import { distinctNanoseconds } from "./distinct_time.ts";
import type { River } from "./river.ts";
import type { Route } from "./routes.ts";

/** A record that its profile accepts. */
export type CheckedRecord = Extract<Validation, { ok: true }>;

/** One record of a message with the time that counts for it. */
export interface JudgedRecord {
  /** Its number within the message, from 0; `undefined`: the message has no other. */
  readonly index: number | undefined;
  /** What it says. */
  readonly checked: CheckedRecord;
  /** Event time, ms. */
  readonly ms: number;
  /** Nanoseconds beyond it; `undefined` where the time of receipt counts. */
  readonly ns: number | undefined;
  /** Why none of its readings can be taken: their time, or no room for their series. */
  readonly refusal: Refusal | undefined;
}

/** Decode: pure, so that whatever it throws is this message's own fault and nobody else's. */
export function decodePayload(
  river: River,
  message: Message,
  route: Route,
  record: InboxRecord,
): DecodeResult {
  const { limits } = river.rules;
  const { receivedAt, elapsed } = record.stamp;
  const size = message.originalBytes ?? message.payload.length;
  if (size > limits.payload) {
    const allowed = `${limits.payload} bytes`;
    return { ok: false, refusal: { reason: "payload_too_large", found: `${size} bytes`, allowed } };
  }
  try {
    return route.decoder.decode(message.payload, limits, { topic: message.topic, receivedAt, elapsed });
  } catch (error) {
    return { ok: false, refusal: internal(error) };
  }
}

/** Validate: as pure as decode. */
export function judgeRecords(
  route: Route,
  { records, needs = "each" }: Extract<DecodeResult, { ok: true }>,
  record: InboxRecord,
): JudgedRecord[] | Refusal {
  let empty: Refusal | undefined;
  try {
    const [only] = records;
    if (records.length === 1 && only !== undefined && needs === "each") {
      const one = judgeRecord(route, only, record, undefined);
      return "reason" in one ? one : [one];
    }
    const judged: JudgedRecord[] = [];
    for (const [index, each] of records.entries()) {
      const one = judgeRecord(route, each, record, records.length > 1 ? index : undefined);
      if (!("reason" in one)) judged.push(one);
      else if (one.reason === "no_readings" && needs !== "each") empty = one;
      else return one;
    }
    return judged.length === 0 && empty !== undefined && needs === "some" ? empty : judged;
  } catch (error) {
    // No fault of the message: whatever the key would hide must not go on.
    if (error instanceof MissingKey) throw error;
    return internal(error);
  }
}

function internal(error: unknown): Refusal {
  return { reason: "internal", found: shown(error instanceof Error ? error.message : error) };
}

function judgeRecord(
  route: Route,
  decoded: Decoded,
  record: InboxRecord,
  index: number | undefined,
): JudgedRecord | Refusal {
  const { receivedAt, implausible } = record.stamp;
  const found = route.checker.check(decoded.values, route.field, decoded.text);
  if (!found.ok) return found.refusal;
  // Nothing from here on sees a personal value.
  const checked = route.redactor === undefined
    ? found
    : { ...found, ...route.redactor.record(found, receivedAt) };
  const moment = checked.moment ?? decoded.moment;
  if (moment === undefined) return { index, checked, ms: receivedAt, ns: undefined, refusal: undefined };
  const { maxFuture, maxAge, time } = route.profile;
  const refusal = judgeTime(moment.ms, receivedAt, implausible, maxFuture, maxAge, time?.unit ?? "ms");
  const spread = time?.distinct === true && moment.ns === 0;
  return {
    index,
    checked,
    ms: moment.ms,
    ns: spread ? distinctNanoseconds(checked.fields) : moment.ns,
    refusal,
  };
}
