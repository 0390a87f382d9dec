import type { FilePort } from "../journal/mod.ts";

/** Records from one position up to and with another. */
interface Range {
  readonly from: number;
  readonly to: number;
}

interface Mark {
  /** Replays begun and not finished. */
  attempts: number;
  /** The records that a careful replay is at. */
  at: Range | null;
  /** The records at which the last careful replay ended. */
  suspect: Range | null;
  /** How many careful replays in a row ended there. */
  deaths: number;
  /** Records that killed a replay. */
  killers: number[];
}

const NO_MARK: Omit<Mark, "killers"> = { attempts: 0, at: null, suspect: null, deaths: 0 };

/** Replays that may die before the next one says where it is. */
const TRUSTED = 2;

/**
 * Records that a careful replay takes in between two marks; a mark costs an fsync. Where the last one died, one in 64
 * of that: 4,096, then 64, then each.
 */
const STRIDE = 4_096;
const FINER = 64;

/**
 * Deaths in a row at one record that are its fault. The first may have come anywhere between two marks; the second and
 * third only while the record itself was taken in, a moment that power cuts and impatient hands hardly hit twice.
 */
const GUILTY = 3;

/**
 * Keeps a record that kills the process from killing every restart: replays that do not finish are counted, the
 * third says durably where it is, and each that dies narrows it down. A record at which three of them died in a row,
 * or which failed with an error, is left out from then on.
 */
export class ReplayMark {
  readonly #files: FilePort;
  readonly #path: string;
  readonly #folder: string;
  #mark: Mark = { ...NO_MARK, killers: [] };

  /**
   * Touches nothing before `begin`.
   *
   * @param folder the data folder
   */
  constructor(files: FilePort, folder: string) {
    this.#files = files;
    this.#folder = folder;
    this.#path = `${folder}/replay.json`;
  }

  /** Whether this replay says where it is. */
  get careful(): boolean {
    return this.#mark.attempts > TRUSTED;
  }

  /** Whether a record is left out. */
  kills(position: number): boolean {
    return this.#mark.killers.includes(position);
  }

  /** A replay begins. */
  async begin(): Promise<void> {
    this.#mark = await this.#read();
    const { at, suspect } = this.#mark;
    const again = at !== null && suspect !== null && at.from === suspect.from && at.to === suspect.to;
    this.#mark.deaths = again ? this.#mark.deaths + 1 : 1;
    if (at !== null && at.from === at.to && this.#mark.deaths >= GUILTY) this.#mark.killers.push(at.from);
    this.#mark.suspect = at;
    this.#mark.at = null;
    this.#mark.attempts++;
    await this.#write();
  }

  /** A careful replay is about to take a record in. On a full disk nobody hears of it, and the replay goes on. */
  async at(position: number): Promise<void> {
    const { at, suspect } = this.#mark;
    if (at !== null && holds(at, position)) return;
    this.#mark.at = rangeAt(position, suspect);
    await this.#write().catch(() => {});
  }

  /** The record that was told of last is taken in. Said durably of a suspect only: of all, it would cost twice. */
  async survived(): Promise<void> {
    const { at, suspect } = this.#mark;
    if (at === null || at.from !== at.to || at.from !== suspect?.from || at.to !== suspect.to) return;
    this.#mark.at = null;
    await this.#write().catch(() => {});
  }

  /** A record failed with an error; it is left out from the next attempt on. */
  async failed(position: number): Promise<void> {
    if (!this.kills(position)) this.#mark.killers.push(position);
    this.#mark.at = null;
    await this.#write().catch(() => {});
  }

  /** The replay is through and a checkpoint lies behind it. */
  async done(): Promise<void> {
    this.#mark = { ...NO_MARK, killers: [] };
    await this.#files.remove(this.#path).catch(() => {});
    // Else the attempts would come back with a power cut, and with them a replay that syncs for every record.
    await this.#files.syncFolder(this.#folder);
  }

  async #read(): Promise<Mark> {
    try {
      const file = await this.#files.open(this.#path, "read");
      try {
        const bytes = new Uint8Array(await file.size());
        await file.read(bytes, 0);
        const found: Partial<Mark> = JSON.parse(new TextDecoder().decode(bytes));
        return { ...NO_MARK, killers: [], ...found };
      } finally {
        file.close();
      }
    } catch {
      // No mark, or one that was being written at the end: this is the first attempt for all one knows.
      return { ...NO_MARK, killers: [] };
    }
  }

  async #write(): Promise<void> {
    const temp = `${this.#path}.tmp`;
    await this.#files.remove(temp).catch(() => {});
    const file = await this.#files.open(temp, "create");
    try {
      await file.write(new TextEncoder().encode(JSON.stringify(this.#mark)));
      await file.syncData();
    } finally {
      file.close();
    }
    await this.#files.rename(temp, this.#path);
    await this.#files.syncFolder(this.#folder);
  }
}

function holds({ from, to }: Range, position: number): boolean {
  return position >= from && position <= to;
}

/** The records that the next mark speaks of: finer within those at which the last replay died. */
function rangeAt(position: number, suspect: Range | null): Range {
  if (suspect !== null && holds(suspect, position)) {
    const width = Math.max(1, Math.ceil((suspect.to - suspect.from + 1) / FINER));
    return { from: position, to: Math.min(suspect.to, position + width - 1) };
  }
  const to = position + STRIDE - 1;
  return {
    from: position,
    to: suspect !== null && suspect.from > position ? Math.min(to, suspect.from - 1) : to,
  };
}
