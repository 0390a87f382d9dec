import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { AlertEvent, AlertRule } from "../../src/model/mod.ts";
import { AlertStage } from "../../src/alerts/mod.ts";
import { rule, stream, TOPIC } from "../unit/alerts/build.ts";
import { condition, episodes, type Reading, readings } from "./alert_episodes.ts";

/** Three rules, each in two versions; an operator puts any of them in force, in any order. */
const pool: fc.Arbitrary<AlertRule[][]> = fc.array(
  fc.tuple(condition, condition, fc.constantFrom(0, 0, 2, 5)),
  { minLength: 3, maxLength: 3 },
).map((all) =>
  all.map(([one, other, wait], index) => [
    rule({ name: `rule-${index}`, summary: "{rule}", condition: one, for: wait }),
    rule({ name: `rule-${index}`, summary: "{rule}", condition: other, for: wait + 1 }),
  ])
);

/** For each rule its version in force, or −1; and in which order they stand. */
const choice = fc.record({
  versions: fc.tuple(...[0, 1, 2].map(() => fc.constantFrom(-1, 0, 0, 1))),
  reversed: fc.boolean(),
});

/** Before a reading: other rules, or the same as before. */
const choices = fc.array(fc.option(choice, { freq: 4 }), { minLength: 60, maxLength: 60 });

type Choice = { readonly versions: readonly number[]; readonly reversed: boolean };

/** Wall clock of a reload before the reading of a place: no reading's time. */
const reloadAt = (place: number): number => 1_000_000 + place;

function inForce(all: readonly AlertRule[][], { versions, reversed }: Choice): AlertRule[] {
  const chosen = versions.flatMap((version, at) => all[at]?.[version] ?? []);
  return reversed ? chosen.reverse() : chosen;
}

function textOf({ transition, at, firedAt, value, reason }: AlertEvent): string {
  return `${transition} ${at} of ${firedAt}: ${value}${reason === "rule_removed" ? " (removed)" : ""}`;
}

/** What the stage says of each rule and series, in order. */
function told(
  all: readonly AlertRule[][],
  input: readonly Reading[],
  reloads: readonly (Choice | null)[],
): Map<string, string[]> {
  const said = new Map<string, string[]>();
  const take = (event: AlertEvent): void => {
    const key = `${event.rule} ${event.device}`;
    said.set(key, [...said.get(key) ?? [], textOf(event)]);
  };
  let rules: AlertRule[] = [];
  let stage = new AlertStage(rules);
  input.forEach(({ series, value, at, restart }, place) => {
    const chosen = reloads[place];
    if (chosen !== null && chosen !== undefined) {
      rules = inForce(all, chosen);
      // The rules come as data, not as the very same objects.
      stage.replaceRules(structuredClone(rules), reloadAt(place), take);
    }
    if (restart) stage = new AlertStage(rules, structuredClone(stage.snapshot()));
    for (const watcher of stage.watchersFor(stream({ device: `d${series}` }), TOPIC, "temperature", null)) {
      watcher.reading(value, at, at, take);
    }
  });
  return said;
}

/** R1 said over the whole history: a version of a rule knows of the readings in its time, and ends with it. */
function expected(
  all: readonly AlertRule[][],
  input: readonly Reading[],
  reloads: readonly (Choice | null)[],
): Map<string, string[]> {
  const said = new Map<string, string[]>();
  const versionAt = (at: number, place: number): number =>
    reloads.slice(0, place + 1).findLast((one) => one !== null)?.versions[at] ?? -1;
  for (const [at, versions] of all.entries()) {
    for (let series = 0; series < 3; series++) {
      const events: string[] = [];
      for (let from = 0; from < input.length;) {
        const version = versionAt(at, from);
        const next = input.findIndex((_reading, place) => place > from && versionAt(at, place) !== version);
        const to = next < 0 ? input.length : next;
        const one = versions[version];
        const own = input.slice(from, to).filter((reading) => reading.series === series);
        if (one !== undefined) {
          events.push(...ended(episodes(one, own), own, next < 0 ? undefined : reloadAt(next)));
        }
        from = to;
      }
      if (events.length > 0) said.set(`rule-${at} d${series}`, events);
    }
  }
  return said;
}

/** The episodes, the last of which ends with its rule if nothing else has ended it. */
function ended(found: readonly string[], own: readonly Reading[], removedAt: number | undefined): string[] {
  const [, firedAt] = /^firing \S+ of (\S+):/.exec(found.at(-1) ?? "") ?? [];
  if (firedAt === undefined || removedAt === undefined) return [...found];
  // The newest reading that was not older than one before it.
  const last = own.filter((reading, i) => own.slice(0, i).every((before) => before.at <= reading.at)).at(-1);
  return [...found, `resolved ${removedAt} of ${firedAt}: ${last?.value} (removed)`];
}

Deno.test("R1, R2: whatever rules come and go between readings, each version tells the episodes of its own time", () => {
  let removed = 0;
  fc.assert(
    fc.property(pool, readings, choices, (all, input, reloads) => {
      const found = told(all, input, reloads);
      assertEquals([...found].sort(), [...expected(all, input, reloads)].sort());
      removed += [...found.values()].flat().filter((text) => text.endsWith("(removed)")).length;
    }),
    { numRuns: 500 },
  );
  assert(removed > 50, `only ${removed} alerts ended with their rule`);
});
