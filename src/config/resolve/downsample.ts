import type { Aggregate, Downsample, FieldType } from "../../model/mod.ts";
import type { KeyPath } from "../key_path.ts";
import type { Report } from "../report.ts";
import type { DownsampleDefaults, FieldDownsample } from "../sections/downsample.ts";
import type { SourceFile } from "../source_file.ts";

/** Windows of one definition. */
export type WindowRule = Extract<Downsample, { kind: "window" }>;

/** What applies to the fields of a profile that say nothing themselves. */
export interface Inherited {
  /** For numbers, and the base that a field's own window is laid over. */
  readonly window: WindowRule;
  /** `none` or `on: change` for the whole profile; `undefined` where the profile says neither. */
  readonly instead: Downsample | undefined;
}

/** An unchanged value passes again after this where nothing else is said, ms. */
const HEARTBEAT = 300_000;

const WINDOW_KEYS = ["every", "aggregates", "lateness", "idle_after", "hold"] as const;

/** Aggregates that make sense of values that cannot be computed with. */
const WITHOUT_ARITHMETIC: readonly Aggregate[] = ["count", "first", "last"];

/** The windows of the section `downsample`. */
export function defaultWindow(draft: DownsampleDefaults): WindowRule {
  return {
    kind: "window",
    every: draft.every,
    aggregates: draft.aggregates,
    lateness: draft.lateness,
    idleAfter: draft.idle_after,
    hold: draft.hold,
  };
}

/** Lays a `downsample` of a profile or field over the windows it inherits. */
export function override(draft: FieldDownsample, window: WindowRule): Downsample {
  if (draft === "none") return { kind: "none" };
  if (draft.on === "change") {
    return { kind: "change", heartbeat: draft.heartbeat === undefined ? HEARTBEAT : draft.heartbeat };
  }
  return {
    kind: "window",
    every: draft.every ?? window.every,
    aggregates: draft.aggregates ?? window.aggregates,
    lateness: draft.lateness ?? window.lateness,
    idleAfter: draft.idle_after ?? window.idleAfter,
    hold: draft.hold ?? window.hold,
  };
}

/** Reports keys that do not go together in a `downsample`. */
export function checkOverride(
  source: SourceFile,
  report: Report,
  path: KeyPath,
  draft: FieldDownsample,
): void {
  if (draft === "none") return;
  if (draft.on === undefined && draft.heartbeat !== undefined) {
    report.addAbsence(
      source,
      [...path, "heartbeat"],
      "needs_key",
      { allowed: "heartbeat with on: change" },
      "key",
    );
  }
  for (const key of WINDOW_KEYS) {
    if (draft.on === undefined || draft[key] === undefined) continue;
    report.add(source, [...path, key], "not_with", {
      found: key,
      allowed: "on: change with heartbeat, or a window with every",
    }, "key");
  }
}

/** How a field is downsampled: its own word, then the profile's, then what suits its type. */
export function fieldRule(
  type: FieldType,
  draft: FieldDownsample | undefined,
  inherited: Inherited,
): Downsample {
  if (draft !== undefined) return override(draft, inherited.window);
  if (inherited.instead !== undefined) return inherited.instead;
  const computable = type === "float" || type === "int";
  return computable ? inherited.window : { kind: "change", heartbeat: HEARTBEAT };
}

/** Reports aggregates that the type of a field does not allow. */
export function checkAggregates(
  source: SourceFile,
  report: Report,
  path: KeyPath,
  type: FieldType,
  rule: Downsample,
  draft: FieldDownsample | undefined,
): void {
  if (rule.kind !== "window" || type === "float" || type === "int") return;
  const own = typeof draft === "object" && draft.aggregates !== undefined;
  const allowed = `${WITHOUT_ARITHMETIC.join(", ")} for a ${type} field`;
  rule.aggregates.forEach((aggregate, index) => {
    if (WITHOUT_ARITHMETIC.includes(aggregate)) return;
    if (own) {
      report.add(source, [...path, "aggregates", index], "aggregate_type", { found: aggregate, allowed });
    } else if (index === rule.aggregates.findIndex((one) => !WITHOUT_ARITHMETIC.includes(one))) {
      report.add(source, path, "aggregate_type", {
        found: aggregate,
        allowed,
        hint: "add aggregates: [last]",
      });
    }
  });
}
