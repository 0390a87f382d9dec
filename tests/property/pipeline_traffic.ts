/**
 * Made-up traffic for the pipeline's properties: devices that send on time, late, twice, ahead of their clock or
 * nonsense, a broker that redelivers, a gateway that stands still, an operator who reloads.
 * @module
 */
import fc from "fast-check";
import type { InboxContent, InboxRecord, Rules } from "../../src/model/mod.ts";
import { messageOf, START } from "../unit/pipeline/river_bench.ts";
import { type CommandHappening, commandHappening, CommandsOfTheDay } from "./command_traffic.ts";
import { type PackedHappening, packedHappening, packedMessage } from "./packed_traffic.ts";
import { type ReinjectHappening, reinjectHappening, reinjectOf } from "./reinject_traffic.ts";
import { type SparkplugHappening, sparkplugHappening, SparkplugNodes } from "./sparkplug_traffic.ts";

export { CALM_RULES, KEYRING, RULE_SETS } from "./pipeline_rules.ts";

/** One thing that happens, in small numbers, so that a failing case shrinks to something readable. */
export type Happening =
  | {
    readonly kind: "report";
    /** Journal time since the happening before, ms. */
    readonly after: number;
    readonly device: number;
    /** Device time before (positive) or after (negative) the receipt, ms. */
    readonly age: number;
    /** Two of the possible values, so that runs of equal ones come about. */
    readonly value: number;
    /** Which fields it carries, as bits. */
    readonly fields: number;
    /** The device counts from 0 again. */
    readonly restart: boolean;
    /** Sequence numbers that it leaves out. */
    readonly skipped: number;
    readonly packetId: number;
    readonly retain: boolean;
  }
  /** The broker sends one of the last messages again. */
  | { readonly kind: "again"; readonly back: number; readonly dup: boolean; readonly retain: boolean }
  | { readonly kind: "garbage"; readonly topic: string; readonly payload: string }
  | { readonly kind: "tick"; readonly after: number }
  /** The gateway stands still: the wall clock goes on, journal time does not. */
  | { readonly kind: "still"; readonly wall: number }
  | { readonly kind: "session"; readonly resumed: boolean }
  | { readonly kind: "rules"; readonly which: number }
  | SparkplugHappening
  | PackedHappening
  | CommandHappening
  | ReinjectHappening;

const report: fc.Arbitrary<Happening> = fc.record({
  kind: fc.constant("report" as const),
  after: fc.constantFrom(0, 0, 0, 1, 20, 400, 1_000, 3_000, 7_000, 12_000, 45_000),
  device: fc.constantFrom(0, 0, 0, 1, 2, 3, 4),
  age: fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: 0, max: 900 }) },
    { weight: 3, arbitrary: fc.constantFrom(1_500, 9_000, 25_000, 60_000, 95_000, 140_000) },
    { weight: 2, arbitrary: fc.constantFrom(600_000, 600_000, 3_600_000, 3_604_000, 10_000_000) },
    { weight: 1, arbitrary: fc.constantFrom(-4_000, -200_000, -400_000, 86_400_000 * 40) },
  ),
  value: fc.constantFrom(0, 1, 1, 2, 3, 0.5, 99, 1_000),
  fields: fc.integer({ min: 0, max: 511 }),
  restart: fc.integer({ min: 0, max: 15 }).map((n) => n === 0),
  skipped: fc.constantFrom(0, 0, 0, 0, 1, 5),
  packetId: fc.integer({ min: 0, max: 6 }),
  retain: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
});

const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 24, arbitrary: report },
  { weight: 8, arbitrary: sparkplugHappening },
  { weight: 6, arbitrary: packedHappening },
  { weight: 5, arbitrary: commandHappening },
  { weight: 5, arbitrary: reinjectHappening },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("again" as const),
      back: fc.integer({ min: 1, max: 9 }),
      dup: fc.boolean(),
      retain: fc.integer({ min: 0, max: 3 }).map((n) => n === 0),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("garbage" as const),
      topic: fc.constantFrom("plant/d0", "plant/d9", "elsewhere", "plant/\u0001", "bare/d0/t", "bare/d1/s"),
      payload: fc.oneof(
        fc.constantFrom(
          "",
          "{",
          "null",
          "[]",
          "1e400",
          "true",
          "21.5",
          '{"__proto__":1}',
          '{"ts":"x","t":1}',
        ),
        fc.string({ maxLength: 12 }),
      ),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("tick" as const),
      after: fc.constantFrom(0, 500, 5_000, 31_000, 70_000),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("still" as const), wall: fc.constantFrom(40_000, 4_000_000) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("session" as const), resumed: fc.boolean() }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("rules" as const), which: fc.nat({ max: 8 }) }),
  },
);

