import type { Redaction } from "./redaction.ts";
import type { Value } from "./reading.ts";
import type { TimeUnit } from "./time.ts";

/** What a window can say of its readings. `p50` … `p99` are percentiles by nearest rank, to within 1 %. */
export type Aggregate =
  | "mean"
  | "min"
  | "max"
  | "count"
  | "sum"
  | "first"
  | "last"
  | "stddev"
  | "p50"
  | "p90"
  | "p95"
  | "p99";

/** Type of a field's values. */
export type FieldType = "float" | "int" | "boolean" | "string";

/** How a field's readings become points. All times in ms. */
export type Downsample =
  | {
    readonly kind: "window";
    /** Length of a window; windows are aligned to the epoch. */
    readonly every: number;
    readonly aggregates: readonly Aggregate[];
    readonly lateness: number;
    readonly idleAfter: number;
    readonly hold: number;
  }
  /** Every reading passes. */
  | { readonly kind: "none" }
  /** A reading passes when its value changed, or `heartbeat` after the last that passed (`null`: never). */
  | { readonly kind: "change"; readonly heartbeat: number | null };

/** A path into a decoded payload: object keys and array indices, `sensors.vib[0]` → `["sensors", "vib", 0]`. */
export type Path = readonly (string | number)[];

/** One field of a profile, all defaults resolved. */
export interface FieldRule {
  /** Name of the field, also in the database. */
  readonly name: string;
  /** Where its value stands in the decoded payload. */
  readonly path: Path;
  /** Type of its values; after scale and offset. */
  readonly type: FieldType;
  /** Unit for people, e.g. `degC`; after scale and offset. */
  readonly unit: string | null;
  /** Allowed values, both ends included, after scale and offset. */
  readonly range: readonly [number, number] | null;
  /** Without it, or with a bad value of it, the whole message is refused. */
  readonly required: boolean;
  /** Longest string, in UTF-16 code units. */
  readonly maxLength: number | null;
  /** value = raw × scale + offset. */
  readonly scale: number;
  /** value = raw × scale + offset. */
  readonly offset: number;
  /** How its readings become points. */
  readonly downsample: Downsample;
  /** The only texts that are allowed; left out: any. */
  readonly values?: readonly string[];
  /** Its text is no reading but a tag of its record's readings; left out: it is a reading. */
  readonly tag?: true;
  /** What becomes of its values before anything behind validation sees them; left out: nothing. */
  readonly redact?: Redaction;
}

/** Which part of a profile's messages is kept. */
export interface SampleRule {
  /** So many … */
  readonly keep: number;
  /** … of so many. */
  readonly of: number;
  /** By field or tag the values with which a message is always kept. */
  readonly except: Readonly<Record<string, readonly Value[]>>;
}

/** A device profile, all defaults resolved: plain data, kept in the journal and the checkpoint. */
export interface Profile {
  /** Name of the profile. */
  readonly name: string;
  /** What the device is, for people. */
  readonly description: string;
  /** Measurement in the database. */
  readonly measurement: string;
  /**
   * The device's own time; `null`: the time of receipt counts. `distinct`: events of one millisecond get nanoseconds
   * of their own.
   */
  readonly time: { readonly path: Path; readonly unit: TimeUnit; readonly distinct?: true } | null;
  /** Where the device's sequence number stands. */
  readonly sequence: Path | null;
  /** How often a device is expected to report, ms; `null`: not known. */
  readonly expectEvery: number | null;
  /** The fields that it knows, no name twice. */
  readonly fields: readonly FieldRule[];
  /** What becomes of members of the payload that nothing here names. */
  readonly unknownFields: "ignore" | "reject" | "keep";
  /** How fields that no rule names are downsampled (`unknown_fields: keep`). */
  readonly keep: Downsample;
  /** Furthest ahead of its receipt that a reading may be, ms. */
  readonly maxFuture: number;
  /** Oldest that a reading may be at its receipt, ms. */
  readonly maxAge: number;
  /** Keeps only a part of the messages; left out: all. */
  readonly sample?: SampleRule;
}
