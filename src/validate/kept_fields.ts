import {
  type FieldRule,
  type FieldType,
  nameProblem,
  nameProblemText,
  type Profile,
  type Refusal,
  shown,
} from "../model/mod.ts";
import type { CheckedField, KeptFields } from "./checker.ts";
import { type ValueJudge, valueJudge } from "./value_judge.ts";

/** Names that one profile keeps at most: a device that invents names must not fill the memory. */
export const MOST_KEPT = 10_000;

interface Kept {
  readonly rule: FieldRule;
  readonly index: number;
  readonly judge: ValueJudge;
}

/** Gives fields that no rule names a rule of their own (`unknown_fields: keep`). */
export class KeptFieldRules {
  readonly #profile: Profile;
  readonly #types: KeptFields;
  readonly #rules = new Map<string, Kept>();
  readonly #named: ReadonlySet<string>;

  constructor(profile: Profile, types: KeptFields) {
    this.#profile = profile;
    this.#types = types;
    this.#named = new Set(profile.fields.map((rule) => rule.name));
    for (const [name, type] of types) this.#add(name, type);
  }

  /**
   * Judges a member that nothing in the profile claims.
   *
   * @returns `undefined` where it holds no single value: null, an array, an object
   */
  judge(name: string, raw: unknown): CheckedField | Refusal | undefined {
    const type = typeOf(raw);
    if (type === undefined) return undefined;
    const kept = this.#rules.get(name) ?? this.#admit(name, type);
    if ("reason" in kept) return kept;
    if (kept.rule.type !== type) {
      const hint = `it was kept as ${kept.rule.type} before: name it in the profile`;
      return { reason: "type", field: name, found: shown(raw), allowed: kept.rule.type, hint };
    }
    const value = kept.judge(raw);
    return typeof value === "object" ? value : { rule: kept.rule, index: kept.index, value };
  }

  #admit(name: string, type: FieldType): Kept | Refusal {
    const field = shown(name);
    const problem = nameProblem(name);
    if (problem !== undefined) {
      return { reason: "unknown_field", field, hint: `its name cannot be kept: ${nameProblemText(problem)}` };
    }
    if (name === "time") {
      // InfluxDB 1.x drops a field of this name without a word.
      return { reason: "unknown_field", field, hint: "databases keep this name for themselves" };
    }
    if (this.#named.has(name)) {
      return {
        reason: "unknown_field",
        field,
        hint: "the profile takes a field of this name from another path",
      };
    }
    if (this.#types.size >= MOST_KEPT) {
      const allowed = `at most ${MOST_KEPT} kept fields in a profile`;
      return { reason: "cardinality", field, allowed };
    }
    this.#types.set(name, type);
    return this.#add(name, type);
  }

  #add(name: string, type: FieldType): Kept {
    const rule: FieldRule = {
      name,
      path: [name],
      type,
      unit: null,
      range: null,
      required: false,
      maxLength: null,
      scale: 1,
      offset: 0,
      downsample: type === "float" ? this.#profile.keep : { kind: "change", heartbeat: null },
    };
    const kept = { rule, index: this.#profile.fields.length + this.#rules.size, judge: valueJudge(rule) };
    this.#rules.set(name, kept);
    return kept;
  }
}

/** Every number is a float: whether 1 or 1.5 comes first must not decide. */
function typeOf(raw: unknown): FieldType | undefined {
  switch (typeof raw) {
    case "number":
    case "bigint":
      return "float";
    case "boolean":
      return "boolean";
    case "string":
      return "string";
    default:
      return undefined;
  }
}
