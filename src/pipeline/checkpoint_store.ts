import type { FilePort } from "../journal/mod.ts";
import { type CheckpointProblem, decodeCheckpoint, encodeCheckpoint } from "./checkpoint_codec.ts";

/** Generations that are kept: the newest may turn out damaged. */
const GENERATIONS = 2;

/** A checkpoint as it was found. */
export interface Generation<Content> {
  /** Number of the checkpoint; the newest has the highest. */
  readonly number: number;
  /** Size of its file, bytes. */
  readonly bytes: number;
  /** What it holds. */
  readonly content: Content;
}

/** What the folder held. */
export interface Loaded<Content> {
  /** Valid generations, newest first. */
  readonly generations: readonly Generation<Content>[];
  /** Files that are none, and why. */
  readonly problems: readonly { readonly name: string; readonly problem: CheckpointProblem }[];
}

/** The folder of checkpoints: a temp file, its fsync, a rename, the folder's fsync. */
export class CheckpointStore<Content> {
  readonly #files: FilePort;
  readonly #folder: string;
  #newest = 0;
  /** Size of the newest checkpoint, bytes. */
  lastBytes = 0;

  /**
   * Touches nothing before `load`.
   *
   * @param folder a folder of its own
   */
  constructor(files: FilePort, folder: string) {
    this.#files = files;
    this.#folder = folder;
  }

  /** Reads every generation there is. Damaged files stay under another name. */
  async load(): Promise<Loaded<Content>> {
    await this.#files.makeFolder(this.#folder);
    const generations: Generation<Content>[] = [];
    const problems: { name: string; problem: CheckpointProblem }[] = [];
    for (const { name } of await this.#files.list(this.#folder)) {
      const number = numberOf(name);
      if (number === undefined) continue;
      this.#newest = Math.max(this.#newest, number);
      const bytes = await this.#read(name);
      const decoded = decodeCheckpoint(bytes);
      if ("problem" in decoded) {
        problems.push({ name, problem: decoded.problem });
        if (decoded.problem === "damaged") await this.#setAside(name);
        continue;
      }
      // The checksum says that this very program's `write` made it.
      generations.push({ number, bytes: bytes.length, content: decoded.content as Content });
    }
    generations.sort((a, b) => b.number - a.number);
    this.lastBytes = generations[0]?.bytes ?? 0;
    return { generations, problems };
  }

  /** Encodes the content in this turn; `write` of the result makes it durable. */
  encode(content: Content): Uint8Array {
    return encodeCheckpoint(content);
  }

  /** Makes a checkpoint durable and forgets generations beyond the second. */
  async write(bytes: Uint8Array): Promise<void> {
    const number = this.#newest + 1;
    const temp = `${this.#folder}/writing.tmp`;
    await this.#files.remove(temp).catch(() => {});
    const file = await this.#files.open(temp, "create");
    try {
      for (let at = 0; at < bytes.length;) {
        const taken = await file.write(bytes.subarray(at));
        if (taken === 0) throw new Error("The disk took no more bytes of the checkpoint");
        at += taken;
      }
      await file.syncData();
    } finally {
      file.close();
    }
    await this.#files.rename(temp, `${this.#folder}/${nameOf(number)}`);
    await this.#files.syncFolder(this.#folder);
    this.#newest = number;
    this.lastBytes = bytes.length;
    // By rank, not by number: where a damaged one was set aside, the one before it is still the second.
    const numbers = (await this.#files.list(this.#folder)).flatMap(({ name }) => numberOf(name) ?? []);
    for (const other of numbers.sort((a, b) => b - a).slice(GENERATIONS)) {
      await this.#files.remove(`${this.#folder}/${nameOf(other)}`);
    }
  }

  async #read(name: string): Promise<Uint8Array> {
    const file = await this.#files.open(`${this.#folder}/${name}`, "read");
    try {
      const bytes = new Uint8Array(await file.size());
      for (let at = 0; at < bytes.length;) {
        const got = await file.read(bytes.subarray(at), at);
        if (got === 0) return bytes.subarray(0, at);
        at += got;
      }
      return bytes;
    } finally {
      file.close();
    }
  }

  async #setAside(name: string): Promise<void> {
    await this.#files.rename(`${this.#folder}/${name}`, `${this.#folder}/${name}.corrupt`);
  }
}

function nameOf(number: number): string {
  return `checkpoint-${String(number).padStart(12, "0")}`;
}

function numberOf(name: string): number | undefined {
  const match = /^checkpoint-(\d{12})$/.exec(name);
  return match === null ? undefined : Number(match[1]);
}
