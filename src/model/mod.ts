/**
 * The words of the field as types and pure functions: message, reading, point, profile, rules, verdict, ledger.
 *
 * Imports nothing, does nothing by itself; every other room speaks in these terms.
 * @module
 */
export * from "./audit.ts";
export type { AlertCondition, AlertEvent, AlertRule, Severity } from "./alert.ts";
export type * from "./command.ts";
export { type Deadline, DeadlineQueue, type DeadlineSink } from "./deadline.ts";
export { iso8601 } from "./iso8601.ts";
export { pathReader, pathText, type Reader } from "./path_reader.ts";
export { NumberRanges, type RangesSnapshot } from "./ranges.ts";
export type { InboxContent, InboxRecord } from "./record.ts";
export type { Refused } from "./refused.ts";
export type { DeviceRequest } from "./device_request.ts";
export {
  parseSparkplugTopic,
  SPARKPLUG_NAMESPACE,
  SPARKPLUG_TYPE_LEVEL,
  type SparkplugTopic,
  sparkplugTopic,
  type SparkplugType,
} from "./sparkplug_topic.ts";
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
export type { Earlier, OfferedAgain, Point, PointField, WireType } from "./point.ts";
export type { Aggregate, Downsample, FieldRule, FieldType, Path, Profile, SampleRule } from "./profile.ts";
export { identityProblem } from "./tls_identity.ts";
export { derivedKey, keyedHash, keyIdOf, LASTING } from "./keyed_hash.ts";
export { masked, type PrivacyRule, type Redaction } from "./redaction.ts";
export type { StreamIdentity, Tags, Value } from "./reading.ts";
export type { Compression, Format, Limits, Rules, SubscriptionRule } from "./rules.ts";
export { type Moment, nanoseconds, rfc3339, type TimeUnit } from "./time.ts";
export * from "./topic.ts";
export {
  type MessageReason,
  type PointReason,
  type ReadingReason,
  type Reason,
  reasonWords,
  type Refusal,
  refusalText,
  shown,
} from "./verdict.ts";
