/**
 * What people do meanwhile: they acknowledge alerts, silence rules and devices, and end silences.
 * @module
 */
import fc from "fast-check";
import type { Command } from "../../src/model/mod.ts";

/** One thing that a person asks for. */
export interface CommandHappening {
  readonly kind: "command";
  /** Journal time since the happening before, ms. */
  readonly after: number;
  readonly what: "acknowledge" | "silence" | "unsilence";
  /** Which rule; `null`: every one. */
  readonly rule: typeof RULES[number] | null;
  /** Which device; `null`: every one. */
  readonly device: number | null;
  /** How long a silence lasts, ms. */
  readonly lasts: number;
  /** How many silences back the one is that ends. */
  readonly back: number;
}

const RULES = ["hot", "silent", "first", "stuck"] as const;
/** The field that each rule watches; a dead-man watches none. */
const FIELDS = { hot: "t", silent: null, first: "raw", stuck: "n" } as const;

/** What such a person may do. */
export const commandHappening: fc.Arbitrary<CommandHappening> = fc.record({
  kind: fc.constant("command" as const),
  after: fc.constantFrom(0, 0, 10, 2_000, 41_000),
  what: fc.constantFrom("acknowledge", "silence", "silence", "unsilence"),
  rule: fc.constantFrom("hot", "hot", "silent", "first", "stuck", null),
  device: fc.constantFrom(0, 0, 1, 4, null, null),
  lasts: fc.constantFrom(1, 900, 8_000, 60_000, 86_400_000),
  back: fc.integer({ min: 0, max: 3 }),
});

/** The commands of a day, one after the other. */
export class CommandsOfTheDay {
  #silences = 0;

  /** The command of a happening. @param wall wall clock when it is given, ms */
  command(happening: CommandHappening, wall: number): Command {
    const { what, rule, device, lasts, back } = happening;
    switch (what) {
      case "acknowledge":
        return { kind: what, alert: alertOf(rule ?? "hot", device ?? 0), by: "anna", note: rule };
      case "silence": {
        const id = `s${++this.#silences}`;
        const glob = device === null ? null : `d${device}`;
        const silence = { id, rule, device: glob, reason: null, by: "ben", since: wall, until: wall + lasts };
        return { kind: what, silence };
      }
      case "unsilence":
        return { kind: what, id: `s${this.#silences - back}`, by: "ben" };
    }
  }
}

/** The identity of an alert under the plain rules. */
function alertOf(rule: typeof RULES[number], device: number): string {
  const field = FIELDS[rule];
  return field === null ? `${rule}:d${device}` : `${rule}:d${device}:kiln:device=d${device}:${field}`;
}
