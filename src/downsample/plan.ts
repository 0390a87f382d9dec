import type { Aggregate, FieldType, PointField, Value, WireType } from "../model/mod.ts";
import type { Aggregator } from "./aggregates/aggregator.ts";
import { PERCENTILES, SKETCHED } from "./aggregates/percentiles.ts";
import { AGGREGATES } from "./aggregates/registry.ts";
import { percentileOf, type Sketch } from "./aggregates/sketch.ts";

/** One aggregate of one field that keeps its state in slots: where they begin, what the result is on the wire. */
interface Column {
  readonly wire: WireType;
  readonly at: number;
  readonly aggregator: Aggregator;
}

/** One field of the window's points: its name in the database, and where its value comes from. */
interface Output {
  readonly name: string;
  readonly wire: WireType;
  /** A column of the slots, or the percent of the sketch. */
  readonly from: Column | number;
}

/** Of a field whose values are no texts. */
const NO_TEXTS: string[] = [];

/** How the windows of one field are filled and read. Shared by all series of that field. */
export class Plan {
  readonly #columns: readonly Column[];
  readonly #outputs: readonly Output[];
  /** Whether its windows keep a sketch: one for all their percentiles. */
  readonly sketches: boolean;
  readonly #slots: number;

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
    const columns: Column[] = [];
    let at = 0;
    this.#outputs = aggregates.map((aggregate) => {
      const name = plain ? field : `${field}_${aggregate}`;
      const percent = PERCENTILES[aggregate];
      if (percent !== undefined && SKETCHED.includes(type)) return { name, wire: "float", from: percent };
      const aggregator = AGGREGATES[aggregate];
      if (aggregator === undefined) throw new RangeError(`A ${type} field has no aggregate "${aggregate}"`);
      const column: Column = { wire: aggregator.wire(type), at, aggregator };
      columns.push(column);
      at += aggregator.slots;
      return { name, wire: column.wire, from: column };
    });
    this.#columns = columns;
    this.#slots = at;
    this.sketches = this.#outputs.some(({ from }) => typeof from === "number");
  }

  /** The slots of a new window: just as many as there are, since there are many windows. */
  slots(): number[] {
    return new Array<number>(this.#slots).fill(0);
  }

  /** The texts of a new window. */
  texts(): string[] {
    return this.type === "string" ? [] : NO_TEXTS;
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

  /** The window's fields as they stand; `sketch` is there where the plan has percentiles. */
  fields(slots: readonly number[], texts: readonly string[], sketch: Sketch | undefined): PointField[] {
    return this.#outputs.map(({ name, wire, from }) => {
      if (typeof from !== "number") {
        return { name, type: wire, value: asValue(wire, from.aggregator.result(slots, from.at), texts) };
      }
      return { name, type: wire, value: sketch === undefined ? NaN : percentileOf(sketch, from) };
    });
  }
}

function asValue(wire: WireType, result: number, texts: readonly string[]): Value {
  if (wire === "boolean") return result !== 0;
  if (wire === "string") return texts[result] ?? "";
  return result;
}
