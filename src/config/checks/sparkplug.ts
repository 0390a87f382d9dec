import {
  matchTopic,
  SPARKPLUG_NAMESPACE,
  SPARKPLUG_TYPE_LEVEL,
  sparkplugTopic,
  type SubscriptionRule,
  type TopicTemplate,
} from "../../model/mod.ts";
import type { Report } from "../report.ts";
import type { SourceFile } from "../source_file.ts";

const ALLOWED = `${SPARKPLUG_NAMESPACE}/{group}/+/{node}, …/{node}/{device}, or …/{node}/#`;

/** The named levels that become tags: with the Sparkplug format the level of a message's type does not. */
export function taggedLevels(
  { format }: Pick<SubscriptionRule, "format">,
  template: TopicTemplate,
): string[] {
  return template.levels.flatMap((level, index) =>
    level.kind === "named" && !(format === "sparkplug_b" && index === SPARKPLUG_TYPE_LEVEL)
      ? [level.name]
      : []
  );
}

/**
 * Reports Sparkplug subscriptions that cannot work: topics of another shape, and such as leave out a node's births,
 * without which no alias has a name.
 *
 * @param templates of the subscriptions, in their order; `undefined` where the topic is none
 */
export function checkSparkplug(
  source: SourceFile,
  report: Report,
  rules: readonly (SubscriptionRule | undefined)[],
  templates: readonly (TopicTemplate | undefined)[],
): void {
  const own = templates.filter((_, index) => rules[index]?.format === "sparkplug_b");
  const taken = (topic: string): boolean =>
    own.some((template) => template !== undefined && matchTopic(template, topic) !== undefined);
  templates.forEach((template, index) => {
    if (template === undefined || rules[index]?.format !== "sparkplug_b") return;
    const path = ["subscriptions", index, "topic"];
    if (!isSparkplug(template)) {
      return report.add(source, path, "sparkplug_topic", { found: template.text, allowed: ALLOWED });
    }
    const group = levelText(template, 1);
    const node = levelText(template, SPARKPLUG_TYPE_LEVEL + 1);
    const device = levelText(template, SPARKPLUG_TYPE_LEVEL + 2);
    if (!taken(sparkplugTopic(group, "NBIRTH", node, null))) {
      const hint = `subscribe to ${SPARKPLUG_NAMESPACE}/{group}/+/{node} too, or to …/{node}/# instead`;
      report.add(source, path, "births_missing", { found: template.text, hint });
    } else if (!taken(sparkplugTopic(group, "DBIRTH", node, device))) {
      const hint = "a node counts its messages together with those of its devices: subscribe to …/{node}/#";
      report.warn(source, path, "births_missing", { found: template.text, hint });
    }
  });
}

function isSparkplug({ levels }: TopicTemplate): boolean {
  const [first] = levels;
  const type = levels[SPARKPLUG_TYPE_LEVEL];
  const open = levels.at(-1)?.kind === "rest";
  if (first?.kind !== "literal" || first.text !== SPARKPLUG_NAMESPACE || type?.kind === "literal") {
    return false;
  }
  return open ? levels.length <= 6 : levels.length === 4 || levels.length === 5;
}

/** A level as it stands in some topic that the template matches. */
function levelText({ levels }: TopicTemplate, index: number): string {
  const level = levels[index];
  return level?.kind === "literal" ? level.text : "any";
}
