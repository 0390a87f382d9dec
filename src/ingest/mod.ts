/**
 * Messages come in here: from a broker (`mqttIntake`) or from devices directly (`embeddedIntake`).
 *
 * In: PUBLISH packets. Out: records in the inbox, in order of arrival, and an acknowledgement for each once its
 * record is on disk, on the connection that delivered it and on no other.
 *
 * Promises: a message is never acknowledged before it is durable; nothing waits for the disk but the
 * acknowledgement, until 16 MiB are behind; a connection that is lost, refused or never made is tried again for
 * ever, with jittered back-off; the session survives all of it, and where the broker lost it, an event says so.
 * A connection that stands and brings nothing is noticed and made anew, where `probe` is given a second client.
 * @module
 */
export type { Clock, Timer } from "../clock.ts";
export type { Message, SessionOpened } from "../model/mod.ts";
export type { Backoff } from "../retry/mod.ts";
export type { InboxPort } from "./inbox_port.ts";
export type { BlockCause, Intake, IntakeEvent, IntakeStatus, RefusedFilter } from "./intake.ts";
export type { ConnectionFailure } from "./failure.ts";
export { type EmbeddedIntake, embeddedIntake } from "./embedded_intake.ts";
export type { EmbeddedIntakeOptions, OutgoingMessage } from "./embedded_options.ts";
export { mqttIntake } from "./mqtt_intake.ts";
export type { MqttIntakeOptions, ProbeOptions, TlsOptions } from "./mqtt_options.ts";
export { mqttPublishing, type Publishing, type PublishingOptions } from "./publishing.ts";
export { type BrokerAddress, parseBrokerAddress } from "./broker_address.ts";
