import { nameProblem, type Profile, type SubscriptionRule, type TopicTemplate } from "../../model/mod.ts";
import { didYouMean } from "../nearest.ts";
import { NAME_RULES } from "../sections/scalars.ts";
import type { Report } from "../report.ts";
import type { SourceFile } from "../source_file.ts";
import { covers } from "./cover.ts";
import { outputNames, RESERVED_TAGS } from "./outputs.ts";
import { checkSparkplug, taggedLevels } from "./sparkplug.ts";
import { readTemplate } from "./topic_text.ts";

/** The profiles there are, as far as they could be read. */
export interface KnownProfiles {
  /** Profiles without a problem of their own. */
  readonly good: ReadonlyMap<string, Profile>;
  /** Names of all profiles, also of broken ones. */
  readonly names: ReadonlySet<string>;
  /** Some file did not even tell its name, so a missing name proves nothing. */
  readonly incomplete: boolean;
}

/** Reports a reference to a profile that does not exist. */
export function checkProfileName(
  source: SourceFile,
  report: Report,
  path: readonly (string | number)[],
  name: string,
  profiles: KnownProfiles,
): void {
  if (profiles.names.has(name) || profiles.incomplete) return;
  const allowed = profiles.names.size === 0 ? undefined : [...profiles.names].join(", ");
  const hint = didYouMean(name, profiles.names) ??
    (allowed === undefined ? "profiles_dir holds none" : undefined);
  report.add(source, path, "unknown_profile", { found: name, allowed, hint });
}

/** The value format knows no field names: the topic or the profile must say which field a message is. */
function checkValueFormat(
  source: SourceFile,
  report: Report,
  index: number,
  profile: Profile,
  named: readonly string[],
): void {
  const path = ["subscriptions", index, "format"];
  const count = profile.fields.filter((field) => field.tag !== true).length;
  if (!named.includes("field")) {
    if (count === 1) return;
    report.add(source, path, "value_needs_one_field", {
      found: "value",
      allowed: "a profile with exactly one field, or a {field} level in the topic",
      hint: `"${profile.name}" has ${count}`,
    });
  } else if (count > 1 && profile.fields.some((field) => field.required)) {
    report.warn(source, path, "required_never_met", {
      found: "value",
      allowed: "no required fields where each message holds one field",
      hint: `take required out of "${profile.name}"`,
    });
  }
}

function checkTags(
  source: SourceFile,
  report: Report,
  index: number,
  rule: SubscriptionRule,
  named: readonly string[],
  profile: Profile | undefined,
): void {
  const path = ["subscriptions", index];
  const outputs = new Set(profile?.fields.flatMap(outputNames));
  const inPayload = new Set(profile?.fields.flatMap((field) => field.tag === true ? [field.name] : []));
  for (const name of Object.keys(rule.tags)) {
    const here = [...path, "tags", name];
    const problem = nameProblem(name);
    if (problem !== undefined) {
      report.add(source, here, "bad_name", { found: name, ...NAME_RULES[problem] }, "key");
    }
    if (!named.includes(name)) continue;
    report.add(source, here, "tag_twice", {
      found: name,
      allowed: "each tag once",
      hint: `{${name}} of the topic gives it already`,
    }, "key");
  }
  for (const name of new Set([...named, ...Object.keys(rule.tags)])) {
    // With the value format {field} names the field and makes no tag.
    if (rule.format === "value" && name === "field") continue;
    const own = Object.hasOwn(rule.tags, name);
    const here = own ? [...path, "tags", name] : [...path, "topic"];
    const at = own ? "key" : "value";
    if (RESERVED_TAGS.has(name)) {
      const allowed = `any name but ${[...RESERVED_TAGS].join(", ")}`;
      report.add(source, here, "reserved_name", { found: name, allowed }, at);
    } else if (inPayload.has(name)) {
      const hint = `"${rule.profile}" takes a tag of that name from the payload`;
      report.add(source, here, "tag_twice", { found: name, allowed: "each tag once", hint }, at);
    } else if (outputs.has(name)) {
      const hint = `"${rule.profile}" writes a field of that name`;
      report.add(source, here, "tag_is_field", { found: name, allowed: "another name", hint }, at);
    }
  }
}

/** Reports what is wrong with the subscriptions by themselves, with their profiles, and with one another. */
export function checkSubscriptions(
  source: SourceFile,
  report: Report,
  rules: readonly (SubscriptionRule | undefined)[],
  profiles: KnownProfiles,
): void {
  const earlier: TopicTemplate[] = [];
  const templates: (TopicTemplate | undefined)[] = rules.map(() => undefined);
  rules.forEach((rule, index) => {
    if (rule === undefined) return;
    const path = ["subscriptions", index];
    checkProfileName(source, report, [...path, "profile"], rule.profile, profiles);
    const template = readTemplate(source, report, [...path, "topic"], rule.topic);
    if (template === undefined) return;
    templates[index] = template;
    const named = taggedLevels(rule, template);
    // A topic of Sparkplug names node and device by itself.
    const unnamed = !named.includes("device") && !Object.hasOwn(rule.tags, "device");
    if (unnamed && rule.format !== "sparkplug_b") {
      report.addAbsence(source, [...path, "topic"], "no_device", {
        found: rule.topic,
        allowed: "a {device} level, or a static tag device",
      });
    }
    const profile = profiles.good.get(rule.profile);
    checkTags(source, report, index, rule, named, profile);
    if (rule.format === "value" && profile !== undefined) {
      checkValueFormat(source, report, index, profile, named);
    }
    const shadow = earlier.find((one) => covers(one, template));
    if (shadow !== undefined) {
      report.warn(source, [...path, "topic"], "shadowed", {
        found: rule.topic,
        hint: `"${shadow.text}" stands before it, put the narrower one first`,
      });
    }
    earlier.push(template);
  });
  checkSparkplug(source, report, rules, templates);
}
