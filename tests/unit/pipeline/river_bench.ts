/**
 * The pure river on a bench: rules from a few words, records from a few numbers, and everything that comes out.
 * @module
 */
import { assertEquals } from "@std/assert";
import type { Keyring } from "../../../src/enrich/mod.ts";
import { encodeLine } from "../../../src/forward/mod.ts";
import {
  type AlertEvent,
  type AlertRule,
  type CommandResult,
  type DeviceRequest,
  type Downsample,
  type FieldRule,
  type FieldType,
  imbalance,
  type InboxContent,
  type InboxRecord,
  type Ledger,
  type Limits,
  type Message,
  type Point,
  type Profile,
  type Refused,
  type Rules,
} from "../../../src/model/mod.ts";
import {
  deviceLedger,
  restoreRiver,
  River,
  riverLedger,
  type RiverOutput,
  type RiverSnapshot,
  snapshotRiver,
} from "../../../src/pipeline/mod.ts";
import { decodeCheckpoint, encodeCheckpoint } from "../../../src/pipeline/checkpoint_codec.ts";

/** Wall clock at journal time 0: a whole hour, so that windows of any length begin there. */
export const START = 1_800_003_600_000;

/** A window definition: 10 s, lateness 2 s, idle after 30 s, held for 30 s, unless told otherwise. */
export function windowed(over: Partial<Extract<Downsample, { kind: "window" }>> = {}): Downsample {
  return {
    kind: "window",
    every: 10_000,
    aggregates: ["mean", "count"],
    lateness: 2_000,
    idleAfter: 30_000,
    hold: 30_000,
    ...over,
  };
}

/** Every reading is a point. */
export const NONE: Downsample = { kind: "none" };

/** A field rule with nothing special about it. */
export function field(
  name: string,
  downsample: Downsample = windowed(),
  type: FieldType = "float",
  more: Partial<FieldRule> = {},
): FieldRule {
  return {
    name,
    path: [name],
    type,
    unit: null,
    range: null,
    required: false,
    maxLength: null,
    scale: 1,
    offset: 0,
    downsample,
    ...more,
  };
}

/** A profile with the device's time in `ts` (ms). */
export function profile(fields: readonly FieldRule[], more: Partial<Profile> = {}): Profile {
  return {
    name: "kiln",
    description: "",
    measurement: "kiln",
    time: { path: ["ts"], unit: "ms" },
    sequence: null,
    expectEvery: null,
    fields,
    unknownFields: "ignore",
    keep: NONE,
    maxFuture: 300_000,
    maxAge: 2_592_000_000,
    ...more,
  };
}

/** Rules with one subscription, `plant/{device}`, under one profile. */
export function rulesOf(
  one: Profile,
  more: {
    readonly limits?: Partial<Limits>;
    readonly alerts?: readonly AlertRule[];
    readonly receiveMaximum?: number;
    readonly topic?: string;
    readonly format?: "json" | "value";
  } = {},
): Rules {
  return {
    subscriptions: [{
      topic: more.topic ?? "plant/{device}",
      profile: one.name,
      format: more.format ?? "json",
      tags: {},
    }],
    profiles: { [one.name]: one },
    limits: {
      payload: 4_096,
      depth: 8,
      keys: 100,
      devices: 1_000,
      series: 10_000,
      windows: 100_000,
      deviceRate: 1_000_000,
      ...more.limits,
    },
    alerts: more.alerts ?? [],
    receiveMaximum: more.receiveMaximum ?? 20,
  };
}

/** A message with a text as payload. */
export function messageOf(topic: string, payload: string, more: Partial<Message> = {}): Message {
  return {
    topic,
    payload: new TextEncoder().encode(payload),
    connection: 1,
    packetId: 0,
    dup: false,
    retain: false,
    userProperties: [],
    ...more,
  };
}

/** When a record comes: journal time, and wall clock where it does not go along with it. */
export interface When {
  /** Journal time, ms; default: as the record before. */
  readonly elapsed?: number;
  /** Wall clock, ms since START; default: the journal time and whatever the clock was ahead of it before. */
  readonly wall?: number;
  readonly implausible?: boolean;
}

/** Everything that a river said, in order, as text, and what can be counted of it. */
export class Output implements RiverOutput {
  readonly log: string[] = [];
  readonly points: Point[] = [];
  readonly refusals: Refused[] = [];
  readonly alerts: AlertEvent[] = [];
  /** Topics of what was asked of devices. */
  readonly requests: string[] = [];
  /** What became of commands. */
  readonly results: CommandResult[] = [];
  readonly #delivered = new Map<number, number>();

