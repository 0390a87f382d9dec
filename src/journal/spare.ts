import type { FilePort, OpenFile } from "./file_port.ts";
import { encodeHead, SEGMENT_HEAD, type SegmentHead, segmentName } from "./format.ts";
import { endRecord } from "./group.ts";
import type { JournalOptions } from "./options.ts";
import type { Segment } from "./segments.ts";
import { codeOf } from "./trouble.ts";
import { writeAll } from "./write_all.ts";

/** Name of the file that waits to become a segment. It is no segment's: nothing in it counts. */
const SPARE = "spare.tmp";

/** Parts of a segment: with a smaller file most of the next would grow all the same, a larger one only takes space. */
const [LEAST, MOST] = [0.5, 1.25];

type Options = Pick<JournalOptions, "folder" | "files" | "segmentBytes" | "keys">;

/**
 * The file of a trimmed segment, kept for the next one, which is written over it: its blocks are there and written, so
 * that an fdatasync has nothing to tell the file system (J24). At most one, and only while there is space.
 */
export class Spare {
  readonly #options: Options;
  #bytes = 0;
  /** The file is on its way in or out. */
  #moving = false;

  private constructor(options: Options) {
    this.#options = options;
  }

  /** Takes over what an earlier process left. What does not fit goes. */
  static async open(options: Options): Promise<Spare> {
    const spare = new Spare(options);
    const { files, folder, keys } = options;
    const left = (await files.list(folder)).find(({ name }) => name === SPARE);
    if (left === undefined) return spare;
    spare.#bytes = left.bytes;
    // What its former lives held cannot be known, and bodies that were never encrypted are not to outlive a trim.
    if (keys?.current !== undefined || !spare.#fits(left.bytes)) await spare.free();
    return spare;
  }

  /** Removes what a journal that recycled has left. */
  static async remove(files: FilePort, folder: string): Promise<void> {
    await files.remove(`${folder}/${SPARE}`).catch(() => {});
  }

  /** Bytes on disk. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Keeps the file of a trimmed segment, if it can be used; from then on it is `gone`.
   *
   * @returns whether it is kept; `false`: it is still a segment
   * @throws what the disk said; it is still a segment
   */
  async offer(segment: Segment): Promise<boolean> {
    const { files, folder, keys } = this.#options;
    if (this.#moving || this.#bytes > 0 || !this.#fits(segment.bytes)) return false;
    if (segment.damaged || segment.suspect) return false;
    if (keys?.current !== undefined && segment.key === undefined) return false;
    this.#moving = segment.gone = true;
    try {
      await files.rename(`${folder}/${segment.name}`, `${folder}/${SPARE}`);
      this.#bytes = segment.bytes;
      return true;
    } catch (error) {
      segment.gone = false;
      throw error;
    } finally {
      this.#moving = false;
    }
  }

  /**
   * Makes it the file of a segment that begins, with a durable head, and an end record behind that. As with a new file
   * the segment counts once the caller has fsync'd the folder.
   *
   * @param seed the crc of the segment's salt
   * @returns `undefined` where there is none, or the disk refuses: then it is gone, and a new file has to do
   */
  async become(head: SegmentHead, seed: number): Promise<{ file: OpenFile; bytes: number } | undefined> {
    if (this.#moving || this.#bytes === 0) return undefined;
    const { files, folder } = this.#options;
    const bytes = this.#bytes;
    const path = `${folder}/${SPARE}`;
    this.#moving = true;
    let file: OpenFile | undefined;
    try {
      // Else a power cut could bring the trimmed segment's name back, over what is written here.
      await files.syncFolder(folder);
      file = await files.open(path, "overwrite");
      await writeAll(file, encodeHead(head), 0);
      await writeAll(file, endRecord(seed, SEGMENT_HEAD), SEGMENT_HEAD);
      // The name must never stand before the head: the former one is as well-formed.
      await file.syncData();
      await files.rename(path, `${folder}/${segmentName(head)}`);
      return { file, bytes };
    } catch {
      file?.close();
      await files.remove(path).catch(() => {});
      return undefined;
    } finally {
      this.#bytes = 0;
      this.#moving = false;
    }
  }

  /** Gives its space back; where the disk refuses, the next call tries again. */
  async free(): Promise<void> {
    if (this.#moving || this.#bytes === 0) return;
    const { files, folder } = this.#options;
    this.#moving = true;
    try {
      await files.remove(`${folder}/${SPARE}`);
      this.#bytes = 0;
    } catch (error) {
      if (codeOf(error) === "ENOENT") this.#bytes = 0;
    } finally {
      this.#moving = false;
    }
  }

  #fits(bytes: number): boolean {
    const { segmentBytes } = this.#options;
    return bytes >= LEAST * segmentBytes && bytes <= MOST * segmentBytes;
  }
}
