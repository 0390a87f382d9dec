/** The files of the history in its folder. */
export const DATABASE = "history.db";
const BESIDE = ["-wal", "-shm"];
const CORRUPT = ".corrupt";

/** Bytes of all files, what is set aside among them. */
export function bytesOf(folder: string): number {
  let bytes = 0;
  for (const { name, isFile } of Deno.readDirSync(folder)) {
    if (isFile) bytes += sizeOf(`${folder}/${name}`);
  }
  return bytes;
}

/** Moves a database that cannot be used beside the place of a new one. Only the newest of them is kept. */
export function setAside(folder: string): void {
  const path = `${folder}/${DATABASE}`;
  Deno.renameSync(path, `${path}${CORRUPT}`);
  // What belonged to it must not be taken for a part of the new one.
  for (const ending of BESIDE) removeIfThere(`${path}${ending}`);
}

/** Removes what was set aside: it is the first to go where the space is too small. */
export function forgetSetAside(folder: string): void {
  removeIfThere(`${folder}/${DATABASE}${CORRUPT}`);
}

function sizeOf(path: string): number {
  try {
    return Deno.statSync(path).size;
  } catch {
    // It went while it was being looked at: the log does, when it is emptied.
    return 0;
  }
}

function removeIfThere(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
