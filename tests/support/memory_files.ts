import type { FileInfo, FilePort, FileUse, OpenFile, Space } from "../../src/journal/mod.ts";

/** The calls that can be made to fail or wait. */
export type FileOperation =
  | "open"
  | "list"
  | "read"
  | "write"
  | "syncData"
  | "truncate"
  | "rename"
  | "link"
  | "remove"
  | "makeFolder"
  | "syncFolder";

/** Decides about a call: an error code to fail with, `"short"` for half a write, `undefined` to go on. */
export type Fault = (operation: FileOperation, path: string, number: number) => string | undefined;

/** What a power cut leaves of a write that no fdatasync covered. */
export type Survival = (path: string, synced: Uint8Array, written: Uint8Array) => Uint8Array;

/** Bytes that a disk in memory writes as a whole or not at all: few, so that small files have many. */
const SECTOR = 16;

/**
 * Of a write that no fdatasync covered: some sectors came to the disk and others did not, and the file may have grown by
 * less than was written, the end of it zeros.
 */
export function someSectors(luck: number): Survival {
  return (_path, synced, written) => {
    const grown = Math.max(0, written.length - synced.length);
    const cutCame = written.length < synced.length && luck % 2 === 0;
    const kept = new Uint8Array(
      grown > 0 ? synced.length + (luck * 7919) % (grown + 1) : cutCame ? written.length : synced.length,
    );
    kept.set(synced.subarray(0, kept.length));
    kept.set(written.subarray(0, kept.length));
    if (luck % 3 === 0) kept.fill(0, synced.length + ((kept.length - synced.length) >> 1));
    for (let at = 0; at < Math.min(synced.length, kept.length); at += SECTOR) {
      const came = (Math.imul(at + SECTOR, 2654435761) ^ Math.imul(luck + 1, 40503)) & 0x1000;
      const old = synced.subarray(at, Math.min(at + SECTOR, synced.length, kept.length));
      if (came === 0) kept.set(old, at);
    }
    return kept;
  };
}

/** Bytes of a file. */
interface Stretch {
  readonly from: number;
  readonly to: number;
}

interface Inode {
  bytes: Uint8Array;
  durable: Uint8Array;
  /** What a failed fsync was for: as on Linux, a second one succeeds without saving it, but for what was written again. */
  lost: readonly Stretch[];
  modifiedAt: number;
}

/** An error as the system gives it. */
export class FileError extends Error {
  readonly code: string;
  constructor(code: string, path: string) {
    super(`${code} (injected) on ${path}`);
    this.code = code;
  }
}

/** A file system in memory that can lose what was not synced, fill up, and fail on command. */
export class MemoryFiles implements FilePort {
  /** How often each call was made. */
  readonly counts = new Map<FileOperation, number>();
  /** Calls so far. */
  operations = 0;
  /** Decides about each call. */
  fault: Fault | undefined;
  /** Awaited before each call takes effect. */
  gate: ((operation: FileOperation, path: string) => Promise<void> | undefined) | undefined;
  /** Bytes the volume holds. */
  capacity = Infinity;
  readonly #names: Map<string, Inode>;
  readonly #durableNames: Map<string, Inode>;
  readonly #locks: Set<Inode> = new Set();
  #clock = 1_000;

  constructor(names: Map<string, Inode> = new Map(), durableNames: Map<string, Inode> = new Map(names)) {
    this.#names = names;
    this.#durableNames = durableNames;
  }

  /** How often a call was made. */
  count(operation: FileOperation): number {
    return this.counts.get(operation) ?? 0;
  }

