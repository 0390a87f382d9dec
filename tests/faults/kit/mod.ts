/**
 * What every scenario of tests/faults is made of: a stand with real services, faults between any two of them, the
 * phase without faults that ends each, and a row for the table.
 * @module
 */
export { accountedWithout, type InboxLoss } from "./damage_account.ts";
export { accountedWithRefused, type DeadLetter } from "./dead_letters.ts";
export { deathAt, struckDead, Supervisor } from "./killed.ts";
export { KilledFolder, type KilledOptions } from "./killed_folder.ts";
export { LiveStand } from "./live_stand.ts";
export { type Row, together } from "./row.ts";
export { type About, type PromiseName, scenario, type ScenarioResult, seedOf } from "./scenario.ts";
export { type AtRest, Stand, type StandOptions } from "./stand.ts";
export { countOf, reachable, type Trouble, troubled } from "./trouble.ts";
export { WatchedStand } from "./watched.ts";
