import type { FileInfo, FolderReader, KeyId, KeyRing, OpenFile } from "../journal/mod.ts";
import { missingKeys } from "../journal/mod.ts";
import { ReplayProblem } from "./problem.ts";

/** A journal of a data folder, to be read only. */
export interface JournalView {
  /** Which one it is. */
  readonly name: "inbox" | "quarantine";
  /** Reads its files. */
  readonly files: FolderReader;
  /** The folder to name to `files`. */
  readonly folder: string;
  /** Its name for people. */
  readonly title: string;
}

/**
 * The journals of a data folder that a replay reads: `inbox` is the archive and the inbox as one folder, whose
 * segments follow one another. Beside a running gateway a segment may move from the one to the other at any time.
 *
 * @param keys that open encrypted segments
 * @throws {ReplayProblem} where the folder holds no such journal, or a key is missing
 */
export async function journalView(
  files: FolderReader,
  dataDir: string,
  name: "inbox" | "quarantine",
  keys: KeyRing | undefined,
): Promise<JournalView> {
  const folder = `${dataDir}/${name}`;
  const view: JournalView = {
    name,
    files: name === "inbox" ? joined(files, folder, `${dataDir}/archive`) : files,
    folder,
    title: `The ${name} of "${dataDir}"`,
  };
  let missing: readonly KeyId[];
  try {
    const found = await view.files.list(folder);
    if (found.length === 0) throw new ReplayProblem(nothingIn(dataDir, name));
    missing = await missingKeys(view.files, folder, keys);
  } catch (error) {
    if (error instanceof ReplayProblem) throw error;
    if (vanished(error)) throw new ReplayProblem(nothingIn(dataDir, name));
    throw unreadable(view, error);
  }
  if (missing.length === 0) return view;
  const ids = missing.map((id) => `"${id}"`).join(", ");
  throw new ReplayProblem(
    `${view.title} is encrypted with the key ${ids}, which is not at hand; give its file with ` +
      "--key-file, several with commas between them, or name it in buffer.encrypt_at_rest",
  );
}

/** Whether a file or folder was not there. */
export function vanished(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ("code" in at && at.code === "ENOENT") return true;
  }
  return false;
}

/** The problem of a journal that the disk does not give, or that a newer version has written. */
export function unreadable({ title }: JournalView, cause: unknown): ReplayProblem {
  const words = cause instanceof Error ? cause.message : String(cause);
  return new ReplayProblem(`${title} cannot be read: ${words}`, { cause });
}

function nothingIn(dataDir: string, name: string): string {
  const what = name === "inbox" ? "neither an inbox nor an archive" : "no quarantine";
  return `The folder "${dataDir}" holds ${what}; give a gateway's data folder with --from`;
}

/** Two folders as one. The inbox is listed first: what moves meanwhile is then seen twice, and never missed. */
function joined(files: FolderReader, inbox: string, archive: string): FolderReader {
  const listed = async (folder: string): Promise<readonly FileInfo[]> => {
    try {
      return await files.list(folder);
    } catch (error) {
      if (vanished(error)) return [];
      throw error;
    }
  };
  return {
    async list(): Promise<readonly FileInfo[]> {
      const found = new Map<string, FileInfo>();
      for (const folder of [inbox, archive]) {
        for (const file of await listed(folder)) found.set(file.name, file);
      }
      return [...found.values()];
    },
    async open(path, how): Promise<OpenFile> {
      try {
        return await files.open(path, how);
      } catch (error) {
        if (!vanished(error)) throw error;
        return await files.open(`${archive}${path.slice(path.lastIndexOf("/"))}`, how);
      }
    },
  };
}
