import type { Reason } from "../../../src/model/mod.ts";
import { Dice } from "../dice.ts";
import type { Attack } from "./attack.ts";

/** Mean pause between two probes, ms. */
const PAUSE = 600;

interface Probe {
  readonly kind: string;
  readonly reason: Reason;
  /** The payload at a moment, ms since 1970. */
  readonly payload: (time: number) => string;
}

function nested(levels: number): string {
  return "[".repeat(levels) + "]".repeat(levels);
}

function wide(keys: number): string {
  return JSON.stringify(Object.fromEntries(Array.from({ length: keys }, (_, n) => [`k${n}`, n])));
}

/** What somebody tries who wants to know how the gateway reads: each must be refused, and for its own reason. */
const PROBES: readonly Probe[] = [
  { kind: "climate", reason: "undecodable", payload: () => "' OR 1=1 --" },
  { kind: "climate", reason: "missing_field", payload: () => '{"__proto__":{"temperature":20},"seq":1}' },
  { kind: "climate", reason: "too_deep", payload: () => nested(500) },
  { kind: "climate", reason: "too_many_keys", payload: () => wide(2_000) },
  { kind: "climate", reason: "no_readings", payload: () => "null" },
  { kind: "climate", reason: "bad_time", payload: () => '{"ts":"now()","seq":1,"temperature":20}' },
  { kind: "climate", reason: "range", payload: (ts) => `{"ts":${ts},"seq":-1,"temperature":20}` },
  { kind: "climate", reason: "type", payload: (ts) => `{"ts":${ts},"seq":1,"temperature":{"$gt":0}}` },
  { kind: "power", reason: "range", payload: (ts) => `{"time":${ts / 1_000},"power":1e400}` },
  { kind: "power", reason: "missing_field", payload: (ts) => `{"time":${ts / 1_000},"constructor":1}` },
  {
    kind: "tank",
    reason: "unknown_field",
    payload: (ts) => `{"ts":${ts / 1_000},"seq":1,"distance_mm":1500,"admin":true}`,
  },
];

/** Somebody tries payload after payload on the topics of sound devices. */
export const schemaProbing: Attack = {
  name: "schema_probing",
  scripts({ seed, devices }) {
    const probes = PROBES.flatMap((probe) => {
      const victim = devices.find(({ model }) => model.kind === probe.kind);
      return victim === undefined ? [] : [{ ...probe, topic: victim.topic }];
    });
    return probes.length === 0 ? [] : [{
      waits: false,
      *open(startedAt) {
        const dice = new Dice(seed, 3_000_002);
        let due = 0;
        for (let number = 0;; number++) {
          due += PAUSE * dice.between(0.5, 1.5);
          const probe = probes[number % probes.length];
          if (probe === undefined) return;
          const { topic, reason } = probe;
          const label = { fault: schemaProbing.name, fate: { kind: "quarantined", reason } } as const;
          yield { due, topic, payload: probe.payload(startedAt + Math.round(due)), label };
        }
      },
    }];
  },
};
