import type { FilePort } from "./file_port.ts";

const CHUNK = 64 * 1024;

/** Whether the space is held now, and why not. */
export type BallastOutcome =
  /** So many bytes are held. */
  | { readonly held: true; readonly bytes: number }
  /** The disk did not give them; nothing is held. */
  | { readonly held: false; readonly cause: unknown };

/**
 * A file that holds space for the moment when the disk is full: really written, not sparse, so that releasing it
 * gives the blocks back. Calls are made one after another.
 */
export class Ballast {
  readonly #files: FilePort;
  readonly #path: string;
  #wanted: number;
  #held = false;

  private constructor(files: FilePort, path: string, bytes: number) {
    this.#files = files;
    this.#path = path;
    this.#wanted = bytes;
  }

  /** Takes over the file that is there, or writes it. Where the disk is full it is not `held`. */
  static async open(files: FilePort, path: string, bytes: number): Promise<Ballast> {
    const ballast = new Ballast(files, path, bytes);
    await ballast.refill();
    return ballast;
  }

  /** Whether the space is held. */
  get held(): boolean {
    return this.#held;
  }

  /** How much it holds or wants to hold, bytes. */
  get bytes(): number {
    return this.#wanted;
  }

  /** Holds at least so many bytes from now on. One that is released only notes it. */
  async grow(bytes: number): Promise<void> {
    if (bytes <= this.#wanted) return;
    this.#wanted = bytes;
    if (this.#held) await this.refill();
  }

  /** Gives the space back. @throws what the disk said */
  async release(): Promise<void> {
    this.#held = false;
    try {
      await this.#files.remove(this.#path);
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    }
  }

  /** Takes the space, or the rest of it. Never throws: a full disk is why this exists. */
  async refill(): Promise<BallastOutcome> {
    try {
      await this.#fill();
      this.#held = true;
      return { held: true, bytes: this.#wanted };
    } catch (cause) {
      // Half of it would only stand in the way.
      await this.release().catch(() => {});
      return { held: false, cause };
    }
  }

  async #fill(): Promise<void> {
    const file = await this.#files.open(this.#path, "own");
    try {
      let size = await file.size();
      const chunk = noise();
      while (size < this.#wanted) {
        const taken = await file.write(chunk.subarray(0, Math.min(CHUNK, this.#wanted - size)));
        if (taken <= 0) throw new Error(`Only ${size} of ${this.#wanted} bytes were taken`);
        size += taken;
      }
      await file.syncData();
    } finally {
      file.close();
    }
  }
}

/** Not zeros: a file system that compresses would keep no space for them. The generator is xorshift32 (Marsaglia). */
function noise(): Uint8Array {
  const words = new Uint32Array(CHUNK / 4);
  let word = 0x9e3779b9;
  for (let i = 0; i < words.length; i++) {
    word ^= word << 13;
    word ^= word >>> 17;
    word ^= word << 5;
    words[i] = word;
  }
  return new Uint8Array(words.buffer);
}
