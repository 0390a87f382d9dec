import {
  type FieldRule,
  nameProblem,
  nameProblemText,
  pathReader,
  pathText,
  type Profile,
  type Reader,
  type Refusal,
  shown,
  type Tags,
} from "../model/mod.ts";
import { type ValueJudge, valueJudge } from "./value_judge.ts";

/** Reads the tags that a record gives its readings. */
export type TagReader = (record: object) => Tags | Refusal;

/** What most records give. */
export const NO_TAGS: Tags = [];

interface CompiledTag {
  readonly rule: FieldRule;
  readonly read: Reader;
  readonly judge: ValueJudge;
}

/**
 * The reader of a profile's tags; `undefined` where it has none. A tag is part of what a reading is called: a bad
 * one refuses the record, also where the tag is optional, since without it the readings would go to another series.
 */
export function tagReader(profile: Profile): TagReader | undefined {
  const tags = profile.fields.filter((rule) => rule.tag === true).sort((a, b) => a.name < b.name ? -1 : 1)
    .map(
      (rule): CompiledTag => ({ rule, read: pathReader(rule.path), judge: valueJudge(rule) }),
    );
  if (tags.length === 0) return undefined;
  return (record) => {
    const found: (readonly [string, string])[] = [];
    for (const { rule, read, judge } of tags) {
      const raw = read(record);
      if (raw === undefined || raw === null) {
        if (rule.required) return { reason: "missing_field", field: rule.name, hint: expectedAt(rule) };
        continue;
      }
      const value = judge(raw);
      if (typeof value === "object") return value;
      const text = String(value);
      const problem = nameProblem(text);
      if (problem !== undefined) {
        return { reason: "bad_tag", field: rule.name, found: shown(text), hint: nameProblemText(problem) };
      }
      found.push([rule.name, text]);
    }
    return found;
  };
}

function expectedAt(rule: FieldRule): string {
  return `it is a tag, expected at ${pathText(rule.path)}`;
}
