/**
 * What every scenario of tests/faults is made of: a stand with real services, faults between any two of them, the
 * phase without faults that ends each, and a row for the table.
 * @module
 */
export { deathAt, struckDead, Supervisor } from "./killed.ts";
export { type Row, together } from "./row.ts";
export { type About, type PromiseName, scenario, type ScenarioResult, seedOf } from "./scenario.ts";
export { Stand, type StandOptions } from "./stand.ts";
