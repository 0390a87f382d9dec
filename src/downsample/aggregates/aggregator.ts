import type { FieldType, WireType } from "../../model/mod.ts";

/**
 * One aggregate over a window. It keeps its state in some slots of the window's array and is told every reading
 * once, in journal order.
 */
export interface Aggregator {
  /** Number of slots it needs. */
  readonly slots: number;
  /** Types of fields that it can work on. */
  readonly accepts: readonly FieldType[];
  /** Type of its result on the wire. */
  wire(type: FieldType): WireType;
  /** Takes the first reading in. */
  start(slots: number[], at: number, value: number, ms: number, ns: number): void;
  /** Takes a further reading in. */
  add(slots: number[], at: number, value: number, ms: number, ns: number): void;
  /** The result so far; a boolean is 0 or 1, a text its number in the window's list. */
  result(slots: readonly number[], at: number): number;
}

/** A slot's value; every slot is filled at `start`. */
export function slot(slots: readonly number[], at: number): number {
  return slots[at] ?? 0;
}
