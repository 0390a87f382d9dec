/**
 * Days that dice hardly ever throw: what has to happen for a certain part of the state to matter.
 * @module
 */
import type { Happening } from "./pipeline_traffic.ts";

/** A day and the rules it needs. */
export interface HardDay {
  readonly what: string;
  /** Number of the rule set that is in force. */
  readonly rules: number;
  readonly day: readonly Happening[];
}

/** A report of device 0 with nothing special about it. */
export const plain: Extract<Happening, { kind: "report" }> = {
  kind: "report",
  after: 0,
  device: 0,
  age: 0,
  value: 1,
  fields: 0,
  restart: false,
  skipped: 0,
  packetId: 1,
  retain: false,
};

/** All of them. */
export const HARD_DAYS: readonly HardDay[] = [
  {
    what: "several receipts in one millisecond, of a device without a clock",
    // They have no time in the payload, and leave out every other message.
    rules: 6,
    day: Array.from({ length: 12 }, (_, n) => ({ ...plain, value: n + 1, fields: 16, packetId: n + 1 })),
  },
  {
    what: "a device that is away three times, then sends what it missed first",
    rules: 0,
    day: [
      ...[0, 1, 2, 3].map((n) => ({
        ...plain,
        after: n === 0 ? 0 : 45_000,
        value: n,
        fields: 1,
        packetId: n + 1,
      })),
      { ...plain, age: 135_000, value: 9, fields: 1, packetId: 5 },
    ],
  },
];
