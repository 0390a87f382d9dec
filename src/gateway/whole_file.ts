import type { FilePort } from "../journal/mod.ts";

/** The text of a small file of the data folder; `undefined` where it cannot be read. */
export async function readWhole(files: FilePort, path: string): Promise<string | undefined> {
  try {
    const file = await files.open(path, "read");
    try {
      const bytes = new Uint8Array(await file.size());
      let got = 0;
      while (got < bytes.length) {
        const more = await file.read(bytes.subarray(got), got);
        if (more === 0) break;
        got += more;
      }
      return new TextDecoder().decode(bytes.subarray(0, got));
    } finally {
      file.close();
    }
  } catch {
    return undefined;
  }
}

/**
 * Writes a small file of the data folder: after a crash it is the old one or the new one.
 *
 * @throws what the disk said
 */
export async function writeWhole(files: FilePort, path: string, text: string): Promise<void> {
  const fresh = `${path}.new`;
  await files.remove(fresh).catch(() => {});
  const file = await files.open(fresh, "create");
  try {
    let rest = new TextEncoder().encode(text);
    while (rest.length > 0) {
      const taken = await file.write(rest);
      if (taken === 0) throw new Error(`The disk took no more of "${path}"`);
      rest = rest.subarray(taken);
    }
    await file.syncData();
  } finally {
    file.close();
  }
  await files.rename(fresh, path);
  await files.syncFolder(path.slice(0, path.lastIndexOf("/")));
}
