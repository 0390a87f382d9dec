import type { Aggregate, FieldType } from "../../model/mod.ts";

/**
 * The aggregates that are read from the window's sketch, with their percent. They are floats on the wire also for
 * integers, since a sketch knows a value only to within 1 %.
 */
export const PERCENTILES: Readonly<Partial<Record<Aggregate, number>>> = {
  p50: 50,
  p90: 90,
  p95: 95,
  p99: 99,
};

/** Types of fields that have percentiles. */
export const SKETCHED: readonly FieldType[] = ["float", "int"];
