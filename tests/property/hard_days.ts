/**
 * Days that dice hardly ever throw: what has to happen for a certain part of the state to matter.
 * @module
 */
import type { CommandHappening } from "./command_traffic.ts";
import type { Happening } from "./pipeline_traffic.ts";
import type { ReinjectHappening } from "./reinject_traffic.ts";

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

/** A person asks for something, without any particulars. */
const asked: Omit<CommandHappening, "what"> = {
  ...{ kind: "command", after: 0, rule: null, device: null, lasts: 8_000, back: 0 },
};

/** A person has a message tried again, without any particulars. */
const triedAgain: ReinjectHappening = {
  ...{ kind: "reinject", after: 0, ids: [1], back: 1, what: "message", reason: "range", oldest: 0 },
  ...{ fields: null, record: null },
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
  {
    what: "alerts that fire under silences, are taken on, told late, and end",
    rules: 0,
    day: [
      { ...asked, what: "silence", rule: "hot" },
      { ...asked, what: "silence", device: 1, lasts: 60_000 },
      ...[0, 1, 2, 4].map((device) => ({ ...plain, device, value: 99, fields: 1, packetId: device + 1 })),
      { ...asked, what: "acknowledge", rule: "hot", device: 2 },
      { ...asked, what: "acknowledge", rule: "hot", device: 2 },
      { kind: "tick", after: 8_000 },
      { ...plain, device: 0, value: 0, fields: 1, packetId: 6 },
      { ...asked, what: "unsilence", after: 500 },
      { ...asked, what: "acknowledge", rule: "hot", device: 1 },
      { kind: "tick", after: 45_000 },
      { ...asked, what: "acknowledge", rule: "silent", device: 4 },
      ...[1, 2, 4].map((device) => ({ ...plain, device, value: 0, fields: 1, packetId: device + 6 })),
    ],
  },
  {
    what:
      "messages and readings that are tried again, twice, in the window that is open and after it is gone",
    rules: 0,
    day: [
      { ...plain, value: 1_000, fields: 31 },
      { ...plain, after: 400, value: 2, fields: 31, packetId: 2 },
      { ...triedAgain, back: 2 },
      { ...triedAgain, back: 2, ids: [2], what: "readings", fields: ["t"] },
      { ...triedAgain, back: 1, ids: [3, 4, 3], what: "readings", reason: "late" },
      ...Array.from({ length: 8 }, (_, n) => ({ ...plain, after: 9_000, fields: 31, packetId: n + 3 })),
      { ...triedAgain, back: 9, ids: [4, 5] },
      { ...triedAgain, back: 9, ids: [5, 6, 6, 7], what: "readings", oldest: 4 },
      { ...triedAgain, back: 1, ids: [8], what: "point" },
      { ...triedAgain, back: 9, ids: [1, 8] },
      { kind: "tick", after: 70_000 },
      { ...triedAgain, back: 5, ids: [9, 9], what: "readings", reason: "late" },
    ],
  },
];
