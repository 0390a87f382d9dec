/**
 * A device profile as a judge: compiled once, then asked for every record. SPEC.md numbers its rules.
 *
 * In: a record as plain values. Out: the readings that the profile accepts, a refusal for each that it does not,
 * the device's time and sequence number; or one refusal of the whole record.
 *
 * Promises: nothing throws, whatever the values are; `fields` and `refusals` together are the readings of a
 * record; an accepted value is finite, exact and of its field's type. Whether the device's time is plausible
 * depends on the receipt and is asked by `judgeTime`.
 * @module
 */
export type { CheckedField, Checker, KeptFields, Validation } from "./checker.ts";
export { compileProfile } from "./profile_checker.ts";
export { judgeTime } from "./time_judge.ts";