/** What happens on one day. */
export const happenings: fc.Arbitrary<Happening[]> = fc.array(happening, { maxLength: 90, size: "max" });

/** The same without an operator, edge nodes, packed payloads and second tries: the rules stay, every payload is JSON. */
export const calmHappenings: fc.Arbitrary<Happening[]> = happenings.map((all) =>
  all.filter(({ kind }) =>
    kind !== "rules" && kind !== "sparkplug" && kind !== "packed" && kind !== "reinject"
  )
);

/** The happenings as records of an inbox. `rules` are what an operator can choose from. */
export function recordsOf(all: readonly Happening[], rules: readonly Rules[]): InboxRecord[] {
  const records: InboxRecord[] = [];
  const sent: Extract<InboxContent, { kind: "message" }>[] = [];
  const sequence = [0, 0, 0, 0, 0];
  const nodes = new SparkplugNodes();
  const commands = new CommandsOfTheDay();
  let elapsed = 0;
  let wall = START;
  let connection = 1;
  const pass = (ms: number): void => {
    elapsed += ms;
    wall += ms;
  };
  const add = (content: InboxContent): void => {
    const stamp = { receivedAt: wall, elapsed, implausible: false };
    records.push({ position: records.length + 1, stamp, content });
    if (content.kind === "message") sent.push(content);
  };
  for (const each of all) {
    switch (each.kind) {
      case "report": {
        pass(each.after);
        const number = each.restart ? 0 : (sequence[each.device] ?? 0) + 1 + each.skipped;
        sequence[each.device] = number;
        const text = JSON.stringify(payloadOf(each, wall - each.age, number));
        const { packetId, retain } = each;
        add({
          kind: "message",
          message: messageOf(`plant/d${each.device}`, text, { connection, packetId, retain }),
        });
        break;
      }
      case "again": {
        const { dup, retain } = each;
        const before = sent.at(-each.back);
        if (before !== undefined) add({ kind: "message", message: { ...before.message, dup, retain } });
        break;
      }
      case "garbage":
        add({ kind: "message", message: messageOf(each.topic, each.payload, { connection, packetId: 7 }) });
        break;
      case "sparkplug":
        pass(each.after);
        add({ kind: "message", message: nodes.message(each, wall, { connection }) });
        break;
      case "packed":
        pass(each.after);
        add({ kind: "message", message: packedMessage(each, wall, { connection, packetId: 8 }) });
        break;
      case "command":
        pass(each.after);
        add({ kind: "command", command: commands.command(each, wall) });
        break;
      case "reinject":
        pass(each.after);
        add({ kind: "command", command: reinjectOf(each, records) });
        break;
      case "tick":
        pass(each.after);
        add({ kind: "tick" });
        break;
      case "still":
        wall += each.wall;
        break;
      case "session":
        add({ kind: "session", session: { connection: ++connection, resumed: each.resumed } });
        break;
      case "rules": {
        const chosen = rules[each.which % rules.length];
        if (chosen !== undefined) add({ kind: "rules", rules: chosen });
      }
    }
  }
  return records;
}

function payloadOf(
  { fields, value }: Extract<Happening, { kind: "report" }>,
  ts: number,
  seq: number,
): Record<string, unknown> {
  const bits = (bit: number): boolean => (fields & bit) !== 0;
  return {
    ts,
    seq,
    ...(bits(1) ? { t: value } : {}),
    ...(bits(2) ? { n: value } : {}),
    ...(bits(4) ? { door: value > 1 } : {}),
    ...(bits(8) ? { mode: `m${value}` } : {}),
    ...(bits(16) ? { raw: value } : {}),
    // Nobody named it; what it is first, it has to stay.
    ...(bits(32) ? { extra: value === 3 ? "three" : value } : {}),
    ...(bits(64) ? { slow: value } : {}),
    // A tag where the rules say so: one that is allowed, one that is not, one that cannot stand in a line.
    ...(bits(128) ? { sev: ["info", "err", "crit", "\n"][Math.floor(value) % 5] ?? "other" } : {}),
    ...(bits(256) ? { zone: `z${value}` } : {}),
  };
}
