import { assert } from "@std/assert";
import type { FieldRule, Profile, Refusal, Value } from "../../../src/model/mod.ts";
import type { Validation } from "../../../src/validate/mod.ts";

/** A float field of the name, with changes. */
export function field(name: string, changes: Partial<FieldRule> = {}): FieldRule {
  return {
    name,
    path: [name],
    type: "float",
    unit: null,
    range: null,
    required: false,
    maxLength: null,
    scale: 1,
    offset: 0,
    downsample: { kind: "none" },
    ...changes,
  };
}

/** A profile of the fields, with changes. */
export function profile(fields: readonly FieldRule[], changes: Partial<Profile> = {}): Profile {
  return {
    name: "test",
    description: "",
    measurement: "m",
    time: null,
    sequence: null,
    expectEvery: null,
    fields,
    unknownFields: "ignore",
    keep: { kind: "none" },
    maxFuture: 300_000,
    maxAge: 2_592_000_000,
    ...changes,
  };
}

/** The accepted values by name, where the record was accepted. */
export function valuesOf(verdict: Validation): Record<string, Value> {
  assert(verdict.ok, verdict.ok ? "" : JSON.stringify(verdict.refusal));
  return Object.fromEntries(verdict.fields.map((one) => [one.rule.name, one.value]));
}

/** The refusals of single readings, where the record was accepted. */
export function refusalsOf(verdict: Validation): readonly Refusal[] {
  assert(verdict.ok, verdict.ok ? "" : JSON.stringify(verdict.refusal));
  return verdict.refusals;
}

/** The refusal of the whole record. */
export function refusalOf(verdict: Validation): Refusal {
  assert(!verdict.ok, "The record was accepted");
  return verdict.refusal;
}
