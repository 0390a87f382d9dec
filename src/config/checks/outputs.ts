import type { FieldRule, Profile } from "../../model/mod.ts";
import type { Report } from "../report.ts";
import type { SourceFile } from "../source_file.ts";

/** A profile with the file that it came from. */
export interface ProfileSource {
  readonly source: SourceFile;
  readonly profile: Profile;
}

/** Names that InfluxDB keeps for itself. */
const RESERVED: ReadonlySet<string> = new Set(["time", "_time", "_field", "_measurement"]);

/** Names that no tag may have: those of the database, and the mark of a replayed reading. */
export const RESERVED_TAGS: ReadonlySet<string> = new Set([...RESERVED, "replayed"]);

/**
 * The names of a field in the database: `temperature_mean`, `temperature_max`, …; for a single `last` and for
 * a field without windows the plain name; none for a tag.
 */
export function outputNames(field: FieldRule): string[] {
  if (field.tag === true) return [];
  const rule = field.downsample;
  if (rule.kind !== "window") return [field.name];
  if (rule.aggregates.length === 1 && rule.aggregates[0] === "last") return [field.name];
  return rule.aggregates.map((aggregate) => `${field.name}_${aggregate}`);
}

/**
 * Reports fields that would overwrite one another in the database: two of one profile, or of two profiles with
 * the same measurement.
 */
export function checkOutputs(report: Report, profiles: readonly ProfileSource[]): void {
  const writers = new Map<string, string>();
  for (const { source, profile } of profiles) {
    const own = new Set(profile.fields.flatMap(outputNames));
    for (const { name, tag } of profile.fields) {
      if (tag !== true || !own.has(name)) continue;
      const facts = {
        found: name,
        allowed: "another name",
        hint: `"${profile.name}" writes a field of that name`,
      };
      report.add(source, ["fields", name], "tag_is_field", facts, "key");
    }
    for (const field of profile.fields) {
      const path = ["fields", field.name];
      for (const output of outputNames(field)) {
        const key = JSON.stringify([profile.measurement, output]);
        const first = writers.get(key);
        const writer = `${profile.name}.${field.name}`;
        if (RESERVED.has(output)) {
          report.add(source, path, "reserved_name", {
            found: output,
            allowed: `any name but ${[...RESERVED].join(", ")}`,
          }, "key");
        } else if (first === undefined) {
          writers.set(key, writer);
        } else {
          report.add(source, path, "output_twice", {
            found: output,
            allowed: "each name once in a measurement",
            hint: `${first} writes it to "${profile.measurement}" too`,
          }, "key");
        }
      }
    }
  }
}
