import { join } from "node:path";
import type { Profile, Redaction } from "../model/mod.ts";
import { checkOutputs, type ProfileSource } from "./checks/outputs.ts";
import type { KnownProfiles } from "./checks/subscriptions.ts";
import { examplesOf, type ProfileExample } from "./examples.ts";
import { readWith } from "./issues.ts";
import { reportNotAvailable } from "./not_available.ts";
import type { Report } from "./report.ts";
import { readFailure } from "./resolve/files.ts";
import { resolveProfile } from "./resolve/profile.ts";
import { tagRedactions } from "./resolve/redact.ts";
import type { DownsampleDefaults } from "./sections/downsample.ts";
import { profileSchema } from "./sections/profile.ts";
import { readSource } from "./read_source.ts";
import type { SourceFile } from "./source_file.ts";
import type { ConfigSources } from "./sources.ts";

/** The name that a profile file gives, also where the rest of it is wrong. */
function nameIn(source: SourceFile): string | undefined {
  const { value } = source;
  if (typeof value !== "object" || value === null || !("profile" in value)) return undefined;
  return typeof value.profile === "string" ? value.profile : undefined;
}

/** The profiles of a folder with their examples. */
export interface ReadProfiles extends KnownProfiles {
  readonly examples: readonly ProfileExample[];
  /** For each profile what becomes of tags, by name. */
  readonly redactTags: ReadonlyMap<string, Readonly<Record<string, Redaction>>>;
}

/**
 * Reads every profile of a folder, in the order of the file names, and reports what is wrong with each and
 * between them.
 *
 * @param config the configuration file, where the folder itself is the problem
 * @param hashes there is a key for hashes
 */
export async function readProfiles(
  config: SourceFile,
  report: Report,
  folder: string,
  defaults: DownsampleDefaults,
  sources: ConfigSources,
  hashes: boolean,
): Promise<ReadProfiles> {
  const names = new Set<string>();
  const resolved: ProfileSource[] = [];
  const examples: ProfileExample[] = [];
  const redactTags = new Map<string, Readonly<Record<string, Redaction>>>();
  let incomplete = false;
  let files: string[] = [];
  try {
    files = (await sources.listFiles(folder)).filter((file) => /\.ya?ml$/.test(file)).sort();
  } catch (error) {
    report.add(config, ["profiles_dir"], "unreadable_file", { found: folder, hint: readFailure(error) });
    incomplete = true;
  }
  for (const file of files) {
    const path = join(folder, file);
    const source = await readSource(path, sources, report, "examples");
    if (source.value === undefined && report.clean(source, [])) {
      report.add(source, [], "empty", { allowed: "a profile" });
    }
    const name = nameIn(source);
    if (name === undefined) incomplete = true;
    else if (names.has(name)) report.add(source, ["profile"], "duplicate_name", { found: name });
    else names.add(name);
    if (source.value === undefined) continue;
    reportNotAvailable(source, report, "profile");
    const draft = readWith(source, report, [], profileSchema, source.value);
    if (draft === undefined) continue;
    resolved.push({ source, profile: resolveProfile(source, report, draft, defaults, hashes) });
    const place = { source, report, path: ["redact_tags"], hashes };
    redactTags.set(draft.profile, tagRedactions(draft.redact_tags, place));
    examples.push(...examplesOf(source, report, draft));
  }
  checkOutputs(report, resolved);
  const good = new Map<string, Profile>();
  for (const { source, profile } of resolved) {
    if (report.clean(source, [])) good.set(profile.name, profile);
  }
  return { good, names, incomplete, examples, redactTags };
}
