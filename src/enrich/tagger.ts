import {
  matchTopic,
  nameProblem,
  nameProblemText,
  type Refusal,
  shown,
  type SubscriptionRule,
  type Tags,
  type TopicTemplate,
} from "../model/mod.ts";

/** What a topic gives. */
export type Tagging =
  | {
    readonly ok: true;
    /** The device id. */
    readonly device: string;
    /** Named levels and static tags, `device` always among them; sorted by name. */
    readonly tags: Tags;
    /** The field of a bare value, where the template has a level `{field}` (format `value`). */
    readonly field?: string;
  }
  | { readonly ok: false; readonly refusal: Refusal };

/** Tags a topic; `undefined` where it does not match the template. */
export type Tagger = (topic: string) => Tagging | undefined;

/**
 * The tagger of a subscription.
 *
 * Each named level of the template is a tag; where the format is `value`, `{field}` is none but names the field.
 * The device id is the level `{device}`, else the static tag `device`, else the whole topic. Where a level and a
 * static tag have the same name, the level counts.
 */
export function tagger(subscription: SubscriptionRule, template: TopicTemplate): Tagger {
  const fieldLevel = subscription.format === "value" ? "field" : undefined;
  const fixed = Object.entries(subscription.tags);
  const fixedProblem = firstProblem(fixed);

  return (topic) => {
    const named = matchTopic(template, topic);
    if (named === undefined) return undefined;
    const problem = fixedProblem ?? firstProblem(named);
    if (problem !== undefined) return { ok: false, refusal: problem };
    const tags = new Map(fixed);
    let field: string | undefined;
    for (const [name, value] of named) {
      if (name === fieldLevel) field = value;
      else tags.set(name, value);
    }
    const device = tags.get("device") ?? topic;
    if (!tags.has("device")) {
      const unfit = firstProblem([["device", topic]]);
      if (unfit !== undefined) return { ok: false, refusal: unfit };
      tags.set("device", topic);
    }
    const sorted = [...tags].sort(byName);
    return field === undefined
      ? { ok: true, device, tags: sorted }
      : { ok: true, device, tags: sorted, field };
  };
}

/** Code-unit order, the order of a stream's identity; no name stands twice. */
function byName(a: readonly [string, string], b: readonly [string, string]): number {
  return a[0] < b[0] ? -1 : 1;
}

function firstProblem(tags: readonly (readonly [string, string])[]): Refusal | undefined {
  for (const [name, value] of tags) {
    const ofName = nameProblem(name);
    if (ofName !== undefined) {
      return {
        reason: "bad_tag",
        field: shown(name),
        hint: `its name cannot be used: ${nameProblemText(ofName)}`,
      };
    }
    const problem = nameProblem(value);
    if (problem !== undefined) {
      return { reason: "bad_tag", field: shown(name), found: shown(value), hint: nameProblemText(problem) };
    }
  }
  return undefined;
}
