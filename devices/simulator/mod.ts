/**
 * A whole site in one process: devices with believable physics, a database that speaks InfluxDB's write API and can
 * be away, and an oracle that computes from what was published what must be in that database.
 *
 * In: options and a way to build the gateway. Out: a live line, a summary, a verdict, an exit code. It promises that
 * one seed gives one history, relative to the start of the run, and that the oracle shares no code with the gateway.
 * A further kind of device is one file in `models/` and one line in its registry, a further fault one in `faults/`;
 * every message that a fault touches is labelled with what must become of it, and the verdict holds the gateway to it.
 * @module
 */
export { byMillisecond, compare, type Difference, differences, differenceText } from "./compare.ts";
export type { Clock, Timer } from "../../src/clock.ts";
export type { Fields, Json, Model, Source, Wrong } from "./models/model.ts";
export type { Fate, Label } from "./faults/draft.ts";
export type { Planned, Script } from "./script.ts";
export { Device, type DeviceMessage } from "./device.ts";
export { Fleet, type FleetCounts, type FleetOptions, type Obligation } from "./fleet.ts";
export type { Backlog, MakeGateway, Quarantined, SimGateway } from "./gateway.ts";
export { type Line, LineError, type LineField, type LineType, parseLines } from "./line_protocol.ts";
export { type Expectation, expectedPoints, type Published } from "./oracle.ts";
export { type AlertNews, AlertOracle, type AlertOracleRules } from "./oracle_alerts.ts";
export { type InfluxTarget, type Parsed, parseOptions, type SimOptions } from "./options.ts";
export {
  type Column,
  PointTable,
  type Precision,
  type Series,
  seriesKey,
  type SetResult,
  type Value,
} from "./point_table.ts";
export type { LineCounts } from "./line_store.ts";
export type { OracleRules } from "./oracle_readings.ts";
export { type ReadBack, readBack } from "./read_back.ts";
export { type Absence, Receiver, type ReceiverAccount, type RequestCounts } from "./receiver.ts";
export { Relay } from "./relay.ts";
export { runSim } from "./run.ts";
export { USAGE } from "./usage.ts";
export type { SimIo } from "./watch.ts";
