import { bytesOf, DATABASE, forgetSetAside, setAside } from "./files.ts";
import type { Answers, Question, Stretch } from "./protocol.ts";
import { type Buckets, everySeries, reaches, readBuckets } from "./read.ts";
import { pickResolution } from "./resolutions.ts";
import { bound, forgetOld, giveUp, mostPending, shrink, type Space } from "./space.ts";
import { type Batch, OtherForm, Store } from "./store.ts";

/** Time between two commits, ms. A question sees what waits for the next one, too. */
const COMMIT = 10_000;
/** Time between two looks for what has become too old, ms. */
const LOOK = 60_000;

/**
 * SQLite's words for SQLITE_CORRUPT and SQLITE_NOTADB (https://sqlite.org/rescode.html). They are fixed, and all that
 * there is: Deno's errors do not have Node's `errcode`.
 */
const DAMAGED: ReadonlySet<string> = new Set(["database disk image is malformed", "file is not a database"]);

/** Whether an error says that the file is of no use, whatever is done. */
export function isDamage(error: unknown): boolean {
  return error instanceof OtherForm || (error instanceof Error && DAMAGED.has(error.message));
}

/** What the worker does, apart from its messages: the store, its times and its space. Throws what SQLite throws. */
export class Keeper {
  readonly #folder: string;
  #space: Space;
  #store: Store;
  #committedAt: number;
  #lookedAt = -Infinity;
  /** Why what was there was set aside; `null`: it was not. */
  readonly setAside: string | null = null;

  /**
   * Opens the files; a database that cannot be used is set aside, and there is a new one.
   *
   * @param wall the clock, ms
   */
  constructor(folder: string, space: Space, wall: number) {
    this.#folder = folder;
    this.#space = space;
    this.#committedAt = wall;
    Deno.mkdirSync(folder, { recursive: true });
    const path = `${folder}/${DATABASE}`;
    try {
      this.#store = new Store(path);
    } catch (error) {
      if (!isDamage(error)) throw error;
      this.setAside = error instanceof Error ? error.message : String(error);
      setAside(folder);
      this.#store = new Store(path);
    }
    bound(this.#store, space);
  }

  /** The record up to which everything is in the file. */
  get position(): number {
    return this.#store.position;
  }

  /** Bytes of all files. */
  get bytes(): number {
    return bytesOf(this.#folder);
  }

  /** Takes a batch in, and commits when it is time. */
  take(batch: Batch, wall: number): void {
    this.#store.add(batch);
    // A clock that was set back must not keep anything from the file.
    const due = Math.abs(wall - this.#committedAt) >= COMMIT ||
      this.#store.pending >= mostPending(this.#space);
    if (due) this.commit(wall);
  }

  /** Brings everything to the file, and keeps it within its space. */
  commit(wall: number): void {
    this.#committedAt = wall;
    if (Math.abs(wall - this.#lookedAt) >= LOOK) {
      this.#lookedAt = wall;
      forgetOld(this.#store, this.#space, wall);
    }
    giveUp(this.#store, this.#space, wall);
    this.#store.commit();
    this.#fit();
  }

  /** Answers a question. */
  answer(question: Question): Answers[Question["kind"]] {
    switch (question.kind) {
      case "read":
        return this.#read(question.stretch);
      case "pick":
        return pickResolution(reaches(this.#store), question.from, question.to, question.most);
      case "series":
        return everySeries(this.#store);
      case "limit":
        return this.#limit(question.bytes, question.wall);
    }
  }

  /** Commits and closes. */
  close(wall: number): void {
    try {
      this.commit(wall);
    } finally {
      this.#store.close();
    }
  }

  /** Closes without a commit, after an error. */
  abandon(): void {
    this.#store.close();
  }

  #read({ keys, from, to, by }: Stretch): Buckets {
    const resolution = "resolution" in by
      ? by.resolution
      : pickResolution(reaches(this.#store), from, to, by.most).resolution;
    return readBuckets(
      this.#store,
      keys,
      resolution,
      Math.floor(from / resolution),
      Math.ceil(to / resolution),
    );
  }

  #limit(maxBytes: number, wall: number): number {
    this.#space = { ...this.#space, maxBytes };
    giveUp(this.#store, this.#space, wall);
    this.#fit();
    bound(this.#store, this.#space);
    return this.bytes;
  }

  /** The files themselves, where what is in use is little but they are large. */
  #fit(): void {
    const { maxBytes } = this.#space;
    if (this.bytes <= maxBytes) return;
    forgetSetAside(this.#folder);
    if (this.bytes > maxBytes) shrink(this.#store);
  }
}
