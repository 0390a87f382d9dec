import type { FilePort, OpenFile } from "./file_port.ts";

/**
 * The right to write into a folder: the kernel's lock on a file, which is released with the process, however it
 * ends. The file's text names the holder.
 */
export class FolderLock {
  readonly #file: OpenFile;

  private constructor(file: OpenFile) {
    this.#file = file;
  }

  /**
   * Takes the lock.
   *
   * @param path the lock file; made where absent, never removed
   * @param holder who takes it, for the one who comes second: the process id
   * @returns the lock, or who holds it (`""` where the holder has not written it yet)
   */
  static async take(
    files: FilePort,
    path: string,
    holder: string,
  ): Promise<FolderLock | { readonly reason: "in_use"; readonly holder: string }> {
    const file = await files.open(path, "own");
    try {
      if (await file.tryLock()) {
        // The kernel's lock counts; the name is for people, and a full disk has no room for it.
        await nameHolder(file, holder).catch(() => {});
        return new FolderLock(file);
      }
      const text = new Uint8Array(64);
      const got = await file.read(text, 0);
      file.close();
      return { reason: "in_use", holder: new TextDecoder().decode(text.subarray(0, got)).trim() };
    } catch (error) {
      file.close();
      throw error;
    }
  }

  /** Gives it back. */
  release(): void {
    this.#file.close();
  }
}

async function nameHolder(file: OpenFile, holder: string): Promise<void> {
  await file.truncate(0);
  await file.write(new TextEncoder().encode(`${holder}\n`));
}
