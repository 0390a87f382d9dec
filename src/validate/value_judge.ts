import { type FieldRule, type FieldType, type Refusal, shown, type Value } from "../model/mod.ts";
import { numberJudge } from "./number_judge.ts";

/** Judges a raw value that is there: the value to keep, or why not. */
export type ValueJudge = (raw: unknown) => Value | Refusal;

/** The judge of each type. */
const JUDGES: Readonly<Record<FieldType, (rule: FieldRule) => ValueJudge>> = {
  float: numberJudge,
  int: numberJudge,
  boolean: booleanJudge,
  string: stringJudge,
};

/** The judge of one field, compiled from its rule. */
export function valueJudge(rule: FieldRule): ValueJudge {
  return JUDGES[rule.type](rule);
}

function booleanJudge(rule: FieldRule): ValueJudge {
  return (raw) => {
    if (typeof raw === "boolean") return raw;
    const refusal: Refusal = {
      reason: "type",
      field: rule.name,
      found: shown(raw),
      allowed: "true or false",
    };
    if (raw === 0 || raw === 1) return { ...refusal, hint: "send true or false instead of 1 or 0" };
    return refusal;
  };
}

function stringJudge(rule: FieldRule): ValueJudge {
  const longest = rule.maxLength ?? Infinity;
  const listed = rule.values === undefined ? undefined : new Set(rule.values);
  return (raw) => {
    if (typeof raw !== "string") {
      return { reason: "type", field: rule.name, found: shown(raw), allowed: "a text" };
    }
    if (raw.length > longest) {
      const allowed = `at most ${longest} characters`;
      const hint = `it has ${raw.length}`;
      return { reason: "too_long", field: rule.name, found: shown(raw), allowed, hint };
    }
    if (!raw.isWellFormed()) {
      const hint = "it holds half of a surrogate pair";
      return { reason: "type", field: rule.name, found: shown(raw), allowed: "a text", hint };
    }
    if (listed !== undefined && !listed.has(raw)) return unlisted(rule, raw);
    return raw;
  };
}

function unlisted(rule: FieldRule, raw: string): Refusal {
  const values = rule.values ?? [];
  const refusal: Refusal = {
    reason: "range",
    field: rule.name,
    found: shown(raw),
    allowed: shown(values.join(", ")),
  };
  const meant = values.find((value) => value.toLowerCase() === raw.trim().toLowerCase());
  return meant === undefined ? refusal : { ...refusal, hint: `write it as "${meant}"` };
}
