import {
  matchTopic,
  nameProblem,
  nameProblemText,
  parseSparkplugTopic,
  type Refusal,
  shown,
  SPARKPLUG_TYPE_LEVEL,
  type SubscriptionRule,
  type Tags,
  type TopicTemplate,
} from "../model/mod.ts";
import type { TopicRedactor } from "./topic_redactor.ts";

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
    /** The topic as it may be seen: redacted levels replaced. */
    readonly topic: string;
  }
  | { readonly ok: false; readonly refusal: Refusal; readonly topic: string };

/** Tags a topic; `undefined` where it does not match the template. */
export type Tagger = (topic: string) => Tagging | undefined;

/**
 * The tagger of a subscription.
 *
 * Each named level of the template is a tag; where the format is `value`, `{field}` is none but names the field.
 * The device id is the level `{device}`, else the static tag `device`, else the whole topic. Where a level and a
 * static tag have the same name, the level counts.
 *
 * Where the format is `sparkplug_b`, only births, data and deaths match, the level of the message's type is no tag
 * whatever it is called, and the device id is at last `group/node` or `group/node/device` instead of the topic.
 *
 * @param redactor takes what is personal out of topics; left out: nothing is
 */
export function tagger(
  subscription: SubscriptionRule,
  template: TopicTemplate,
  redactor?: TopicRedactor,
): Tagger {
  const sparkplug = subscription.format === "sparkplug_b";
  const typeLevel = template.levels[SPARKPLUG_TYPE_LEVEL];
  const untagged = sparkplug && typeLevel?.kind === "named" ? typeLevel.name : undefined;
  const fieldLevel = subscription.format === "value" ? "field" : undefined;
  const fixed = Object.entries(subscription.tags);
  const fixedProblem = firstProblem(fixed);

  return (plain) => {
    const levels = matchTopic(template, plain);
    if (levels === undefined) return undefined;
    if (sparkplug && parseSparkplugTopic(plain) === undefined) return undefined;
    const { topic, named } = redactor === undefined
      ? { topic: plain, named: levels }
      : redactor.redact(plain);
    const problem = fixedProblem ?? firstProblem(named);
    if (problem !== undefined) return { ok: false, refusal: problem, topic };
    const tags = new Map(fixed);
    let field: string | undefined;
    for (const [name, value] of named) {
      if (name === fieldLevel) field = value;
      else if (name !== untagged) tags.set(name, value);
    }
    const device = tags.get("device") ?? (sparkplug ? withoutType(topic) : topic);
    if (!tags.has("device")) {
      const unfit = firstProblem([["device", device]]);
      if (unfit !== undefined) return { ok: false, refusal: unfit, topic };
      tags.set("device", device);
    }
    const sorted = [...tags].sort(byName);
    return field === undefined
      ? { ok: true, device, tags: sorted, topic }
      : { ok: true, device, tags: sorted, field, topic };
  };
}

/** `spBv1.0/group/type/node/device` → `group/node/device`. */
function withoutType(topic: string): string {
  return topic.split("/").filter((_, level) => level > 0 && level !== SPARKPLUG_TYPE_LEVEL).join("/");
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
