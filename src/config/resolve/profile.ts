import type { FieldRule, Profile } from "../../model/mod.ts";
import { nameProblem } from "../../model/mod.ts";
import type { KeyPath } from "../key_path.ts";
import type { Report } from "../report.ts";
import type { DownsampleDefaults } from "../sections/downsample.ts";
import type { FieldDraft, ProfileDraft } from "../sections/profile.ts";
import { NAME_RULES } from "../sections/scalars.ts";
import type { SourceFile } from "../source_file.ts";
import {
  checkAggregates,
  checkOverride,
  defaultWindow,
  fieldRule,
  type Inherited,
  override,
} from "./downsample.ts";

/** Keys of a field that only make sense for some types. */
const ONLY_FOR: readonly {
  readonly key: "range" | "scale" | "offset" | "max_length";
  readonly types: readonly string[];
}[] = [
  { key: "range", types: ["float", "int"] },
  { key: "scale", types: ["float", "int"] },
  { key: "offset", types: ["float", "int"] },
  { key: "max_length", types: ["string"] },
];

function checkField(
  source: SourceFile,
  report: Report,
  path: KeyPath,
  name: string,
  draft: FieldDraft,
): void {
  const problem = nameProblem(name);
  if (problem !== undefined) {
    report.add(source, path, "bad_name", { found: name, ...NAME_RULES[problem] }, "key");
  }
  for (const { key, types } of ONLY_FOR) {
    if (draft[key] === undefined || types.includes(draft.type)) continue;
    const allowed = `${key} for ${types.join(" and ")} fields only`;
    report.add(source, [...path, key], "not_with", { found: key, allowed }, "key");
  }
  const [low, high] = draft.range ?? [0, 0];
  if (low > high) {
    report.add(source, [...path, "range"], "range_order", {
      found: `${low}, ${high}`,
      allowed: "the lower value first",
    });
  }
  if (draft.scale === 0) {
    report.add(source, [...path, "scale"], "out_of_range", { found: "0", allowed: "any number but 0" });
  }
}

function inheritedOf(draft: ProfileDraft, defaults: DownsampleDefaults): Inherited {
  const window = defaultWindow(defaults);
  if (draft.downsample === undefined) return { window, instead: undefined };
  const own = override(draft.downsample, window);
  return own.kind === "window" ? { window: own, instead: undefined } : { window, instead: own };
}

/**
 * A profile with all defaults resolved: what the configuration says, overridden by the profile, overridden by
 * the field. Reports what is wrong with it by itself.
 */
export function resolveProfile(
  source: SourceFile,
  report: Report,
  draft: ProfileDraft,
  defaults: DownsampleDefaults,
): Profile {
  if (draft.downsample !== undefined) checkOverride(source, report, ["downsample"], draft.downsample);
  if (Object.keys(draft.fields).length === 0 && draft.unknown_fields !== "keep") {
    report.addAbsence(source, ["fields"], "empty", {
      allowed: "at least one field, or unknown_fields: keep",
    });
  }
  const inherited = inheritedOf(draft, defaults);
  const fields = Object.entries(draft.fields).map(([name, field]): FieldRule => {
    const path = ["fields", name];
    checkField(source, report, path, name, field);
    const rule = fieldRule(field.type, field.downsample, inherited);
    const rulePath = [...path, "downsample"];
    if (field.downsample !== undefined) checkOverride(source, report, rulePath, field.downsample);
    checkAggregates(source, report, rulePath, field.type, rule, field.downsample);
    return {
      name,
      path: field.path ?? [name],
      type: field.type,
      unit: field.unit ?? null,
      range: field.range ?? null,
      required: field.required,
      maxLength: field.max_length ?? null,
      scale: field.scale ?? 1,
      offset: field.offset ?? 0,
      downsample: rule,
    };
  });
  const own = typeof draft.downsample === "object" ? draft.downsample : undefined;
  return {
    name: draft.profile,
    description: draft.description,
    measurement: draft.measurement ?? draft.profile,
    time: draft.time === undefined ? null : { path: draft.time.field, unit: draft.time.unit },
    sequence: draft.sequence ?? null,
    expectEvery: draft.expect_every ?? null,
    fields,
    unknownFields: draft.unknown_fields,
    keep: inherited.instead ?? inherited.window,
    maxFuture: own?.max_future ?? defaults.max_future,
    maxAge: own?.max_age ?? defaults.max_age,
  };
}
