import type { FilePort, KeyId, KeyRing } from "../journal/mod.ts";
import {
  type CheckpointProblem,
  decodeCheckpoint,
  encodeCheckpoint,
  sealCheckpoint,
  unsealCheckpoint,
} from "./checkpoint_codec.ts";

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
  readonly problems: readonly UnusableCheckpoint[];
}

/** A file that cannot be used. */
export interface UnusableCheckpoint {
  /** Its name. */
  readonly name: string;
  /** Why. */
  readonly problem: CheckpointProblem;
  /** With `no_key`: the key that it is encrypted with. */
  readonly key?: KeyId;
}

/** With what checkpoints are encrypted. */
export interface CheckpointKeys {
  /** Its current key encrypts, all of them decrypt. */
  readonly keys: KeyRing | undefined;
  /** A random 64-bit number, another at each call, from a source fit for secrets. */
  readonly salt: () => bigint;
}

/** The folder of checkpoints: a temp file, its fsync, a rename, the folder's fsync. */
export class CheckpointStore<Content> {
  readonly #files: FilePort;
  readonly #folder: string;
  readonly #encryption: CheckpointKeys | undefined;
  #newest = 0;
  /** Size of the newest checkpoint, bytes. */
  lastBytes = 0;

  /**
   * Touches nothing before `load`.
   *
   * @param folder a folder of its own
   * @param encryption left out: nothing is encrypted
   */
  constructor(files: FilePort, folder: string, encryption?: CheckpointKeys) {
    this.#files = files;
    this.#folder = folder;
    this.#encryption = encryption;
  }

  /**
   * Reads every generation there is. Damaged files stay under another name; where one needs a key that is not at
   * hand, or is of a newer version, nothing is touched.
   */
  async load(): Promise<Loaded<Content>> {
    await this.#files.makeFolder(this.#folder);
    const { generations, problems } = await this.peek();
    if (problems.every(({ problem }) => problem === "damaged")) {
      for (const { name } of problems) await this.#setAside(name);
    }
    this.lastBytes = generations[0]?.bytes ?? 0;
    return { generations, problems };
  }

  /** Reads every generation there is and changes nothing: the folder may be another process's. */
  async peek(): Promise<Loaded<Content>> {
    const generations: Generation<Content>[] = [];
    const problems: UnusableCheckpoint[] = [];
    for (const { name } of await this.#files.list(this.#folder)) {
      const number = numberOf(name);
      if (number === undefined) continue;
      this.#newest = Math.max(this.#newest, number);
      const bytes = await this.#read(name);
      const unsealed = await unsealCheckpoint(bytes, this.#encryption?.keys);
      const decoded = "plain" in unsealed ? decodeCheckpoint(unsealed.plain) : unsealed;
      if ("problem" in decoded) {
        problems.push({ name, ...decoded });
        continue;
      }
      // The checksum says that this very program's `write` made it.
      generations.push({ number, bytes: bytes.length, content: decoded.content as Content });
    }
    generations.sort((a, b) => b.number - a.number);
    return { generations, problems };
  }

  /** Encodes the content in this turn; `write` of the result makes it durable. */
  encode(content: Content): Uint8Array<ArrayBuffer> {
    return encodeCheckpoint(content);
  }

  /** Makes a checkpoint durable and forgets generations beyond the second. */
  async write(encoded: Uint8Array<ArrayBuffer>): Promise<void> {
    const { keys, salt } = this.#encryption ?? { keys: undefined, salt: () => 0n };
    const bytes = await sealCheckpoint(encoded, keys, salt);
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

  async #read(name: string): Promise<Uint8Array<ArrayBuffer>> {
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
