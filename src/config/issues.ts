/**
 * Turns what zod found into problems: the one place where zod's codes are known.
 * @module
 */
import type { z } from "zod";
import { shown } from "../model/mod.ts";
import { knownKeys } from "./known_keys.ts";
import type { KeyPath } from "./key_path.ts";
import { didYouMean } from "./nearest.ts";
import type { IssueParams } from "./sections/scalars.ts";
import { NOT_AVAILABLE } from "./not_available.ts";
import type { Report } from "./report.ts";
import type { SourceFile } from "./source_file.ts";

/** Values that a schema knows and this version refuses: nothing to offer to anyone. */
const UNAVAILABLE: ReadonlySet<string> = new Set(NOT_AVAILABLE.flatMap((entry) => entry.values ?? []));

type Issue = z.core.$ZodIssue;

const TYPES: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a mapping of keys",
  record: "a mapping of keys",
  tuple: "a list of two numbers",
};

function typeName(expected: string): string {
  return TYPES[expected] ?? expected;
}

/** The value at a path below `value`. */
function at(value: unknown, path: KeyPath): unknown {
  let here: unknown = value;
  for (const part of path) {
    if (typeof here !== "object" || here === null || !Object.hasOwn(here, part)) return undefined;
    here = Reflect.get(here, part);
  }
  return here;
}

/** The path of an issue below the value that was parsed. */
function own(issue: Issue): KeyPath {
  return issue.path.map((part) => typeof part === "symbol" ? String(part) : part);
}

/**
 * Reports one issue of zod.
 *
 * @param base path of the value that was parsed, within the file
 * @param schema the schema that it was parsed with
 * @param value the value that was parsed
 */
function reportIssue(
  issue: Issue,
  target: { source: SourceFile; report: Report; base: KeyPath; schema: z.core.$ZodType; value: unknown },
): void {
  const { source, report, base } = target;
  const below = own(issue);
  const path = [...base, ...below];
  if (issue.code === "unrecognized_keys") {
    const known = knownKeys(target.schema, below);
    for (const key of issue.keys) {
      if (report.covered(source, [...path, key])) continue;
      const hint = didYouMean(key, known);
      const allowed = hint === undefined ? known.join(", ") : undefined;
      report.add(source, [...path, key], "unknown_key", { found: key, allowed, hint }, "key");
    }
    return;
  }
  if (report.covered(source, path)) return;
  const raw = at(target.value, below);
  const found = Array.isArray(raw) ? "a list" : typeof raw === "object" ? "a mapping" : shown(raw);
  switch (issue.code) {
    case "custom": {
      // Only `issue()` of scalars.ts makes custom issues: its parameters are these.
      const { reason, ...facts } = issue.params as IssueParams;
      return report.add(source, path, reason, facts);
    }
    case "invalid_type": {
      const allowed = typeName(issue.expected);
      if (raw === undefined && typeof path.at(-1) === "number") {
        return report.add(source, path.slice(0, -1), "wrong_type", { found: "a list", allowed: TYPES.tuple });
      }
      if (raw === undefined) return report.add(source, path, "missing_key", { allowed });
      const hint = issue.expected === "string" && (typeof raw === "number" || typeof raw === "boolean")
        ? "put it in quotes"
        : undefined;
      return report.add(source, path, "wrong_type", { found, allowed, hint });
    }
    case "invalid_value": {
      const words = issue.values.map(String).filter((word) => !UNAVAILABLE.has(word));
      const allowed = words.join(", ");
      if (raw === undefined) return report.add(source, path, "missing_key", { allowed });
      return report.add(source, path, "not_allowed", { found, allowed, hint: didYouMean(found, words) });
    }
    case "too_small":
    case "too_big": {
      const limit = issue.code === "too_small" ? `at least ${issue.minimum}` : `at most ${issue.maximum}`;
      if (issue.origin === "string") return report.add(source, path, "empty", { allowed: "a text" });
      if (issue.origin !== "array") {
        return report.add(source, path, "out_of_range", { found, allowed: limit });
      }
      if (Array.isArray(raw) && raw.length === 0) {
        return report.add(source, path, "empty", { allowed: "at least one" });
      }
      return report.add(source, path, "wrong_type", { found, allowed: TYPES.tuple });
    }
    case "invalid_union":
      if (raw === undefined) return report.add(source, path, "missing_key");
      return reportUnion(issue.errors, path, target, found);
    default:
      return report.add(source, path, "not_allowed", { found });
  }
}

/** Of several alternatives, the one that was meant is that whose kind of value was given. */
function reportUnion(
  alternatives: readonly (readonly Issue[])[],
  path: KeyPath,
  target: Parameters<typeof reportIssue>[1],
  found: string,
): void {
  const meant = alternatives.find((issues) =>
    issues.length > 0 &&
    !issues.some((one) =>
      one.path.length === 0 && (one.code === "invalid_type" || one.code === "invalid_value")
    )
  );
  if (meant !== undefined) {
    const below = path.slice(target.base.length);
    for (const one of meant) reportIssue({ ...one, path: [...below, ...one.path] }, target);
    return;
  }
  const allowed = alternatives.flatMap((issues) =>
    issues.flatMap((one) =>
      one.code === "invalid_type"
        ? [typeName(one.expected)]
        : one.code === "invalid_value"
        ? one.values.map(String)
        : []
    )
  );
  target.report.add(target.source, path, "wrong_type", {
    found,
    allowed: [...new Set(allowed)].join(" or "),
  });
}

/** A copy of a value without what the issues name; what stands in lists stays, or places would move. */
function withoutWrong(value: unknown, issues: readonly Issue[]): unknown {
  const copy: unknown = structuredClone(value);
  for (const one of issues) {
    const parent = at(copy, one.code === "unrecognized_keys" ? own(one) : own(one).slice(0, -1));
    if (typeof parent !== "object" || parent === null || Array.isArray(parent)) continue;
    const keys = one.code === "unrecognized_keys" ? one.keys : own(one).slice(-1);
    for (const key of keys) Reflect.deleteProperty(parent, key);
  }
  return copy;
}

/**
 * Reads a value with a schema and reports everything that is wrong with it.
 *
 * @returns the value; where something was wrong with it, what is left of it without that, so that the checks
 * between values find what else is wrong; `undefined` where nothing useful is left
 */
export function readWith<T>(
  source: SourceFile,
  report: Report,
  base: KeyPath,
  schema: z.ZodType<T>,
  value: unknown,
): T | undefined {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  report.broken(source, base);
  const { issues } = result.error;
  for (const one of issues) reportIssue(one, { source, report, base, schema, value });
  return schema.safeParse(withoutWrong(value, issues)).data;
}
