import type { AlertCondition } from "../../model/mod.ts";
import type { KeyPath } from "../key_path.ts";
import { NOT_AVAILABLE } from "../not_available.ts";
import type { Report } from "../report.ts";
import type { AlertDraft } from "../sections/alerts.ts";
import type { SourceFile } from "../source_file.ts";

/** The conditions that an alert may have exactly one of. */
export const CONDITIONS = [
  "above",
  "below",
  "outside",
  "inside",
  "equals",
  "not_equals",
  "rate_above",
  "unchanged_for",
  "silent_for",
] as const;

/** Those of them that this version knows. */
const AVAILABLE = CONDITIONS.filter((kind) => !NOT_AVAILABLE.some((one) => one.path === `alerts[].${kind}`));

type Kind = typeof CONDITIONS[number];

function threshold(
  source: SourceFile,
  report: Report,
  path: KeyPath,
  kind: "above" | "below",
  limit: number,
  clear: number | undefined,
): AlertCondition {
  const back = clear ?? limit;
  if (kind === "above" ? back > limit : back < limit) {
    report.add(source, [...path, "clear"], "clear_side", {
      found: String(back),
      allowed: kind === "above" ? `at most ${limit}` : `at least ${limit}`,
    });
  }
  return { kind, limit, clear: back };
}

function between(
  source: SourceFile,
  report: Report,
  path: KeyPath,
  kind: "outside" | "inside",
  [low, high]: readonly [number, number],
): AlertCondition {
  if (low > high) {
    report.add(source, [...path, kind], "range_order", {
      found: `${low}, ${high}`,
      allowed: "the lower value first",
    });
  }
  return { kind, low, high };
}

/** The one condition of an alert; reports where there is none, more than one, or one that is upside down. */
export function resolveCondition(
  source: SourceFile,
  report: Report,
  path: KeyPath,
  draft: AlertDraft,
): AlertCondition | undefined {
  const given: Kind[] = CONDITIONS.filter((kind) => draft[kind] !== undefined);
  const allowed = `exactly one of ${AVAILABLE.join(", ")}`;
  if (given.length === 0) {
    report.addAbsence(source, [...path, "name"], "no_condition", { found: draft.name, allowed });
    return undefined;
  }
  if (given.length > 1) {
    report.add(
      source,
      [...path, given[1] ?? ""],
      "two_conditions",
      { found: given.join(", "), allowed },
      "key",
    );
    return undefined;
  }
  if (draft.clear !== undefined && draft.above === undefined && draft.below === undefined) {
    report.add(source, [...path, "clear"], "not_with", {
      found: "clear",
      allowed: "clear with above or below",
    }, "key");
  }
  if (draft.above !== undefined) return threshold(source, report, path, "above", draft.above, draft.clear);
  if (draft.below !== undefined) return threshold(source, report, path, "below", draft.below, draft.clear);
  if (draft.outside !== undefined) return between(source, report, path, "outside", draft.outside);
  if (draft.inside !== undefined) return between(source, report, path, "inside", draft.inside);
  if (draft.equals !== undefined) return { kind: "equals", value: draft.equals };
  if (draft.not_equals !== undefined) return { kind: "not_equals", value: draft.not_equals };
  if (draft.rate_above !== undefined) return { kind: "rate_above", ...draft.rate_above };
  if (draft.unchanged_for !== undefined) return { kind: "unchanged", unchangedFor: draft.unchanged_for };
  if (draft.silent_for !== undefined) return { kind: "silent", silentFor: draft.silent_for };
  return undefined;
}
