import type { Aggregate, FieldType, PointField, Value, WireType } from "../model/mod.ts";
import type { Aggregator } from "./aggregates/aggregator.ts";
import { AGGREGATES } from "./aggregates/registry.ts";

/** One aggregate of one field: where its slots begin and what it is called in the database. */
interface Column {
  readonly name: string;
  readonly wire: WireType;
  readonly at: number;
  readonly aggregator: Aggregator;
}

/** How the windows of one field are filled and read. Shared by all series of that field. */
export class Plan {
  readonly #columns: readonly Column[];

  /**
   * Lays out the slots.
   *
   * @param field name of the field
   * @param type its type
   * @param aggregates what to compute; a single `last` keeps the field's plain name
   * @throws {RangeError} where an aggregate does not exist, which the configuration has ruled out
   */
  constructor(field: string, readonly type: FieldType, aggregates: readonly Aggregate[]) {
    const plain = aggregates.length === 1 && aggregates[0] === "last";
    let at = 0;
    this.#columns = aggregates.map((aggregate) => {
      const aggregator = AGGREGATES[aggregate];
      if (aggregator === undefined) throw new RangeError(`Aggregate "${aggregate}" is not available`);
      const column: Column = {
        name: plain ? field : `${field}_${aggregate}`,
        wire: aggregator.wire(type),
        at,
        aggregator,
      };
      at += aggregator.slots;
      return column;
    });
  }

  /** Fills the slots with the first reading. */
  start(slots: number[], value: number, ms: number, ns: number): void {
    for (const column of this.#columns) column.aggregator.start(slots, column.at, value, ms, ns);
  }

  /** Takes a further reading in. */
  add(slots: number[], value: number, ms: number, ns: number): void {
    for (const column of this.#columns) column.aggregator.add(slots, column.at, value, ms, ns);
  }

  /**
   * Lets go of the texts that no slot points to any more: a device that never sends the same text twice must not
   * fill the memory of its window.
   */
  forgetTexts(slots: number[], texts: string[]): void {
    const kept: string[] = [];
    for (const { at, wire } of this.#columns) {
      if (wire !== "string") continue;
      const text = texts[slots[at] ?? 0] ?? "";
      const known = kept.indexOf(text);
      slots[at] = known >= 0 ? known : kept.push(text) - 1;
    }
    texts.splice(0, texts.length, ...kept);
  }

  /** The window's fields as they stand. */
  fields(slots: readonly number[], texts: readonly string[]): PointField[] {
    return this.#columns.map(({ name, wire, at, aggregator }) => ({
      name,
      type: wire,
      value: asValue(wire, aggregator.result(slots, at), texts),
    }));
  }
}

function asValue(wire: WireType, result: number, texts: readonly string[]): Value {
  if (wire === "boolean") return result !== 0;
  if (wire === "string") return texts[result] ?? "";
  return result;
}
