import { gzipSync } from "node:zlib";
import type { Point, StreamIdentity } from "../model/mod.ts";
import type { Block } from "./block.ts";
import { BlockEntries } from "./block_entries.ts";

/** Fast gzip: the database's network is local, the gateway's core is not idle. */
const LEVEL = 1;

const encoder = new TextEncoder();

/** Collects points into one block. */
export class BlockBuilder {
  #lines: string[] = [];
  #shares: number[] = [];
  #readings = 0;
  #oldest = Infinity;
  #chars = 0;
  #lineBreaks = false;
  readonly #entries = new BlockEntries();
  readonly #seen = new Map<StreamIdentity, Set<string>>();
  readonly #encodeLine: (point: Point) => string;

  /**
   * Begins empty.
   *
   * @param correction whether it collects corrections
   */
  constructor(readonly correction: boolean, encodeLine: (point: Point) => string) {
    this.#encodeLine = encodeLine;
  }

  /** Points so far. */
  get points(): number {
    return this.#lines.length;
  }

  /** Size of the lines so far, in characters. */
  get chars(): number {
    return this.#chars;
  }

  /**
   * Whether the block already holds a value for one of the point's fields at its time. Only corrections can: the
   * points of a series are otherwise in strictly rising order.
   */
  holds(point: Point): boolean {
    if (!this.correction) return false;
    const seen = this.#seen.get(point.stream);
    return seen !== undefined && point.fields.some(({ name }) => seen.has(`${point.ms} ${point.ns} ${name}`));
  }

  /**
   * Adds a point.
   *
   * @param row number of its row in the delivery account; 0: none
   */
  add(point: Point, row = 0): void {
    const line = this.#encodeLine(point);
    this.#lines.push(line);
    if (!this.#lineBreaks && line.includes("\n")) this.#lineBreaks = true;
    const place = row === 0 ? 0 : this.#entries.add(point, row);
    this.#shares.push(point.stream.deviceIndex, point.readings, place);
    this.#readings += point.readings;
    this.#chars += line.length + 1;
    if (point.ms < this.#oldest) this.#oldest = point.ms;
    if (!this.correction) return;
    let seen = this.#seen.get(point.stream);
    if (seen === undefined) this.#seen.set(point.stream, seen = new Set());
    for (const { name } of point.fields) seen.add(`${point.ms} ${point.ns} ${name}`);
  }

  /** Makes the block and begins anew. */
  seal(position: number, createdAt: number): Block {
    const raw = encoder.encode(this.#lines.join("\n"));
    const block: Block = {
      position,
      body: gzipSync(raw, { level: LEVEL }),
      points: this.#lines.length,
      readings: this.#readings,
      rawBytes: raw.length,
      lineBreaks: this.#lineBreaks,
      correction: this.correction,
      oldest: this.#oldest,
      createdAt,
      shares: Uint32Array.from(this.#shares),
      entries: this.#entries.take(),
    };
    this.#lines = [];
    this.#shares = [];
    this.#readings = 0;
    this.#oldest = Infinity;
    this.#chars = 0;
    this.#lineBreaks = false;
    this.#seen.clear();
    return block;
  }
}
