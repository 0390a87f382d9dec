import type { AlertRule, Profile } from "../model/mod.ts";
import { readWith } from "./issues.ts";
import type { ConfigProblem } from "./problem.ts";
import { Report } from "./report.ts";
import { resolveAlert } from "./resolve/alert.ts";
import { alertSchema } from "./sections/alerts.ts";
import { SourceFile } from "./source_file.ts";

/** What a rule may name. */
export interface AlertSurroundings {
  /** Profiles by name. */
  readonly profiles: Readonly<Record<string, Profile>>;
  /** Names of the notifiers. */
  readonly notifiers: readonly string[];
}

/** A rule, or everything that is wrong with it. */
export type ReadAlertRule =
  | { readonly ok: true; readonly rule: AlertRule }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

/**
 * Reads one alert rule by itself, as an entry of `alerts` is read; it may stand as a list of one, too. Nothing of the
 * environment is filled in: whoever may try a rule may not read that.
 *
 * @param text YAML
 */
export function readAlertRule(text: string, { profiles, notifiers }: AlertSurroundings): ReadAlertRule {
  const report = new Report();
  const source = new SourceFile("rule", text, () => undefined);
  report.take(source);
  const { value } = source;
  const single = Array.isArray(value) && value.length === 1;
  const path = single ? [0] : [];
  // What cannot be understood as YAML is not judged for what it lacks.
  const draft = report.clean(source, [])
    ? readWith(source, report, path, alertSchema, single ? value[0] : value)
    : undefined;
  const known = {
    good: new Map(Object.entries(profiles)),
    names: new Set(Object.keys(profiles)),
    incomplete: false,
  };
  const rule = draft === undefined
    ? undefined
    : resolveAlert(source, report, path, draft, known, new Set(notifiers));
  const problems = report.problems();
  return problems.length > 0 || rule === undefined ? { ok: false, problems } : { ok: true, rule };
}
