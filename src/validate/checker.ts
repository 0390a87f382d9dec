import type { FieldRule, FieldType, Moment, Refusal, Tags, Value } from "../model/mod.ts";

/** A value that its rule accepts: a reading that wants a device and a time. */
export interface CheckedField {
  /** The field's rule: the same object for every reading of the field. */
  readonly rule: FieldRule;
  /**
   * Number of the rule: its place in the profile; fields that the profile only keeps follow in the order of
   * their first sight. Stable for a checker.
   */
  readonly index: number;
  /** The value after scale and offset. */
  readonly value: Value;
}

/** The verdict on one record. */
export type Validation =
  | {
    readonly ok: true;
    /** What is accepted, in the profile's order. */
    readonly fields: readonly CheckedField[];
    /** What is not: one refusal a reading, each with its `field`. */
    readonly refusals: readonly Refusal[];
    /** The device's time, not yet held against the receipt; `undefined`: the time of receipt counts. */
    readonly moment: Moment | undefined;
    /** The device's sequence number, a whole number from 0. */
    readonly sequence: number | undefined;
    /** Tags that the record gives its readings, beside those of the topic; sorted by name. */
    readonly tags: Tags;
  }
  /** The record as a whole is refused. */
  | { readonly ok: false; readonly refusal: Refusal };

/**
 * The fields that a profile has kept without naming them (`unknown_fields: keep`), in order of first sight, with
 * the type of the first value. It outlives the checker: the pipeline keeps it in the checkpoint and hands it to
 * the next one, so that a replay judges as the first run did.
 */
export type KeptFields = Map<string, FieldType>;

/** A profile, ready to judge. */
export interface Checker {
  /**
   * Judges one record.
   *
   * @param values a plain value: an object, an array, or a bare value
   * @param fieldName the topic level `{field}`, which names the field of a bare value
   * @param text a bare value as it was sent, for fields that hold text
   */
  check(values: unknown, fieldName: string | undefined, text?: string): Validation;
}
