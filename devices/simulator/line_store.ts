import type { Line, LineType } from "./line_protocol.ts";
import { PointTable, seriesKey } from "./point_table.ts";

/** What was written. */
export interface LineCounts {
  /** Lines that were written. */
  lines: number;
  /** Values that were written again, equal to what was there. */
  rewritten: number;
  /** Values that were overwritten by another one: corrections of a window. */
  changed: number;
}

/** Remembers what InfluxDB would: the last value of each series, time and field, and the type of each field. */
export class LineStore {
  /** What is stored. */
  readonly points = new PointTable();
  /** How it came to be. */
  readonly counts: LineCounts = { lines: 0, rewritten: 0, changed: 0 };
  readonly #types = new Map<string, LineType>();

  /**
   * Writes lines.
   *
   * @param unit ns per unit of the lines' timestamps
   * @returns what a database says of lines whose fields have another type than before: they are dropped, the others
   * are written
   */
  write(lines: readonly Line[], unit: bigint): string | undefined {
    let dropped = 0;
    let words = "";
    for (const line of lines) {
      const conflict = this.#conflict(line);
      if (conflict === undefined) {
        this.#store(line, unit);
      } else {
        dropped++;
        words = conflict;
      }
    }
    if (dropped === 0) return undefined;
    return `partial write: field type conflict: ${words} dropped=${dropped}`;
  }

  #conflict(line: Line): string | undefined {
    for (const { name, type } of line.fields) {
      const known = this.#types.get(`${line.measurement}\0${name}`);
      if (known !== undefined && known !== type) {
        return `input field "${name}" on measurement "${line.measurement}" is type ${type}, already exists as ` +
          `type ${known}`;
      }
    }
    return undefined;
  }

  #store(line: Line, unit: bigint): void {
    const key = seriesKey(line.measurement, line.tags);
    this.counts.lines++;
    for (const { name, type, value } of line.fields) {
      this.#types.set(`${line.measurement}\0${name}`, type);
      const result = this.points.set(key, line.timestamp * unit, name, value);
      if (result === "same") this.counts.rewritten++;
      else if (result === "changed") this.counts.changed++;
    }
  }
}
