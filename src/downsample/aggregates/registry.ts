import type { Aggregate } from "../../model/mod.ts";
import type { Aggregator } from "./aggregator.ts";
import { count } from "./count.ts";
import { first } from "./first.ts";
import { last } from "./last.ts";
import { max } from "./max.ts";
import { mean } from "./mean.ts";
import { min } from "./min.ts";
import { stddev } from "./stddev.ts";
import { sum } from "./sum.ts";

/** The aggregates that there are. A further one is one file and one line here. */
export const AGGREGATES: Readonly<Partial<Record<Aggregate, Aggregator>>> = {
  count,
  first,
  last,
  max,
  mean,
  min,
  stddev,
  sum,
};
