/** A value of a field after validation. Integers are exact: none beyond ±(2^53 − 1) passes. */
export type Value = number | boolean | string;

/** A tag set: name and value, sorted by name in code-unit order, no name twice, no value empty. */
export type Tags = readonly (readonly [string, string])[];

/** Who and where a device stream is: shared by all its readings and points. */
export interface StreamIdentity {
  /** Number of the device in order of first sight, from 0. */
  readonly deviceIndex: number;
  /** The device id. */
  readonly device: string;
  /** Name of its profile. */
  readonly profile: string;
  /** Measurement in the database. */
  readonly measurement: string;
  /** Its tags. */
  readonly tags: Tags;
}
