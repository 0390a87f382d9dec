import { dirname, isAbsolute, join } from "node:path";
import type { KeyPath } from "../key_path.ts";
import { Secret } from "../secret.ts";
import type { Report } from "../report.ts";
import type { SourceFile } from "../source_file.ts";

/** What reading a section needs besides its values. */
export interface Context {
  readonly source: SourceFile;
  readonly report: Report;
  readonly readText: (path: string) => Promise<string>;
}

/** A path as the configuration means it: a relative one starts at the folder of the configuration file. */
export function beside(configFile: string, path: string): string {
  return isAbsolute(path) ? path : join(dirname(configFile), path);
}

/** Why a file could not be read, for people. */
export function readFailure(error: unknown): string {
  const name = error instanceof Error ? error.name : "Error";
  if (name === "NotFound") return "there is nothing at this path";
  if (name === "PermissionDenied") return "reading it is not permitted";
  if (name === "NotCapable") {
    return "this process has no right to read it, deno task permissions prints what a configuration needs";
  }
  return `the system answered ${name}`;
}

/** Reads a file that a key names, e.g. a certificate. */
export async function fileOf(
  context: Context,
  path: KeyPath,
  file: string | undefined,
): Promise<string | undefined> {
  if (file === undefined) return undefined;
  const { source, report } = context;
  try {
    return await context.readText(beside(source.file, file));
  } catch (error) {
    report.add(source, path, "unreadable_file", { found: file, hint: readFailure(error) });
    return undefined;
  }
}

/**
 * The secret of `<key>` or `<key>_file`.
 *
 * @param section path of the section, within the file
 */
export async function secretOf(
  context: Context,
  section: KeyPath,
  key: string,
  inline: string | undefined,
  file: string | undefined,
): Promise<Secret | undefined> {
  const { source, report } = context;
  const filePath = [...section, `${key}_file`];
  if (inline !== undefined && file !== undefined) {
    report.add(source, filePath, "given_twice", { allowed: `either ${key} or ${key}_file` }, "key");
    return undefined;
  }
  if (inline !== undefined) return new Secret(inline);
  const text = await fileOf(context, filePath, file);
  if (text === undefined || file === undefined) return undefined;
  const secret = new Secret(text, beside(source.file, file));
  if (secret.reveal() !== "") return secret;
  report.add(source, filePath, "empty_secret", { found: file });
  return undefined;
}
