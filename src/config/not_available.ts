/**
 * What the contract names and this version cannot do yet: the one table. A line goes when its feature comes.
 * @module
 */
import type { KeyPath } from "./key_path.ts";
import type { Report } from "./report.ts";
import type { SourceFile } from "./source_file.ts";

/** One thing that is refused by name. */
interface NotAvailable {
  /** Which kind of file it stands in. */
  readonly file: "config" | "profile";
  /** Where: keys with dots, `*` for any key, `[]` for each entry of a list. */
  readonly path: string;
  /** Only these values are refused. */
  readonly values?: readonly string[];
  /** All values but this one are refused. */
  readonly except?: false;
  /** What there is instead. */
  readonly instead: string;
}

/** Everything that is not available yet. */
export const NOT_AVAILABLE: readonly NotAvailable[] = [];

/** `a.*.b[]` → `["a", "*", "b", "[]"]`. */
export function segments(path: string): string[] {
  return path.replaceAll("[]", ".[]").split(".");
}

function visit(
  value: unknown,
  rest: readonly string[],
  path: KeyPath,
  found: (value: unknown, path: KeyPath) => void,
): void {
  const [head, ...tail] = rest;
  if (head === undefined) return value === undefined ? undefined : found(value, path);
  if (head === "[]") {
    if (Array.isArray(value)) value.forEach((one, index) => visit(one, tail, [...path, index], found));
    return;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return;
  for (const [key, one] of Object.entries(value)) {
    if (head === "*" || head === key) visit(one, tail, [...path, key], found);
  }
}

/** Reports everything in a file that is not available yet. */
export function reportNotAvailable(source: SourceFile, report: Report, file: "config" | "profile"): void {
  for (const entry of NOT_AVAILABLE) {
    if (entry.file !== file) continue;
    visit(source.value, segments(entry.path), [], (value, path) => {
      if (entry.values !== undefined && !(typeof value === "string" && entry.values.includes(value))) return;
      if (entry.except !== undefined && value === entry.except) return;
      const isValue = entry.values !== undefined;
      const found = isValue ? String(value) : String(path.at(-1));
      report.add(source, path, "not_available", { found, allowed: entry.instead }, isValue ? "value" : "key");
    });
  }
}
