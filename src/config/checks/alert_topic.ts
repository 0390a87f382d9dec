import type { KeyPath } from "../key_path.ts";
import type { Report } from "../report.ts";
import type { SourceFile } from "../source_file.ts";

/** What a topic of notifications may name. */
const PLACEHOLDERS = ["severity", "device", "rule", "field", "transition"];

/** Longest topic, bytes (MQTT 5.0 §1.5.4); what fills the placeholders has to fit, too. */
const LONGEST = 1_024;

/**
 * Judges the topic that alerts are published on. With `retain` it must tell alerts apart: the broker keeps one
 * message a topic, so of two alerts on one topic the later one would hide the earlier.
 */
export function checkAlertTopic(
  source: SourceFile,
  report: Report,
  path: KeyPath,
  topic: string,
  retain: boolean,
): void {
  const named = [...topic.matchAll(/\{([^{}]*)\}/g)].map(([, name = ""]) => name);
  const unknown = named.find((name) => !PLACEHOLDERS.includes(name));
  const allowed = PLACEHOLDERS.map((one) => `{${one}}`).join(" ");
  if (unknown !== undefined) {
    return report.add(source, [...path, "topic"], "bad_topic", { found: `{${unknown}}`, allowed });
  }
  const filled = topic.replace(/\{\w+\}/g, "x");
  // deno-lint-ignore no-control-regex -- control characters have no place in a topic
  if (/[+#{}\u0000-\u001f\u007f]/.test(filled) || filled.startsWith("$") || topic.length > LONGEST) {
    return report.add(source, [...path, "topic"], "bad_topic", {
      found: topic,
      allowed: `a topic to publish on: no + # and no $ at its start, with ${allowed}`,
    });
  }
  if (!retain) return;
  const missing = ["rule", "device"].filter((name) => !named.includes(name));
  if (missing.length > 0) {
    report.warn(source, [...path, "topic"], "topic_not_distinct", {
      found: topic,
      allowed: "{rule} and {device} with retain: true",
      hint: `without ${missing.map((one) => `{${one}}`).join(" and ")} one alert hides another`,
    });
  }
  if (named.includes("transition")) {
    report.warn(source, [...path, "topic"], "topic_not_distinct", {
      found: topic,
      allowed: "no {transition} with retain: true",
      hint: "a retained firing would stay beside its resolved",
    });
  }
}
