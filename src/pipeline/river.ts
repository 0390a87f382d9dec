import { AlertStage } from "../alerts/mod.ts";
import { type DecodeMemory, newDecodeMemory } from "../decode/mod.ts";
import { Downsampler, Plans, type PointSink, stillCounts, type Window } from "../downsample/mod.ts";
import {
  type AlertEvent,
  type CommandResult,
  DeadlineQueue,
  type DeviceRequest,
  type InboxRecord,
  type Message,
  NumberRanges,
  type Point,
  type Refused,
  type Rules,
  type Stamp,
  type Value,
} from "../model/mod.ts";
import { Keyring } from "../enrich/mod.ts";
import type { KeptFields } from "../validate/mod.ts";
import { judgeMessage } from "./judge_message.ts";
import { refusedMessage } from "./refused_message.ts";
import { Registry } from "./registry.ts";
import { Routes } from "./routes.ts";
import { type DeviceCounts, type FieldSlot, noCounts, type Stream } from "./state.ts";
import { takeCommand } from "./take_command.ts";
import { takeRules } from "./take_rules.ts";
import { Twins } from "./twins.ts";

/** Takes what the river makes, in order. */
export interface RiverOutput {
  /** A point for the outbox; `window`: the one that it is of, if it is of one. */
  point(point: Point, window?: Window): void;
  /** An entry for the quarantine. */
  refused(refused: Refused): void;
  /** An alert that fired or resolved. */
  alert(event: AlertEvent): void;
  /** Something to ask of a device; losing it is harmless. Left out by who has no way to devices. */
  request?(request: DeviceRequest): void;
  /** A message that no subscription takes, with the wall clock of its receipt, ms. Left out by who does not learn. */
  unknown?(message: Message, receivedAt: number): void;
  /**
   * A reading that alert rules see, at its event time (ms), of the record at a position. Called for each: whoever takes
   * it must be quick. Left out by who keeps no history.
   */
  reading?(slot: FieldSlot, stream: Stream, value: Value, ms: number, position: number): void;
  /** What became of the command at a position. Left out by who asks for nothing. */
  commanded?(position: number, result: CommandResult): void;
}

// Kinds of deadlines, in the order in which they fire at one moment.
const WINDOW_DEADLINE = 1;
const DEADMAN_DEADLINE = 2;

/**
 * Messages of a session that are remembered for their twins. mosquitto 2.0.11 has thousands in flight whatever the
 * Receive Maximum says, and all of them come again when the process is killed before their PUBACKs are read. Half of
 * all packet identifiers: a broker that counts them up uses none again before it is forgotten here.
 */
const TWIN_MEMORY = 32_767;

/**
 * The whole river between inbox and outbox as one synchronous function of its state: the same records give the
 * same points, refusals and alert events, however they are split into batches and wherever a snapshot was taken.
 */
export class River {
  /** Counters of all devices together; those of messages that no device is known of are only here. */
  readonly totals: DeviceCounts & { filtered: number; corrupt: number } = {
    ...noCounts(),
    filtered: 0,
    corrupt: 0,
  };
  /** Deadlines of windows and dead-men, in journal time; the subject of a dead-man is `undefined`. */
  readonly queue: DeadlineQueue<Window | undefined> = new DeadlineQueue(({ subject, due }) =>
    subject === undefined || stillCounts(subject, due)
  );
  /** Windows. */
  readonly downsampler: Downsampler;
  /** How the windows of each field are filled. */
  readonly plans: Plans = new Plans();
  /** Recognises what the broker sent again. */
  readonly twins: Twins;
  /** Devices, streams and series that were seen. */
  readonly registry: Registry;
  /** Alert rules in force and their states. */
  alerts: AlertStage;
  /** Topic → route under the rules in force. */
  routes: Routes;
  /** For each profile the fields that it has kept without naming them. */
  readonly kept: Map<string, KeptFields> = new Map();
  /** What formats with a memory remember. */
  readonly memory: DecodeMemory;
  /** Entries of the quarantine that went through when they were tried again. */
  reinjected: NumberRanges = new NumberRanges();
  /** What the quarantine keeps of the payload of a message that is redacted; the newest one only, no state. */
  shownPayload: { readonly position: number; readonly payload: Uint8Array | undefined } | undefined;
  /** Position of the newest record taken in. */
  position = 0;
  /** Journal time of the newest record, ms. */
  elapsed = 0;
  /** Number of the newest connection. */
  connection = 0;
  #points: { readonly out: RiverOutput; readonly sink: PointSink } | undefined;

