import { RECORD_HEAD, SEGMENT_HEAD } from "./format.ts";
import { Group } from "./group.ts";
import type { Position } from "./position.ts";

const GROUP_BYTES = 1024 * 1024;
const KEEP_SPARE = 2;

/**
 * Groups on their way to the disk: those that wait to be written, of which the last is being filled, and those
 * that are written and wait for their fdatasync. A group is kept until then, because after a failed fsync only
 * memory is known to hold it.
 */
export class GroupQueue {
  #waiting: Group[];
  #unsynced: Group[] = [];
  readonly #spare: Group[] = [];
  readonly #limit: number;
  readonly #overhead: number;
  readonly #pack: boolean;

  /**
   * Begins empty.
   *
   * @param segmentBytes a group is kept smaller than a segment
   * @param overhead bytes that encryption will add to each body
   * @param pack whether the records of a group become one
   */
  constructor(segmentBytes: number, overhead = 0, pack = false) {
    this.#overhead = overhead;
    this.#pack = pack;
    this.#waiting = [new Group(overhead, pack)];
    this.#limit = Math.min(GROUP_BYTES, Math.max(1, segmentBytes - SEGMENT_HEAD));
  }

  /** Copies a record in. */
  add(at: Position, flags: number, body: Uint8Array): void {
    let group = this.#waiting[this.#waiting.length - 1];
    if (group === undefined || !group.empty && group.size + this.#needs(body) > this.#limit) {
      group = this.#spare.pop() ?? new Group(this.#overhead, this.#pack);
      this.#waiting.push(group);
    }
    group.add(at, flags, body);
  }

  #needs(body: Uint8Array): number {
    return RECORD_HEAD + body.length + this.#overhead;
  }

  /** The next group to write, or `undefined` where none waits. */
  get head(): Group | undefined {
    const group = this.#waiting[0];
    return group === undefined || group.empty ? undefined : group;
  }

  /** Takes the next group out to be written; from now on appends go elsewhere. */
  take(): Group | undefined {
    const group = this.head;
    if (group !== undefined) this.#waiting.shift();
    return group;
  }

  /** Puts a group back that could not be written. */
  putBack(group: Group): void {
    this.#waiting.unshift(group);
  }

  /** A group was written. */
  written(group: Group): void {
    this.#unsynced.push(group);
  }

  /** First position that is written but not synced, or `undefined` where there is none. */
  get firstUnsynced(): Position | undefined {
    return this.#unsynced[0]?.first;
  }

  /** All that is written is synced too. */
  synced(): void {
    for (const group of this.#unsynced) {
      if (this.#spare.length >= KEEP_SPARE || group.capacity > 2 * GROUP_BYTES) continue;
      group.clear();
      this.#spare.push(group);
    }
    this.#unsynced = [];
  }

  /** The fdatasync failed: what it was for must be written again. */
  rewind(): void {
    this.#waiting = [...this.#unsynced, ...this.#waiting];
    this.#unsynced = [];
  }

  /** Bytes that wait to be written. */
  get waitingBytes(): number {
    return sum(this.#waiting);
  }

  /** Bytes that are written and not yet synced. */
  get unsyncedBytes(): number {
    return sum(this.#unsynced);
  }
}

function sum(groups: readonly Group[]): number {
  let bytes = 0;
  for (const group of groups) if (!group.empty) bytes += group.size;
  return bytes;
}
