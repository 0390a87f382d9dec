import { parseTemplate, type TopicProblem, type TopicTemplate } from "../../model/mod.ts";
import type { KeyPath } from "../key_path.ts";
import type { Report } from "../report.ts";
import type { SourceFile } from "../source_file.ts";

const ALLOWED: Readonly<Record<TopicProblem["reason"], string>> = {
  empty: "at least one level",
  wildcard_in_level: "+, # and {name} only as a whole level",
  rest_not_last: "# only as the last level",
  bad_name: "{name} of letters, digits and _, with a letter first",
  name_twice: "each {name} once",
  shared: "a plain topic filter",
  nul: "no NUL character",
  too_long: "at most 65535 bytes",
};

/** Reads a topic template; reports what is wrong with it. */
export function readTemplate(
  source: SourceFile,
  report: Report,
  path: KeyPath,
  text: string,
): TopicTemplate | undefined {
  const parsed = parseTemplate(text);
  if (!("reason" in parsed)) return parsed;
  const { reason, found } = parsed;
  if (reason === "shared") {
    const hint = "give each gateway topic filters of its own that do not overlap";
    report.add(source, path, "shared_subscription", { found, allowed: ALLOWED.shared, hint });
  } else {
    report.add(source, path, "bad_topic", { found, allowed: ALLOWED[reason] });
  }
  return undefined;
}
