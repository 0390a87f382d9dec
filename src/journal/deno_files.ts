import { statfs } from "node:fs/promises";
import type { FileInfo, FilePort, FileUse, OpenFile, Space } from "./file_port.ts";

const MODES: Readonly<Record<FileUse, Deno.OpenOptions>> = {
  read: { read: true },
  create: { append: true, createNew: true },
  append: { append: true },
  overwrite: { write: true },
  own: { read: true, append: true, create: true },
};

class DenoFile implements OpenFile {
  readonly #file: Deno.FsFile;
  #at = 0;

  constructor(file: Deno.FsFile) {
    this.#file = file;
  }

  async read(into: Uint8Array, at: number): Promise<number> {
    if (at !== this.#at) this.#at = await this.#file.seek(at, Deno.SeekMode.Start);
    let filled = 0;
    while (filled < into.length) {
      const got = await this.#file.read(filled === 0 ? into : into.subarray(filled));
      if (got === null) break;
      filled += got;
      this.#at += got;
    }
    return filled;
  }

  async write(bytes: Uint8Array, at?: number): Promise<number> {
    if (at === undefined) return await this.#file.write(bytes);
    // Sets a number in the kernel and touches no disk: a trip to the thread pool would cost more than it.
    if (at !== this.#at) this.#file.seekSync(at, Deno.SeekMode.Start);
    this.#at = -1;
    const taken = await this.#file.write(bytes);
    this.#at = at + taken;
    return taken;
  }

  syncData(): Promise<void> {
    return this.#file.syncData();
  }

  truncate(bytes: number): Promise<void> {
    return this.#file.truncate(bytes);
  }

  async size(): Promise<number> {
    return (await this.#file.stat()).size;
  }

  tryLock(): Promise<boolean> {
    return this.#file.tryLock(true);
  }

  close(): void {
    this.#file.close();
  }
}

/** The machine's file system, through Deno's asynchronous calls only. */
export const denoFiles: FilePort = {
  async open(path, how): Promise<OpenFile> {
    return new DenoFile(await Deno.open(path, MODES[how]));
  },
  async list(folder): Promise<readonly FileInfo[]> {
    const found: FileInfo[] = [];
    for await (const entry of Deno.readDir(folder)) {
      if (!entry.isFile) continue;
      try {
        const info = await Deno.stat(`${folder}/${entry.name}`);
        found.push({ name: entry.name, bytes: info.size, modifiedAt: info.mtime?.getTime() ?? 0 });
      } catch (error) {
        // A running gateway may trim the file between the two calls.
        if (!(error instanceof Deno.errors.NotFound)) throw error;
      }
    }
    return found;
  },
  rename: (from, to) => Deno.rename(from, to),
  link: (from, to) => Deno.link(from, to),
  remove: (path) => Deno.remove(path),
  makeFolder: (path) => Deno.mkdir(path, { recursive: true }),
  async syncFolder(path): Promise<void> {
    const folder = await Deno.open(path, { read: true });
    try {
      await folder.sync();
    } finally {
      folder.close();
    }
  },
  async space(path): Promise<Space> {
    const volume = await statfs(path);
    return { free: volume.bavail * volume.bsize, total: volume.blocks * volume.bsize };
  },
};
