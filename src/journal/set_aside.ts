import type { FilePort } from "./file_port.ts";
import type { Segment } from "./segments.ts";
import { codeOf, type JournalEvent } from "./trouble.ts";

/** What a set-aside file's name ends in. The journal never opens or removes such a file again. */
export const ASIDE = ".corrupt";

/**
 * Keeps a damaged segment under a second name while its readable records are still delivered under the first:
 * a hard link, which needs no space. Where the file system has none, trimming renames instead of unlinking.
 */
export async function keepAside(
  files: FilePort,
  folder: string,
  segment: Segment,
  tell: (event: JournalEvent) => void,
): Promise<void> {
  const as = segment.name + ASIDE;
  segment.damaged = true;
  if (segment.aside) return;
  try {
    await files.link(`${folder}/${segment.name}`, `${folder}/${as}`);
  } catch (error) {
    segment.aside = codeOf(error) === "EEXIST";
    return;
  }
  segment.aside = true;
  tell({ kind: "set_aside", segment: segment.name, as, bytes: segment.bytes });
}

/** Moves a file out of the journal of which nothing is needed any more but which nobody could read. */
export async function moveAside(
  files: FilePort,
  folder: string,
  segment: Segment,
  tell: (event: JournalEvent) => void,
): Promise<void> {
  const [from, as] = [`${folder}/${segment.name}`, segment.name + ASIDE];
  if (segment.aside || segment.bytes === 0) return await files.remove(from);
  await files.rename(from, `${folder}/${as}`);
  tell({ kind: "set_aside", segment: segment.name, as, bytes: segment.bytes });
}

/** Takes a segment away that is not needed any more: unlinked, or set aside where something in it is unread. */
export async function moveAway(
  files: FilePort,
  folder: string,
  segment: Segment,
  tell: (event: JournalEvent) => void,
): Promise<void> {
  if (segment.damaged) await moveAside(files, folder, segment, tell);
  else await files.remove(`${folder}/${segment.name}`);
}
