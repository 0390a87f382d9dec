import { type Profile, type Refusal, shown } from "../model/mod.ts";
import type { CheckedField, Validation } from "./checker.ts";
import type { KeptFieldRules } from "./kept_fields.ts";
import { NO_TAGS } from "./tag_reader.ts";
import { type ValueJudge, valueJudge } from "./value_judge.ts";

/**
 * Records that are one value without a name (`21.5` on `site/{device}/{field}`): the topic names the field, or
 * the profile has only one. The value is judged as that field alone: what else the profile requires comes in
 * messages of its own, and the time of receipt counts.
 */
export class BareValues {
  readonly #profile: Profile;
  readonly #claimed: ReadonlySet<string>;
  readonly #kept: KeptFieldRules | undefined;
  readonly #judges: readonly ValueJudge[];
  /** Place of a field by the name that devices give it: its key in a payload, else its own. */
  readonly #places = new Map<string, number>();
  /** Place of the only field. */
  readonly #only: number | undefined;

  constructor(profile: Profile, claimed: ReadonlySet<string>, kept: KeptFieldRules | undefined) {
    this.#profile = profile;
    this.#claimed = claimed;
    this.#kept = kept;
    this.#judges = profile.fields.map(valueJudge);
    // A tag is no reading, so that no bare value can be one.
    const fields = profile.fields.flatMap((rule, index) => rule.tag === true ? [] : [{ rule, index }]);
    this.#only = fields.length === 1 ? fields[0]?.index : undefined;
    fields.forEach(({ rule, index }) => this.#places.set(rule.name, index));
    fields.forEach(({ rule, index }) => {
      const key = rule.path[0];
      if (rule.path.length === 1 && typeof key === "string") this.#places.set(key, index);
    });
  }

  /** Judges one value; `text` is how it was sent, which is what a field that holds text gets. */
  check(value: unknown, fieldName: string | undefined, text: string | undefined): Validation {
    if (value === undefined || value === null) return refused({ reason: "no_readings", found: shown(value) });
    const place = fieldName === undefined ? this.#only : this.#places.get(fieldName);
    if (place !== undefined) return this.#named(place, value, text);
    if (fieldName === undefined) {
      const hint = "a bare value needs a topic level {field}, or a profile with one field";
      return refused({ reason: "no_readings", found: shown(value), allowed: "an object", hint });
    }
    return this.#unnamed(fieldName, value, text);
  }

  #named(place: number, value: unknown, text: string | undefined): Validation {
    const rule = this.#profile.fields[place];
    const judge = this.#judges[place];
    if (rule === undefined || judge === undefined) return refused({ reason: "internal" });
    const verdict = judge(rule.type === "string" ? text ?? value : value);
    if (typeof verdict !== "object") return reading({ rule, index: place, value: verdict });
    return rule.required ? refused(verdict) : rejected(verdict);
  }

  #unnamed(name: string, value: unknown, text: string | undefined): Validation {
    const field = shown(name);
    if (this.#profile.unknownFields === "reject") {
      const hint = "name it in the profile, or set unknown_fields to ignore or keep";
      return refused({ reason: "unknown_field", field, found: shown(text ?? value), hint });
    }
    const verdict = this.#claimed.has(name) ? undefined : this.#kept?.judge(name, value);
    if (verdict !== undefined) return "reason" in verdict ? rejected(verdict) : reading(verdict);
    return refused({ reason: "no_readings", field, found: shown(text ?? value) });
  }
}

function refused(refusal: Refusal): Validation {
  return { ok: false, refusal };
}

function reading(field: CheckedField): Validation {
  return { ok: true, fields: [field], refusals: [], moment: undefined, sequence: undefined, tags: NO_TAGS };
}

function rejected(refusal: Refusal): Validation {
  return { ok: true, fields: [], refusals: [refusal], moment: undefined, sequence: undefined, tags: NO_TAGS };
}
