import type { FolderReader } from "./file_port.ts";
import type { KeyId } from "./key_id.ts";
import type { KeyRing } from "./key_ring.ts";
import { findSegments, type FoundSegment } from "./segment_files.ts";
import { codeOf } from "./trouble.ts";

/**
 * Which keys a journal's folder needs and a ring does not hold. Changes nothing, so that an owner of several
 * journals can look at all of them before one is recovered.
 *
 * @throws JournalError `future_version`, or what the disk said
 */
export async function missingKeys(
  files: FolderReader,
  folder: string,
  keys: KeyRing | undefined,
): Promise<readonly KeyId[]> {
  try {
    return keysMissing(await findSegments(files, folder), keys);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return [];
    throw error;
  }
}

/** Which keys segments need and a ring does not hold, each once. */
export function keysMissing(found: readonly FoundSegment[], keys: KeyRing | undefined): readonly KeyId[] {
  const needed = found.flatMap(({ segment }) => segment.key ?? []);
  return [...new Set(needed)].filter((id) => keys?.has(id) !== true);
}
