import {
  keyedHash,
  masked,
  parseTemplate,
  type Redaction,
  type SubscriptionRule,
  type TopicTemplate,
} from "../../model/mod.ts";
import { taggedLevels } from "../checks/sparkplug.ts";
import { didYouMean } from "../nearest.ts";
import type { Sections } from "../read_sections.ts";
import type { Context } from "./files.ts";
import type { Privacy } from "./privacy.ts";
import { tagRedactions } from "./redact.ts";

type Draft = NonNullable<Sections["subscriptions"][number]>;

/**
 * The subscriptions with what their profiles and they themselves say of personal tags. A static tag is redacted
 * here, so that its plain value is in no rule; a named level is redacted topic by topic.
 *
 * @param ofProfiles for each profile what becomes of tags, by name
 */
export function resolveSubscriptions(
  context: Context,
  drafts: Sections["subscriptions"],
  ofProfiles: ReadonlyMap<string, Readonly<Record<string, Redaction>>>,
  privacy: Privacy,
): SubscriptionRule[] {
  return drafts.flatMap((draft, index) => {
    if (draft === undefined) return [];
    const { source, report } = context;
    const path = ["subscriptions", index, "redact_tags"];
    const own = tagRedactions(draft.redact_tags, { source, report, path, hashes: privacy.hashes });
    const { topic, profile, format, tags, compression } = draft;
    const levels = levelsOf(draft);
    checkNames(context, path, draft, levels);
    const redact: Record<string, Redaction> = {};
    const fixed = { ...tags };
    for (const [name, redaction] of Object.entries({ ...ofProfiles.get(profile), ...own })) {
      if (levels.includes(name)) {
        redact[name] = redaction;
        warnOfMerge(context, index, name, redaction);
      } else if (fixed[name] !== undefined) {
        const value = redacted(fixed[name], redaction, privacy.tagKey);
        if (value === undefined) delete fixed[name];
        else fixed[name] = value;
      }
    }
    if (format === "sparkplug_b" && Object.keys(redact).length > 0) {
      // Its memory of nodes and its requests for a birth go by their plain names.
      const allowed = `tags without redaction, found ${Object.keys(redact).join(", ")}`;
      report.add(source, ["subscriptions", index, "format"], "not_with", { found: format, allowed });
    }
    const rule = { topic, profile, format, tags: fixed, ...(compression === "none" ? {} : { compression }) };
    return [Object.keys(redact).length === 0 ? rule : { ...rule, redact }];
  });
}

/** The levels that become tags: with the value format `{field}` names the field. */
function levelsOf({ topic, format }: Draft): string[] {
  const template: TopicTemplate | object = parseTemplate(topic);
  if (!("levels" in template)) return [];
  return taggedLevels({ format }, template).filter((name) => format !== "value" || name !== "field");
}

function checkNames(
  { source, report }: Context,
  path: readonly (string | number)[],
  draft: Draft,
  levels: readonly string[],
): void {
  const known = [...levels, ...Object.keys(draft.tags)];
  for (const name of Object.keys(draft.redact_tags)) {
    if (known.includes(name)) continue;
    const hint = didYouMean(name, known);
    report.add(
      source,
      [...path, name],
      "unknown_tag",
      { found: name, allowed: known.join(", "), hint },
      "key",
    );
  }
}

/** What leaves no trace, or only a part, cannot keep series apart. */
function warnOfMerge(
  { source, report }: Context,
  index: number,
  name: string,
  { kind }: Redaction,
): void {
  if (kind === "hash") return;
  const hint = `hash keeps them apart; with ${kind} the readings of one device are taken together`;
  report.warn(source, ["subscriptions", index, "topic"], "series_merge", { found: name, hint });
}

function redacted(value: string, redaction: Redaction, key: Uint8Array | undefined): string | undefined {
  if (redaction.kind === "mask") return masked(value, redaction.keep);
  // Without a key the configuration is refused; whatever comes then, the value stays here.
  return redaction.kind === "hash" && key !== undefined ? keyedHash(key, value, redaction.digits) : undefined;
}
