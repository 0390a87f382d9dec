import type { Report } from "./report.ts";
import { readFailure } from "./resolve/files.ts";
import { SourceFile } from "./source_file.ts";
import type { ConfigSources } from "./sources.ts";

/**
 * Reads one YAML file and reports what is wrong with it; a file that cannot be read is a problem of that file.
 *
 * @param verbatim a top-level key whose content is data
 */
export async function readSource(
  path: string,
  sources: ConfigSources,
  report: Report,
  verbatim?: string,
): Promise<SourceFile> {
  const env = (name: string): string | undefined => sources.env(name);
  let text: string;
  try {
    text = await sources.readText(path);
  } catch (error) {
    const source = new SourceFile(path, "", env);
    report.add(source, [], "unreadable", { hint: readFailure(error) });
    return source;
  }
  const source = new SourceFile(path, text, env, verbatim);
  report.take(source);
  return source;
}