  /**
   * A river that knows nothing yet.
   *
   * @param rules the rules to start with
   * @param kept for each profile the fields that it has kept without naming them
   * @param keyring the keys of hashes that the rules may ask for
   * @param memory what formats with a memory remember
   */
  constructor(
    public rules: Rules,
    kept: Iterable<readonly [string, KeptFields]> = [],
    readonly keyring: Keyring = new Keyring(),
    memory: DecodeMemory = newDecodeMemory(),
  ) {
    this.memory = memory;
    for (const [profile, fields] of kept) this.kept.set(profile, new Map(fields));
    this.downsampler = new Downsampler(this.queue, WINDOW_DEADLINE, rules.limits.windows);
    this.twins = new Twins(rules.receiveMaximum, TWIN_MEMORY);
    this.alerts = new AlertStage(rules.alerts);
    this.registry = new Registry(this);
    this.routes = new Routes(rules, this.kept, keyring, memory);
  }

  /** Journal time of the next deadline; Infinity: none. */
  get nextDeadline(): number {
    return this.queue.next;
  }

  /**
   * Takes one durable record in. Deadlines up to its journal time come first, in (due, kind, index) order.
   *
   * @throws whatever a stage throws after state was touched: the process must end then and replay
   */
  step(record: InboxRecord, out: RiverOutput): void {
    const { stamp, content } = record;
    this.#fireDeadlines(stamp, out);
    this.position = record.position;
    if (stamp.elapsed > this.elapsed) this.elapsed = stamp.elapsed;
    switch (content.kind) {
      case "message":
        this.totals.received++;
        judgeMessage(this, content.message, record, out);
        break;
      case "session":
        this.connection = content.session.connection;
        this.twins.opened(content.session.resumed);
        break;
      case "rules":
        takeRules(this, content.rules, stamp, out);
        break;
      case "command":
        takeCommand(this, content.command, record, out);
        break;
      case "tick":
        this.alerts.endSilences(stamp.receivedAt, (event) => out.alert(event));
        break;
    }
  }

  /**
   * Begins behind a position without a checkpoint, with an outbox that holds readings of an earlier life.
   *
   * @param position the record before the first that can be read
   * @param readings that the outbox accounts for
   */
  adopt(position: number, readings: number): void {
    this.position = position;
    this.totals.decoded += readings;
  }

  /** `out.point` as the windows call it; made once, not for each message. */
  pointsTo(out: RiverOutput): PointSink {
    if (this.#points?.out !== out) this.#points = { out, sink: (point, window) => out.point(point, window) };
    return this.#points.sink;
  }

  /** Queues a dead-man's deadline. */
  schedule(due: number, deadman: number): void {
    this.queue.add(due, DEADMAN_DEADLINE, deadman, undefined);
  }

  /** Positions of the inbox that damage has made unreadable. */
  lost(records: number): void {
    this.totals.received += records;
    this.totals.corrupt += records;
  }

  /** Refuses a message whole: one entry, counted once. */
  quarantine(
    message: Message,
    record: InboxRecord,
    refused: Pick<Refused, "refusal" | "device">,
    out: RiverOutput,
  ): void {
    this.totals.quarantined++;
    out.refused({
      what: "message",
      refusal: refused.refusal,
      inboxPosition: record.position,
      ...refusedMessage(this, message, record, refused.refusal.reason),
      device: refused.device,
      receivedAt: record.stamp.receivedAt,
      readings: 0,
    });
  }

  #fireDeadlines(stamp: Stamp, out: RiverOutput): void {
    if (this.queue.next > stamp.elapsed) return;
    const points = this.pointsTo(out);
    const emit = (event: AlertEvent): void => out.alert(event);
    while (this.queue.next <= stamp.elapsed) {
      const deadline = this.queue.pop();
      if (deadline === undefined) return;
      if (deadline.subject !== undefined) {
        this.downsampler.due(deadline.subject, deadline.due, points);
        continue;
      }
      const next = this.alerts.due(deadline.index, deadline.due, stamp.elapsed, stamp.receivedAt, emit);
      if (next !== undefined) this.schedule(next, deadline.index);
    }
  }
}
