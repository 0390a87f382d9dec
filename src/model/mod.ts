/**
 * The words of the field as types and pure functions: message, reading, point, profile, rules, verdict, ledger.
 *
 * Imports nothing, does nothing by itself; every other room speaks in these terms.
 * @module
 */
export type { AlertCondition, AlertEvent, AlertRule, Severity } from "./alert.ts";
export { type Deadline, DeadlineQueue, type DeadlineSink } from "./deadline.ts";
export type { InboxContent, InboxRecord } from "./record.ts";
export type { Refused } from "./refused.ts";
export {
  balanced,
  type BesideCounts,
  emptyLedger,
  type Imbalance,
  imbalance,
  type Ledger,
  type MessageCounts,
  type PointCounts,
  type ReadingCounts,
} from "./ledger.ts";
export type { Message, SessionOpened, Stamp } from "./message.ts";
export { type NameProblem, nameProblem, nameProblemText } from "./names.ts";
export type { Point, PointField, WireType } from "./point.ts";
export type { Aggregate, Downsample, FieldRule, FieldType, Path, Profile } from "./profile.ts";
export type { StreamIdentity, Tags, Value } from "./reading.ts";
export type { Format, Limits, Rules, SubscriptionRule } from "./rules.ts";
export { type Moment, nanoseconds, rfc3339, type TimeUnit } from "./time.ts";
export {
  matchTopic,
  parseTemplate,
  type TopicLevel,
  type TopicProblem,
  type TopicTemplate,
} from "./topic.ts";
export {
  type MessageReason,
  type PointReason,
  type ReadingReason,
  type Reason,
  type Refusal,
  refusalText,
  shown,
} from "./verdict.ts";
