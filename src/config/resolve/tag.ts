import { nameProblem } from "../../model/mod.ts";
import { RESERVED_TAGS } from "../checks/outputs.ts";
import type { KeyPath } from "../key_path.ts";
import type { Report } from "../report.ts";
import type { FieldDraft } from "../sections/profile.ts";
import { NAME_RULES } from "../sections/scalars.ts";
import type { SourceFile } from "../source_file.ts";

/** Names that a payload must not give itself: whose reading it is, is the topic's to say. */
const NO_TAGS = [...RESERVED_TAGS, "device"];

/** Reports what is wrong with a field that is a tag. */
export function checkTag(
  source: SourceFile,
  report: Report,
  path: KeyPath,
  name: string,
  draft: FieldDraft,
): void {
  if (!draft.tag) return;
  if (draft.type !== "string") {
    const allowed = "tag for string fields only";
    report.add(source, [...path, "tag"], "not_with", { found: "tag", allowed }, "key");
  }
  if (NO_TAGS.includes(name)) {
    const allowed = `any name but ${NO_TAGS.join(", ")}`;
    report.add(source, path, "reserved_name", { found: name, allowed }, "key");
  }
  if (draft.downsample !== undefined) {
    const allowed = "a tag without downsample: it is no reading";
    report.add(source, [...path, "downsample"], "not_with", { found: "downsample", allowed }, "key");
  }
  draft.enum?.forEach((value, index) => {
    const problem = nameProblem(value);
    if (problem === undefined) return;
    report.add(source, [...path, "enum", index], "bad_name", { found: value, ...NAME_RULES[problem] });
  });
}
