/** Between two looks at the folder, ms. */
const LOOK = 25;

/**
 * Bytes that are appended to the files of a folder while it is watched. A file counts with the largest size it was
 * seen with, also when it is gone by the end; one that comes and goes between two looks is missed.
 */
export class FolderGrowth {
  readonly #folder: string;
  readonly #before: ReadonlyMap<string, number>;
  readonly #largest = new Map<string, number>();
  #watching = true;
  #watch: Promise<void>;

  private constructor(folder: string, before: ReadonlyMap<string, number>) {
    this.#folder = folder;
    this.#before = before;
    this.#watch = this.#look();
  }

  /** Begins to watch. */
  static async watch(folder: string): Promise<FolderGrowth> {
    return new FolderGrowth(folder, await sizes(folder));
  }

  /** Ends it: how many bytes were appended. */
  async end(): Promise<number> {
    this.#watching = false;
    await this.#watch;
    let grown = 0;
    for (const [name, size] of this.#largest) grown += size - (this.#before.get(name) ?? 0);
    return grown;
  }

  async #look(): Promise<void> {
    while (true) {
      const last = !this.#watching;
      for (const [name, size] of await sizes(this.#folder)) {
        this.#largest.set(name, Math.max(size, this.#largest.get(name) ?? 0));
      }
      if (last) return;
      await new Promise((resolve) => setTimeout(resolve, LOOK));
    }
  }
}

/** Sizes of the files that are there, by name. */
async function sizes(folder: string): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for await (const { name } of Deno.readDir(folder)) {
    try {
      found.set(name, (await Deno.stat(`${folder}/${name}`)).size);
    } catch (error) {
      // It was removed since it was listed.
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return found;
}
