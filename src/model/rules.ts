import type { Profile } from "./profile.ts";
import type { AlertRule } from "./alert.ts";
import type { PrivacyRule, Redaction } from "./redaction.ts";

/** Payload formats. */
export type Format = "json" | "value" | "senml" | "cbor" | "msgpack" | "sparkplug_b" | "line_protocol";

/** How payloads are compressed. */
export type Compression = "none" | "gzip";

/** One subscription: the first whose template matches a topic wins. */
export interface SubscriptionRule {
  /** Topic template, e.g. `site/{site}/{device}/telemetry`. */
  readonly topic: string;
  /** Name of the profile. */
  readonly profile: string;
  /** Format of the payloads. */
  readonly format: Format;
  /** How the payloads are compressed; left out: not at all. */
  readonly compression?: Compression;
  /** Static tags. */
  readonly tags: Readonly<Record<string, string>>;
  /** What becomes of named levels before they are tags, by name; static tags are redacted already. Left out: nothing. */
  readonly redact?: Readonly<Record<string, Redaction>>;
}

/** What the gateway takes from a device at most. */
export interface Limits {
  /** Bytes of a payload. */
  readonly payload: number;
  /** Levels of nested input. */
  readonly depth: number;
  /** Keys of one object. */
  readonly keys: number;
  /** Devices known; new ones beyond it are quarantined. */
  readonly devices: number;
  /** Series known; readings of new ones beyond it are rejected. */
  readonly series: number;
  /** Windows open and held together; beyond it the oldest held are forgotten. */
  readonly windows: number;
  /** Messages per second of one device, in journal time. */
  readonly deviceRate: number;
}

/**
 * The rules in force: everything the pipeline obeys, all defaults resolved, no secrets. Plain data that goes
 * through JSON unchanged, so that a change is a record of the inbox and the checkpoint can hold it.
 */
export interface Rules {
  /** In order; the first whose template matches a topic wins. */
  readonly subscriptions: readonly SubscriptionRule[];
  /** Profiles by name. */
  readonly profiles: Readonly<Record<string, Profile>>;
  /** What the gateway takes at most. */
  readonly limits: Limits;
  /** Alert rules in the configuration's order. */
  readonly alerts: readonly AlertRule[];
  /** Un-acknowledged messages in flight: the depth of the memory for redelivered twins. */
  readonly receiveMaximum: number;
  /**
   * MQTT filters that are listened to beside the subscriptions; what none of these takes is counted and looked at.
   * Left out: none.
   */
  readonly learn?: readonly string[];
  /** What holds for personal data as a whole; left out: nothing is redacted. */
  readonly privacy?: PrivacyRule;
}
