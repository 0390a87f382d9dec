import type { Section } from "../../support/gateway_process.ts";

/**
 * What people watch at the climate site. None of it happens there: a rule costs what it costs while all is well, at
 * every reading of its field.
 */
const KINDS: readonly ((n: number) => Section)[] = [
  (n) => ({ field: "temperature", above: 80 + n / 1_000, clear: 75, for: "30s", severity: "critical" }),
  (n) => ({ field: "humidity", below: 10 - n / 1_000, clear: 12 }),
  (n) => ({ field: "temperature", rate_above: `${60 + n}/m` }),
  () => ({ silent_for: "60s" }),
  (n) => ({ field: "battery", below: 15 - n / 1_000, clear: 20 }),
];

/** So many rules for the `alerts` section, of these kinds in turn; each watches every device. */
export function typicalAlerts(count: number): Section[] {
  return Array.from({ length: count }, (_, n) => ({
    name: `rule-${n}`,
    profile: "climate",
    ...KINDS[n % KINDS.length]?.(n),
  }));
}
