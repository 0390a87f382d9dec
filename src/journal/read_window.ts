import type { OpenFile } from "./file_port.ts";

const CHUNK = 256 * 1024;
const BLOCK = 4096;

/** A stretch of a file in memory. Each load takes a fresh buffer, so views of an older one stay as they are. */
export class ReadWindow {
  /** The bytes. */
  bytes = new Uint8Array(0);
  /** A view of them. */
  view = new DataView(this.bytes.buffer);
  /** Offset in the file of the first of them. */
  base = 0;
  readonly #file: OpenFile;
  readonly #unreadable: { from: number; to: number }[] = [];

  /** @param file stays the caller's to close */
  constructor(file: OpenFile) {
    this.#file = file;
  }

  /** How many bytes are here from `offset` on. */
  have(offset: number): number {
    return offset < this.base ? 0 : this.base + this.bytes.length - offset;
  }

  /** Loads from `offset` on: at least `needed` bytes where the file has them, never beyond `end`. */
  async load(offset: number, needed: number, end: number): Promise<void> {
    const wanted = Math.min(end - offset, Math.max(CHUNK, needed + (needed > CHUNK ? CHUNK : 0)));
    const bytes = new Uint8Array(Math.max(0, wanted));
    const got = await this.#read(bytes, offset);
    this.bytes = bytes.subarray(0, got);
    this.view = new DataView(bytes.buffer, 0, got);
    this.base = offset;
  }

  /** Whether the disk refused to read some of these bytes. */
  unreadable(from: number, to: number): boolean {
    return this.#unreadable.some((hole) => hole.from < to && hole.to > from);
  }

  async #read(into: Uint8Array, offset: number): Promise<number> {
    try {
      return await this.#file.read(into, offset);
    } catch (error) {
      return await this.#readBlocks(into, offset, error);
    }
  }

  /** A bad sector costs its block: it reads as zeros, which is no record. If no block can be read, the disk is gone. */
  async #readBlocks(into: Uint8Array, offset: number, cause: unknown): Promise<number> {
    let readable = false;
    let at = 0;
    while (at < into.length) {
      const length = Math.min(into.length - at, BLOCK - ((offset + at) % BLOCK));
      try {
        const got = await this.#file.read(into.subarray(at, at + length), offset + at);
        readable = true;
        if (got < length) return at + got;
      } catch {
        this.#unreadable.push({ from: offset + at, to: offset + at + length });
      }
      at += length;
    }
    if (!readable) throw cause;
    return at;
  }
}
