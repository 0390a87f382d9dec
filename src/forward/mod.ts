/**
 * Takes waiting blocks of the outbox to the database.
 *
 * In: sealed blocks of gzip'd line protocol (`OutboxPort`), a database (`Destination`), a clock, dice.
 * Out: settled positions and dead letters to the outbox, events, a status.
 * Promises (SPEC.md): one request in flight; nothing is dropped but a line that was refused alone, or whose
 * series is known as refused, while the database takes other lines; no request storm; the backlog gets a quarter
 * of the sends; no secret in a text.
 * @module
 */
export type { Clock, Timer } from "../clock.ts";
export type { Authorisation, Authoriser, Credentials } from "./authorisation.ts";
export {
  type Access,
  accessTo,
  type Destination,
  type GatewayFigures,
  type InfluxConfig,
  influxDestination,
} from "./destination.ts";
export type { ForwardEvent } from "./events.ts";
export { Forwarder, type ForwarderParts } from "./forwarder.ts";
export type { HistogramSnapshot } from "./histogram.ts";
export { HttpTransport, type HttpTransportParts } from "./http_transport.ts";
export { encodeLine } from "./line_encoder.ts";
export { lineContent } from "./line_parts.ts";
export type { Block, Lane, OutboxPort, RefusedLine } from "./outbox_port.ts";
export type { ProbeResult } from "./probe.ts";
export type { DestinationStatus, WaitReason } from "./status.ts";
export type { Answer, ServerRequest, Transport } from "./transport.ts";
export {
  type DestinationNames,
  type Failure,
  type NamedLines,
  type Trouble,
  type Verdict,
  verdictText,
} from "./verdict.ts";
