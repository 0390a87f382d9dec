import type { FieldRule, SampleRule, Value } from "../../model/mod.ts";
import { didYouMean } from "../nearest.ts";
import type { Report } from "../report.ts";
import type { ProfileDraft } from "../sections/profile.ts";
import type { SampleDraft } from "../sections/sample.ts";
import type { SourceFile } from "../source_file.ts";

/** Which part of the messages a profile keeps; reports exceptions that can never be. */
export function resolveSample(
  source: SourceFile,
  report: Report,
  profile: ProfileDraft,
  draft: SampleDraft,
  fields: readonly FieldRule[],
): SampleRule {
  if (profile.time === undefined && profile.sequence === undefined) {
    report.warn(source, ["sample"], "sample_alike", {
      found: `${draft.keep}/${draft.of}`,
      allowed: "time or sequence in each message, so that no two are alike",
    });
  }
  for (const [name, values] of Object.entries(draft.except)) {
    const path = ["sample", "except", name];
    const field = fields.find((one) => one.name === name);
    if (field === undefined) {
      if (profile.unknown_fields === "keep") continue;
      const known = fields.map((one) => one.name);
      const hint = didYouMean(name, known);
      report.add(source, path, "unknown_field", { found: name, allowed: known.join(", "), hint }, "key");
      continue;
    }
    values.forEach((value, index) => {
      const allowed = allowedFor(field, value);
      if (allowed === undefined) return;
      report.add(source, [...path, index], "not_allowed", { found: String(value), allowed });
    });
  }
  return draft;
}

/** What a field may hold in place of a value that it never holds; `undefined`: it may hold it. */
function allowedFor(field: FieldRule, value: Value): string | undefined {
  switch (field.type) {
    case "float":
    case "int":
      return typeof value === "number" ? undefined : "a number";
    case "boolean":
      return typeof value === "boolean" ? undefined : "true or false";
    case "string":
      if (typeof value !== "string") return "a text";
      return field.values === undefined || field.values.includes(value) ? undefined : field.values.join(", ");
  }
}
