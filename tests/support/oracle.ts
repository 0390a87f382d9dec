/**
 * The simulator's oracle, for tests against real databases: what must be there, computed from what was published.
 * @module
 */
export {
  compare,
  type Difference,
  differenceText,
  type Expectation,
  expectedPoints,
  PointTable,
  type Published,
  readBack,
  seriesKey,
} from "../../devices/simulator/mod.ts";