  /** Readings that the points account for: of one device, or of all. */
  delivered(device?: number): number {
    if (device !== undefined) return this.#delivered.get(device) ?? 0;
    return [...this.#delivered.values()].reduce((sum, each) => sum + each, 0);
  }

  point(point: Point): void {
    const { deviceIndex } = point.stream;
    this.#delivered.set(deviceIndex, this.delivered(deviceIndex) + point.readings);
    this.points.push(point);
    const { readings, correction, earlier } = point;
    const over = earlier === undefined ? "" : ` over=${JSON.stringify(earlier)}`;
    this.log.push(`point ${encodeLine(point)} readings=${readings} correction=${correction}${over}`);
  }

  refused(refused: Refused): void {
    this.refusals.push(refused);
    const { payload, ...facts } = refused;
    this.log.push(`refused ${JSON.stringify(facts)} ${new TextDecoder().decode(payload)}`);
  }

  alert(event: AlertEvent): void {
    this.alerts.push(event);
    this.log.push(`alert ${JSON.stringify(event)}`);
  }

  request({ topic, payload }: DeviceRequest): void {
    this.requests.push(topic);
    this.log.push(`request ${topic} ${payload.toHex()}`);
  }

  commanded(position: number, result: CommandResult): void {
    this.results.push(result);
    this.log.push(`commanded ${position} ${JSON.stringify(result)}`);
  }

  get #said(): unknown[][] {
    return [this.points, this.refusals, this.alerts, this.requests, this.results, this.log];
  }

  /** What was said so far: a checkpoint of this moment. */
  get mark(): readonly number[] {
    return this.#said.map(({ length }) => length);
  }

  /** Forgets what was said since a mark, as a start of the gateway cuts its journals back to its checkpoint. */
  cutBack(mark: readonly number[]): void {
    this.#said.forEach((said, index) => {
      said.length = mark[index] ?? 0;
    });
    this.#delivered.clear();
    for (const { stream, readings } of this.points) {
      this.#delivered.set(stream.deviceIndex, this.delivered(stream.deviceIndex) + readings);
    }
  }

  /** What the database holds at the end: the newest value of each series, field and time. */
  get database(): Map<string, number | boolean | string> {
    const held = new Map<string, number | boolean | string>();
    for (const { stream, fields, ms, ns } of this.points) {
      for (const { name, value } of fields) {
        held.set(`${stream.device} ${name} ${ms - START}${ns === 0 ? "" : `+${ns}`}`, value);
      }
    }
    return held;
  }

  /** Reasons of the refusals, in order. */
  get reasons(): string[] {
    return this.refusals.map(({ refusal }) => refusal.reason);
  }
}

/** A river, its output, and a clock of its own. Every step holds the ledger against its identities. */
export class RiverBench {
  river: River;
  readonly out = new Output();
  elapsed = 0;
  #ahead = 0;
  #position = 0;

  constructor(rules: Rules, keyring?: Keyring) {
    this.river = new River(rules, [], keyring);
  }

  /** A device reports: `time` is its own, ms since START; `values` are the other members. */
  report(device: string, time: number, values: Record<string, unknown>, when: When = {}): void {
    this.message(messageOf(`plant/${device}`, JSON.stringify({ ts: START + time, ...values })), when);
  }

  message(message: Message, when: When = {}): void {
    this.step({ kind: "message", message }, when);
  }

  tick(elapsed: number): void {
    this.step({ kind: "tick" }, { elapsed });
  }

  session(resumed: boolean, connection = 1): void {
    this.step({ kind: "session", session: { connection, resumed } });
  }

  rules(rules: Rules): void {
    this.step({ kind: "rules", rules });
  }

  step(content: InboxContent, when: When = {}): void {
    this.elapsed = when.elapsed ?? this.elapsed;
    if (when.wall !== undefined) this.#ahead = when.wall - this.elapsed;
    const stamp = {
      receivedAt: START + this.elapsed + this.#ahead,
      elapsed: this.elapsed,
      implausible: when.implausible ?? false,
    };
    this.record({ position: this.#position + 1, stamp, content });
  }

  record(record: InboxRecord): void {
    this.#position = record.position;
    this.river.step(record, this.out);
    assertBalanced(this.river, this.out);
  }

  /** Dies and comes back from a checkpoint of this moment. */
  crash(): void {
    this.river = reborn(this.river);
  }

  get ledger(): Ledger {
    return riverLedger(this.river);
  }
}

/** The river that a checkpoint of another gives. */
export function reborn(river: River): River {
  const decoded = decodeCheckpoint(encodeCheckpoint(snapshotRiver(river)));
  if ("problem" in decoded) throw new Error(`The checkpoint is ${decoded.problem}`);
  return restoreRiver(decoded.content as RiverSnapshot, river.keyring);
}

/** Holds the ledger of the gateway and of every device against the identities; points count as delivered. */
export function assertBalanced(river: River, out: Pick<Output, "delivered">): void {
  const whole = riverLedger(river);
  whole.readings.delivered = out.delivered();
  assertEquals(imbalance(whole), { messages: 0, readings: 0, points: 0 }, JSON.stringify(whole));
  for (const device of river.registry.devices) {
    const own = deviceLedger(river, device);
    own.readings.delivered = out.delivered(device.index);
    assertEquals(
      imbalance(own),
      { messages: 0, readings: 0, points: 0 },
      `${device.id} ${JSON.stringify(own)}`,
    );
  }
}
