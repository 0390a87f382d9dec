import {
  type FieldRule,
  pathReader,
  pathText,
  type Profile,
  type Reader,
  type Refusal,
  shown,
} from "../model/mod.ts";
import { BareValues } from "./bare_values.ts";
import type { CheckedField, Checker, KeptFields, Validation } from "./checker.ts";
import { timeReader } from "./device_time.ts";
import { KeptFieldRules } from "./kept_fields.ts";
import { sequenceJudge } from "./sequence_judge.ts";
import { NO_TAGS, tagReader } from "./tag_reader.ts";
import { type ValueJudge, valueJudge } from "./value_judge.ts";

/** A field's rule, ready to be asked. */
interface CompiledField {
  readonly rule: FieldRule;
  readonly index: number;
  readonly read: Reader;
  readonly judge: ValueJudge;
}

const NO_REFUSALS: readonly Refusal[] = [];

/**
 * Compiles a profile.
 *
 * @param profile the profile, all defaults resolved
 * @param kept the fields that it has kept so far; the checker adds to it. Who only looks (explain) hands a copy
 */
export function compileProfile(profile: Profile, kept: KeptFields = new Map()): Checker {
  const fields = profile.fields.map((rule, index): CompiledField => ({
    rule,
    index,
    read: pathReader(rule.path),
    judge: valueJudge(rule),
  })).filter(({ rule }) => rule.tag !== true);
  const tagsOf = tagReader(profile);
  const time = profile.time === null ? undefined : timeReader(profile.time.path, profile.time.unit);
  const sequenceOf = profile.sequence === null ? undefined : sequenceJudge(profile.sequence);
  const claimed = claimedMembers(profile);
  const unknown = profile.unknownFields;
  const keptRules = unknown === "keep" ? new KeptFieldRules(profile, kept) : undefined;
  const bare = new BareValues(profile, claimed, keptRules);
  const expected = fields.map(({ rule }) => pathText(rule.path)).join(", ");

  function check(values: unknown, fieldName: string | undefined, text?: string): Validation {
    if (typeof values !== "object" || values === null) return bare.check(values, fieldName, text);
    const moment = time?.(values);
    if (moment !== undefined && "reason" in moment) return { ok: false, refusal: moment };
    const sequence = sequenceOf?.(values);
    if (typeof sequence === "object") return { ok: false, refusal: sequence };
    const tags = tagsOf === undefined ? NO_TAGS : tagsOf(values);
    if ("reason" in tags) return { ok: false, refusal: tags };

    // Just as long as it can get: there is one for each message.
    const accepted = new Array<CheckedField>(fields.length);
    let taken = 0;
    let refusals: Refusal[] | undefined;
    for (let at = 0; at < fields.length; at++) {
      const field = fields[at];
      if (field === undefined) break;
      const raw = field.read(values);
      if (raw === undefined || raw === null) {
        if (field.rule.required) return { ok: false, refusal: missing(field.rule) };
        continue;
      }
      const verdict = field.judge(raw);
      if (typeof verdict !== "object") {
        accepted[taken++] = { rule: field.rule, index: field.index, value: verdict };
      } else if (field.rule.required) return { ok: false, refusal: verdict };
      else (refusals ??= []).push(verdict);
    }

    accepted.length = taken;
    if (unknown !== "ignore" && !Array.isArray(values)) {
      for (const [name, raw] of Object.entries(values)) {
        if (claimed.has(name)) continue;
        if (keptRules === undefined) {
          const hint = "name it in the profile, or set unknown_fields to ignore or keep";
          return {
            ok: false,
            refusal: { reason: "unknown_field", field: shown(name), found: shown(raw), hint },
          };
        }
        const verdict = keptRules.judge(name, raw);
        if (verdict === undefined) continue;
        if ("reason" in verdict) (refusals ??= []).push(verdict);
        else accepted.push(verdict);
      }
    }
    if (accepted.length === 0 && refusals === undefined) {
      return { ok: false, refusal: { reason: "no_readings", found: shown(values), allowed: expected } };
    }
    return { ok: true, fields: accepted, refusals: refusals ?? NO_REFUSALS, moment, sequence, tags };
  }

  return { check };
}

function missing(rule: FieldRule): Refusal {
  const path = pathText(rule.path);
  if (path === rule.name) return { reason: "missing_field", field: rule.name };
  return { reason: "missing_field", field: rule.name, hint: `it is expected at ${path}` };
}

/** The top-level members that a rule, the time or the sequence reads from. */
function claimedMembers(profile: Profile): ReadonlySet<string> {
  const paths = profile.fields.map((rule) => rule.path);
  if (profile.time !== null) paths.push(profile.time.path);
  if (profile.sequence !== null) paths.push(profile.sequence);
  return new Set(paths.map((path) => path[0]).filter((step) => typeof step === "string"));
}
