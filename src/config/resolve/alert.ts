import type { AlertCondition, AlertRule, FieldRule, FieldType, Profile } from "../../model/mod.ts";
import { checkProfileName, type KnownProfiles } from "../checks/subscriptions.ts";
import { readTemplate } from "../checks/topic_text.ts";
import type { KeyPath } from "../key_path.ts";
import { didYouMean } from "../nearest.ts";
import type { Report } from "../report.ts";
import type { AlertDraft } from "../sections/alerts.ts";
import type { SourceFile } from "../source_file.ts";
import { CONDITIONS, resolveCondition } from "./condition.ts";

const PLACEHOLDERS = ["device", "field", "value", "unit", "limit", "rule", "severity"];

/** The type that a condition asks of its field; `undefined`: any. */
function typesFor(condition: AlertCondition): readonly FieldType[] | undefined {
  switch (condition.kind) {
    case "above":
    case "below":
    case "outside":
    case "inside":
    case "rate_above":
    case "rate_below":
      return ["float", "int"];
    case "equals":
    case "not_equals":
      return typeof condition.value === "number"
        ? ["float", "int"]
        : typeof condition.value === "boolean"
        ? ["boolean"]
        : ["string"];
    case "unchanged":
    case "silent":
      return undefined;
  }
}

/** The profiles that an alert could speak of, or `undefined` where not all of them are known. */
function candidates(draft: AlertDraft, profiles: KnownProfiles): readonly Profile[] | undefined {
  if (draft.profile === undefined) {
    const all = profiles.good.size === profiles.names.size && !profiles.incomplete;
    return all ? [...profiles.good.values()] : undefined;
  }
  const one = profiles.good.get(draft.profile);
  return one === undefined ? undefined : [one];
}

function checkField(
  source: SourceFile,
  report: Report,
  path: KeyPath,
  draft: AlertDraft,
  condition: AlertCondition | undefined,
  profiles: KnownProfiles,
): void {
  const { field } = draft;
  if (draft.silent_for !== undefined) {
    if (field === undefined) return;
    const allowed = "silent_for without field: it watches the device";
    return report.add(source, [...path, "field"], "not_with", { found: "field", allowed }, "key");
  }
  if (field === undefined) {
    return report.addAbsence(source, [...path, "field"], "missing_key", { allowed: "the name of a field" });
  }
  const those = candidates(draft, profiles);
  if (those === undefined || those.some((profile) => profile.unknownFields === "keep")) return;
  const tags = new Set(
    those.flatMap((one) => one.fields).flatMap((one) => one.tag === true ? [one.name] : []),
  );
  const fields = those.flatMap((profile) => profile.fields).filter((one) => one.tag !== true);
  const known = [...new Set(fields.map((one) => one.name))];
  const matching = fields.filter((one) => one.name === field);
  if (matching.length === 0) {
    const where = draft.profile === undefined ? "no profile has it" : `"${draft.profile}" does not have it`;
    const hint = tags.has(field)
      ? `it is a tag: choose by tags: { ${field}: … }`
      : didYouMean(field, known) ?? where;
    return report.add(source, [...path, "field"], "unknown_field", {
      found: field,
      allowed: known.join(", "),
      hint,
    });
  }
  checkRedaction(source, report, path, field, condition, matching);
  const types = condition === undefined ? undefined : typesFor(condition);
  if (types === undefined || matching.some((one) => types.includes(one.type))) return;
  const kind = CONDITIONS.find((one) => draft[one] !== undefined) ?? "";
  report.add(source, [...path, kind], "condition_type", {
    found: kind,
    allowed: `${types.join(" or ")} fields with this value`,
    hint: `"${field}" is a ${matching[0]?.type} field`,
  }, "key");
}

/** Rules see the redacted value alone: nothing of a dropped field, and of a text its hash or mask. */
function checkRedaction(
  source: SourceFile,
  report: Report,
  path: KeyPath,
  field: string,
  condition: AlertCondition | undefined,
  matching: readonly FieldRule[],
): void {
  if (matching.every(({ redact }) => redact?.kind === "drop")) {
    const hint = "redact: drop leaves nothing of it";
    return report.add(source, [...path, "field"], "compares_redacted", { found: field, hint });
  }
  if (condition?.kind !== "equals" && condition?.kind !== "not_equals") return;
  const kind = matching.find(({ redact }) => redact?.kind === "hash" || redact?.kind === "mask")?.redact
    ?.kind;
  if (kind === undefined) return;
  const allowed = kind === "hash" ? "the hash" : "the masked text";
  report.warn(source, [...path, condition.kind], "compares_redacted", {
    found: String(condition.value),
    allowed,
  });
}

function checkNotify(
  source: SourceFile,
  report: Report,
  path: KeyPath,
  draft: AlertDraft,
  notifiers: ReadonlySet<string>,
): void {
  draft.notify.forEach((name, index) => {
    if (notifiers.has(name)) return;
    const allowed = notifiers.size === 0 ? undefined : [...notifiers].join(", ");
    const hint = didYouMean(name, notifiers) ?? (notifiers.size === 0 ? "notifiers holds none" : undefined);
    report.add(source, [...path, "notify", index], "unknown_notifier", { found: name, allowed, hint });
  });
}

function checkSummary(source: SourceFile, report: Report, path: KeyPath, summary: string): void {
  for (const [whole, name = ""] of summary.matchAll(/\{([^{}]*)\}/g)) {
    if (PLACEHOLDERS.includes(name)) continue;
    const allowed = PLACEHOLDERS.map((one) => `{${one}}`).join(" ");
    report.add(source, [...path, "summary"], "bad_placeholder", { found: whole, allowed });
  }
}

/** An alert with all defaults resolved; `undefined` where its condition is wrong. */
export function resolveAlert(
  source: SourceFile,
  report: Report,
  path: KeyPath,
  draft: AlertDraft,
  profiles: KnownProfiles,
  notifiers: ReadonlySet<string>,
): AlertRule | undefined {
  const condition = resolveCondition(source, report, path, draft);
  if (draft.profile !== undefined) {
    checkProfileName(source, report, [...path, "profile"], draft.profile, profiles);
  }
  if (draft.topic !== undefined) {
    const template = readTemplate(source, report, [...path, "topic"], draft.topic);
    if (template?.levels.some((level) => level.kind === "named")) {
      report.add(source, [...path, "topic"], "bad_topic", {
        found: draft.topic,
        allowed: "+ in place of a {name}",
      });
    }
  }
  if (draft.silent_for !== undefined && draft.for > 0) {
    report.add(
      source,
      [...path, "for"],
      "not_with",
      { found: "for", allowed: "silent_for without for" },
      "key",
    );
  }
  checkField(source, report, path, draft, condition, profiles);
  checkNotify(source, report, path, draft, notifiers);
  // Empty: the condition's own sentence.
  const summary = draft.summary ?? "";
  checkSummary(source, report, path, summary);
  if (condition === undefined) return undefined;
  return {
    name: draft.name,
    profile: draft.profile ?? null,
    device: draft.device ?? null,
    topic: draft.topic ?? null,
    tags: draft.tags,
    field: draft.field ?? null,
    condition,
    for: draft.for,
    severity: draft.severity,
    notify: draft.notify,
    summary,
  };
}
