import { parseSparkplugTopic } from "../model/mod.ts";
import type { InboxRecord, Message, Point, ReinjectedEntry, ReinjectRefusal, Value } from "../model/mod.ts";
import type { Series } from "../downsample/mod.ts";
import { decodePayload, type JudgedRecord, judgeRecords } from "./judge_payload.ts";
import type { River } from "./river.ts";
import type { Route } from "./routes.ts";
import type { Device, DeviceCounts } from "./state.ts";

/** What became of an entry that was tried again. */
export type Again =
  | {
    /** Readings that it made. */
    readonly readings: number;
    /** It had come again meanwhile: it counts as a repetition. */
    readonly repeated: boolean;
    /** The device that it is counted for; `undefined`: none. */
    readonly device: Device | undefined;
  }
  | ReinjectRefusal;

/** A message of the past, judged under the rules in force. */
export interface Past {
  /** The message as it came, without its identifier: it is nobody's twin. */
  readonly message: Message;
  /** It as a record, at its own time of receipt but at the journal time of the command. */
  readonly record: InboxRecord;
  /** Where its topic leads. */
  readonly route: Route & { readonly device: string };
  /** Its records. */
  readonly judged: readonly JudgedRecord[];
}

/** Judges the message of an entry anew. It changes nothing, and what its format remembers is left alone. */
export function judgeAgain(
  river: River,
  entry: ReinjectedEntry,
  command: InboxRecord,
): Past | ReinjectRefusal {
  const { topic, payload, retain, userProperties, receivedAt, implausible, inboxPosition } = entry;
  const message: Message = { topic, payload, retain, userProperties, connection: 0, packetId: 0, dup: false };
  const stamp = { receivedAt, implausible, elapsed: command.stamp.elapsed };
  const record: InboxRecord = { position: inboxPosition, stamp, content: { kind: "message", message } };
  const route = river.routes.routeOf(topic);
  if (route === undefined) return { kind: "no_subscription" };
  const { device } = route;
  if (route.refusal !== undefined || device === null) {
    return { kind: "refused", refusal: route.refusal ?? { reason: "bad_tag" } };
  }
  const decoded = decodePayload(river, message, route, record);
  const judged = decoded.ok ? judgeRecords(route, decoded, record) : decoded.refusal;
  if ("reason" in judged) {
    return { kind: "refused", refusal: route.redactor?.refusal(judged) ?? judged };
  }
  if (route.subscription.format === "sparkplug_b" && !bornByItself(topic)) return { kind: "out_of_order" };
  // What the quarantine keeps of it depends on the rules, which may be others than when it was asked last.
  river.shownPayload = undefined;
  return { message, record, route: { ...route, device }, judged: withTimes(judged, inboxPosition) };
}

/** Whether a message says by itself what its metrics are. The births that explain others may be out of force. */
function bornByItself(topic: string): boolean {
  const type = parseSparkplugTopic(topic)?.type;
  return type === "NBIRTH" || type === "DBIRTH";
}

/** Nanoseconds of a millisecond from which on records are put that come again, below them those that came at once. */
const LATER_HALF = 500_000;

/**
 * Records that were stamped by their receipt get a time of their own within its millisecond. It follows from where the
 * message stands in the inbox, so that it does not touch the count of those that come now.
 */
function withTimes(judged: readonly JudgedRecord[], position: number): JudgedRecord[] {
  return judged.map((one, at) =>
    one.ns === undefined ? { ...one, ns: LATER_HALF + (position * 31 + at) % LATER_HALF } : one
  );
}

/** Takes something out of the accounts as if it had never come: it is counted anew where it goes now. */
export function uncount(
  river: River,
  id: string | null,
  from: "quarantined" | "rejected" | "late",
  count: number,
): void {
  const whole = from === "quarantined" ? "received" : "decoded";
  const counted = id === null ? undefined : river.registry.device(id)?.counts;
  for (const counts of [river.totals, counted]) {
    if (counts !== undefined) takeOut(counts, from, whole, count);
  }
}

/** Accounts that were set anew, or a device that was not known then, have not counted it: nothing goes below zero. */
function takeOut(
  counts: DeviceCounts,
  from: "quarantined" | "rejected" | "late",
  whole: "received" | "decoded",
  count: number,
): void {
  const held = Math.min(count, counts[from]);
  counts[from] -= held;
  counts[whole] -= held;
}

/** The mark of a reading that came too late for its window and was tried again: it is a series of its own. */
const REPLAYED = [["replayed", "true"]] as const;

/** Writes a reading whose window is gone by itself, under a tag that keeps it apart from the windows. */
export function pointOfLate(series: Series, value: Value, ms: number, ns: number): Point {
  return {
    stream: series.stream.identity,
    fields: [{ name: series.field, type: series.type, value }],
    ms,
    ns,
    extraTags: REPLAYED,
    readings: 1,
    // It must not overtake what stands at the same time under the same tag.
    correction: true,
    earlier: { kind: "unknown" },
  };
}