  /**
   * The file system after a power cut.
   *
   * @param survival what is left of unsynced bytes; default: none of them
   * @param names `"synced"`: only names whose folder was fsync'd; `"all"`: the names were lucky
   */
  afterPowerCut(
    survival: Survival = (_path, synced) => synced,
    names: "synced" | "all" = "synced",
  ): MemoryFiles {
    const left = new Map<string, Inode>();
    const copies = new Map<Inode, Inode>();
    for (const [path, inode] of names === "all" ? this.#names : this.#durableNames) {
      const copy = copies.get(inode) ?? fresh(survival(path, inode.durable, inode.bytes), this.#clock);
      copies.set(inode, copy);
      left.set(path, copy);
    }
    return new MemoryFiles(left);
  }

  /** The file system after kill -9: the system's cache lives on, and what was not synced still is not. */
  afterKill(): MemoryFiles {
    const copies = new Map<Inode, Inode>();
    const copy = (names: Map<string, Inode>): Map<string, Inode> =>
      new Map([...names].map(([path, inode]) => {
        const twin = copies.get(inode) ?? { ...inode };
        copies.set(inode, twin);
        return [path, twin];
      }));
    return new MemoryFiles(copy(this.#names), copy(this.#durableNames));
  }

  /** The names of all files, sorted. */
  paths(): string[] {
    return [...this.#names.keys()].sort();
  }

  /** A copy of a file's bytes. */
  bytesOf(path: string): Uint8Array {
    return this.#inode(path).bytes.slice();
  }

  /** Puts a file there, durable. */
  put(path: string, bytes: Uint8Array): void {
    const inode = fresh(bytes, this.#clock);
    this.#names.set(path, inode);
    this.#durableNames.set(path, inode);
  }

  async open(path: string, how: FileUse): Promise<OpenFile> {
    await this.#enter("open", path);
    const there = this.#names.get(path);
    if (there !== undefined && how === "create") throw new FileError("EEXIST", path);
    if (there === undefined && ["read", "append", "overwrite"].includes(how)) {
      throw new FileError("ENOENT", path);
    }
    const inode = there ?? fresh(new Uint8Array(0), this.#clock);
    this.#names.set(path, inode);
    return this.#file(path, inode, how);
  }

  async list(folder: string): Promise<readonly FileInfo[]> {
    await this.#enter("list", folder);
    return [...this.#names].filter(([path]) => parent(path) === folder).map(([path, inode]) => ({
      name: path.slice(folder.length + 1),
      bytes: inode.bytes.length,
      modifiedAt: inode.modifiedAt,
    }));
  }

  async rename(from: string, to: string): Promise<void> {
    await this.#enter("rename", from);
    const inode = this.#inode(from);
    if (this.#names.get(to) === inode) return; // POSIX: two names of one file stay as they are.
    this.#names.delete(from);
    this.#names.set(to, inode);
  }

  async link(from: string, to: string): Promise<void> {
    await this.#enter("link", from);
    if (this.#names.has(to)) throw new FileError("EEXIST", to);
    this.#names.set(to, this.#inode(from));
  }

  async remove(path: string): Promise<void> {
    await this.#enter("remove", path);
    this.#inode(path);
    this.#names.delete(path);
  }

  async makeFolder(path: string): Promise<void> {
    await this.#enter("makeFolder", path);
  }

  async syncFolder(folder: string): Promise<void> {
    await this.#enter("syncFolder", folder);
    for (const path of [...this.#durableNames.keys()]) {
      if (parent(path) === folder && !this.#names.has(path)) this.#durableNames.delete(path);
    }
    for (const [path, inode] of this.#names) if (parent(path) === folder) this.#durableNames.set(path, inode);
  }

  space(): Promise<Space> {
    return Promise.resolve({ free: this.capacity - this.#used(), total: this.capacity });
  }

  #file(path: string, inode: Inode, how: FileUse): OpenFile {
    return {
      read: async (into, at): Promise<number> => {
        await this.#enter("read", path);
        const bytes = inode.bytes.subarray(at, at + into.length);
        into.set(bytes);
        return bytes.length;
      },
      write: async (bytes, from): Promise<number> => {
        if ((how === "overwrite") !== (from !== undefined)) {
          throw new TypeError(`A write at ${from} of ${how}`);
        }
        const short = await this.#enter("write", path);
        const at = from ?? inode.bytes.length;
        // What stands there already has its space.
        const free = this.capacity - this.#used() + Math.max(0, inode.bytes.length - at);
        if (free <= 0 && bytes.length > 0) throw new FileError("ENOSPC", path);
        const taken = Math.min(free, short ? bytes.length >> 1 : bytes.length);
        const longer = new Uint8Array(Math.max(inode.bytes.length, at + taken));
        longer.set(inode.bytes);
        longer.set(bytes.subarray(0, taken), at);
        inode.bytes = longer;
        inode.lost = without(inode.lost, at, at + taken);
        inode.modifiedAt = this.#clock++;
        return taken;
      },
      syncData: async (): Promise<void> => {
        try {
          await this.#enter("syncData", path);
        } catch (error) {
          const from = inode.bytes.findIndex((byte, at) => byte !== inode.durable[at]);
          if (from >= 0) inode.lost = [...inode.lost, { from, to: inode.bytes.length }];
          throw error;
        }
        const before = inode.durable;
        inode.durable = inode.bytes.slice();
        for (const { from, to } of inode.lost) {
          inode.durable.fill(0, from, to);
          if (from < before.length) inode.durable.set(before.subarray(from, to), from);
        }
      },
      truncate: async (size): Promise<void> => {
        await this.#enter("truncate", path);
        inode.bytes = inode.bytes.slice(0, size);
        inode.lost = without(inode.lost, size, Infinity);
      },
      size: () => Promise.resolve(inode.bytes.length),
      tryLock: (): Promise<boolean> => {
        if (this.#locks.has(inode)) return Promise.resolve(false);
        this.#locks.add(inode);
        return Promise.resolve(true);
      },
      close: () => void this.#locks.delete(inode),
    };
  }

  async #enter(operation: FileOperation, path: string): Promise<boolean> {
    this.counts.set(operation, this.count(operation) + 1);
    const number = ++this.operations;
    await this.gate?.(operation, path);
    const fault = this.fault?.(operation, path, number);
    if (fault === "short") return true;
    if (fault !== undefined) throw new FileError(fault, path);
    return false;
  }

  #inode(path: string): Inode {
    const inode = this.#names.get(path);
    if (inode === undefined) throw new FileError("ENOENT", path);
    return inode;
  }

  #used(): number {
    let sum = 0;
    for (const inode of new Set(this.#names.values())) sum += inode.bytes.length;
    return sum;
  }
}

/** Stretches but for the bytes from `from` to `to`. */
function without(stretches: readonly Stretch[], from: number, to: number): Stretch[] {
  return stretches.flatMap((one) => [
    { from: one.from, to: Math.min(one.to, from) },
    { from: Math.max(one.from, to), to: one.to },
  ]).filter((one) => one.from < one.to);
}

function fresh(bytes: Uint8Array, modifiedAt: number): Inode {
  return { bytes: bytes.slice(), durable: bytes.slice(), lost: [], modifiedAt };
}

function parent(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}
