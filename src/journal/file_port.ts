/**
 * The few things the journal asks of a file system. Every call is asynchronous; errors are thrown as the
 * system gives them, with its `code` ("ENOSPC", "EIO", …) on the error.
 */
export interface FilePort {
  /**
   * Opens a file.
   *
   * - `"read"`: to read; it must exist
   * - `"create"`: to write at its end; it must not exist
   * - `"append"`: to write at its end or cut it; it must exist
   * - `"overwrite"`: to write where the caller says or cut it; it must exist
   * - `"own"`: to read, write at its end and lock; made where absent
   */
  open(path: string, how: FileUse): Promise<OpenFile>;
  /** The files of a folder with their sizes in bytes, in no order. Folders in it are left out. */
  list(folder: string): Promise<readonly FileInfo[]>;
  /** Gives a file another name; a file of that name is replaced. */
  rename(from: string, to: string): Promise<void>;
  /** Gives a file a second name; fails where that name is taken or the file system has no hard links. */
  link(from: string, to: string): Promise<void>;
  /** Unlinks a file. */
  remove(path: string): Promise<void>;
  /** Makes a folder and those above it; content with one that is there. */
  makeFolder(path: string): Promise<void>;
  /** fsync of a folder: the names in it survive a power cut. */
  syncFolder(path: string): Promise<void>;
  /** Space on the volume that holds `path`. */
  space(path: string): Promise<Space>;
}

/** What a file is opened for. */
export type FileUse = "read" | "create" | "append" | "overwrite" | "own";

/** What reading a folder asks of a file system. */
export type FolderReader = Pick<FilePort, "open" | "list">;

/** A file that is open. One caller at a time. */
export interface OpenFile {
  /** Reads into `into` from byte `at` on. Returns how many bytes it read; 0 at the end. */
  read(into: Uint8Array, at: number): Promise<number>;
  /**
   * Writes at the end, or at byte `at` of a file that is opened to be overwritten. Returns how many bytes it took,
   * which can be fewer. The bytes must rest until then.
   */
  write(bytes: Uint8Array, at?: number): Promise<number>;
  /** fdatasync: what was written survives a power cut. */
  syncData(): Promise<void>;
  /** Cuts the file to so many bytes. */
  truncate(bytes: number): Promise<void>;
  /** Its size now, bytes. */
  size(): Promise<number>;
  /** Takes the kernel's exclusive lock, or returns `false` where another process holds it. */
  tryLock(): Promise<boolean>;
  /** Closes it, which also releases the lock. */
  close(): void;
}

/** A file as a folder lists it. */
export interface FileInfo {
  /** Its name within the folder. */
  readonly name: string;
  /** Its size, bytes. */
  readonly bytes: number;
  /** When it was last written, wall clock, ms. */
  readonly modifiedAt: number;
}

/** Space on a volume. */
export interface Space {
  /** Bytes that this user can still write. */
  readonly free: number;
  /** Bytes the volume holds. */
  readonly total: number;
}
