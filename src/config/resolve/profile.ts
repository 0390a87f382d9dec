import type { Downsample, FieldRule, Profile } from "../../model/mod.ts";
import { nameProblem } from "../../model/mod.ts";
import type { KeyPath } from "../key_path.ts";
import type { Report } from "../report.ts";
import type { DownsampleDefaults } from "../sections/downsample.ts";
import type { FieldDraft, ProfileDraft } from "../sections/profile.ts";
import { redactionOf } from "./redact.ts";
import { resolveSample } from "./sample.ts";
import { checkTag } from "./tag.ts";
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
  readonly key: "range" | "scale" | "offset" | "max_length" | "enum";
  readonly types: readonly string[];
}[] = [
  { key: "range", types: ["float", "int"] },
  { key: "scale", types: ["float", "int"] },
  { key: "offset", types: ["float", "int"] },
  { key: "max_length", types: ["string"] },
  { key: "enum", types: ["string"] },
];

/** A tag makes no points; its readings do. */
const PASSES: Downsample = { kind: "none" };

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

/** What may stand in `downsample` or beside it must not stand in both. */
function checkTimeLimits(source: SourceFile, report: Report, draft: ProfileDraft): void {
  if (typeof draft.downsample !== "object") return;
  for (const key of ["max_future", "max_age"] as const) {
    if (draft[key] === undefined || draft.downsample[key] === undefined) continue;
    const allowed = `${key} once: beside downsample or in it`;
    report.add(source, [key], "not_with", { found: key, allowed }, "key");
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
 *
 * @param hashes there is a key for hashes
 */
export function resolveProfile(
  source: SourceFile,
  report: Report,
  draft: ProfileDraft,
  defaults: DownsampleDefaults,
  hashes: boolean,
): Profile {
  if (draft.downsample !== undefined) checkOverride(source, report, ["downsample"], draft.downsample);
  checkTimeLimits(source, report, draft);
  if (Object.values(draft.fields).every((field) => field.tag) && draft.unknown_fields !== "keep") {
    const tags = Object.keys(draft.fields).length > 0;
    report.addAbsence(source, ["fields"], "empty", {
      allowed: `at least one field${tags ? " that is no tag" : ""}, or unknown_fields: keep`,
    });
  }
  const inherited = inheritedOf(draft, defaults);
  const fields = Object.entries(draft.fields).map(([name, field]): FieldRule => {
    const path = ["fields", name];
    checkField(source, report, path, name, field);
    checkTag(source, report, path, name, field);
    const rule = field.tag ? PASSES : fieldRule(field.type, field.downsample, inherited);
    const rulePath = [...path, "downsample"];
    if (field.downsample !== undefined) checkOverride(source, report, rulePath, field.downsample);
    checkAggregates(source, report, rulePath, field.type, rule, field.downsample);
    const redact = redactionOf(name, field, { source, report, path: [...path, "redact"], hashes });
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
      ...(field.enum === undefined ? {} : { values: field.enum }),
      ...(field.tag ? { tag: true } as const : {}),
      ...(redact === undefined ? {} : { redact }),
    };
  });
  if (draft.unknown_fields === "keep" && fields.some((field) => field.redact !== undefined)) {
    const allowed = "ignore or reject where a field is redacted";
    const hint = "name the fields that may leave";
    report.add(source, ["unknown_fields"], "not_with", { found: "keep", allowed, hint });
  }
  const own = typeof draft.downsample === "object" ? draft.downsample : undefined;
  return {
    name: draft.profile,
    description: draft.description,
    measurement: draft.measurement ?? draft.profile,
    time: draft.time === undefined ? null : {
      path: draft.time.field,
      unit: draft.time.unit,
      ...(draft.time.distinct ? { distinct: true } as const : {}),
    },
    sequence: draft.sequence ?? null,
    expectEvery: draft.expect_every ?? null,
    fields,
    unknownFields: draft.unknown_fields,
    keep: inherited.instead ?? inherited.window,
    maxFuture: draft.max_future ?? own?.max_future ?? defaults.max_future,
    maxAge: draft.max_age ?? own?.max_age ?? defaults.max_age,
    ...(draft.sample === undefined
      ? {}
      : { sample: resolveSample(source, report, draft, draft.sample, fields) }),
  };
}
