import { assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Block, OutboxSnapshot, OutboxTally, Tally } from "../../../src/buffer/mod.ts";
import type { Point } from "../../../src/model/mod.ts";
import { parseStrict } from "../../support/line_parser.ts";
import { linesOf, openOutbox, type OutboxBench, point } from "./outbox_bench.ts";

type Step =
  | { readonly kind: "add"; readonly device: number; readonly ms: number }
  | { readonly kind: "seal" | "checkpoint" | "crash" | "refuse" }
  | { readonly kind: "send"; readonly lane: "fresh" | "backlog" };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({
        kind: fc.constant("add" as const),
        device: fc.nat({ max: 2 }),
        ms: fc.integer({ min: 1, max: 12 }),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constantFrom(
          "seal" as const,
          "seal" as const,
          "checkpoint" as const,
          "crash" as const,
          "refuse" as const,
        ),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant("send" as const),
        lane: fc.constantFrom("fresh" as const, "backlog" as const),
      }),
    },
  ),
  { maxLength: 70, size: "max" },
);

/** Points as the river makes them: what is not newer than the newest of its series is a correction. */
function pointsOf(all: readonly Step[]): Point[] {
  const newest = [0, 0, 0];
  let value = 0;
  return all.flatMap((step) => {
    if (step.kind !== "add") return [];
    const correction = step.ms <= (newest[step.device] ?? 0);
    if (!correction) newest[step.device] = step.ms;
    return [point(step.device, step.ms, ++value, { correction, readings: value % 4 })];
  });
}

function keyOf(line: string): [key: string, value: string] {
  const [parsed] = parseStrict(line);
  const field = parsed?.fields[0];
  return [`${parsed?.tags[0]?.[1]} ${parsed?.time}`, String(field?.[1].value)];
}

/** The sum over the devices is the total, and every point and reading is in one place. */
function assertCounted({ outbox }: OutboxBench): void {
  const { total } = outbox.counts;
  const ways = ["produced", "delivered", "waiting", "refused", "evicted"] as const;
  const sum = (pick: (tally: OutboxTally) => number): number =>
    [0, 1, 2].reduce((so, device) => so + pick(outbox.counts.device(device)), 0);
  for (const way of ways) {
    for (const what of ["points", "readings"] as const) {
      assertEquals(sum((tally) => tally[way][what]), total[way][what], `${what} ${way} over the devices`);
    }
  }
  const out = (pick: (tally: Tally) => number): number =>
    pick(total.delivered) + pick(total.waiting) + pick(total.refused) + pick(total.evicted);
  assertEquals([out(({ points }) => points), out(({ readings }) => readings)], [
    total.produced.points,
    total.produced.readings,
  ]);
}

Deno.test("at rest the database holds the last value of every point, whatever lane, refusal or crash came between", async () => {
  await fc.assert(
    fc.asyncProperty(steps, fc.constantFrom(0, 300, 1 << 20), async (all, memoryBytes) => {
      const points = pointsOf(all);
      const database = new Map<string, string>();
      let bench = await openOutbox(undefined, undefined, { memoryBytes, maxPoints: 3 });
      let added = 0;
      let durable: { snapshot: OutboxSnapshot | undefined; added: number } = {
        snapshot: undefined,
        added: 0,
      };
      const send = (block: Block | undefined, refuse: boolean): void => {
        if (block === undefined) return;
        const seen = new Set<string>();
        linesOf(block).forEach((line, index) => {
          const [key, value] = keyOf(line);
          assertEquals(seen.has(key), false, `block ${block.position} holds two values for ${key}`);
          seen.add(key);
          if (refuse && index === 0) {
            const dead = { index, line, whole: true, words: "", status: 422 };
            bench.outbox.refused(block.position, [dead]);
          }
          database.set(key, value);
        });
        bench.outbox.delivered(block.position);
      };
      for (const step of all) {
        switch (step.kind) {
          case "add": {
            const next = points[added++];
            if (next !== undefined) bench.outbox.add(next);
            break;
          }
          case "seal":
            bench.outbox.seal();
            break;
          case "checkpoint":
            durable = { snapshot: structuredClone(bench.outbox.snapshot()), added };
            await bench.outbox.sync();
            break;
          case "crash": {
            const files = bench.files.afterPowerCut();
            await bench.close();
            const snapshot = structuredClone(durable.snapshot);
            bench = await openOutbox(files, snapshot, { memoryBytes, maxPoints: 3 });
            // The replay makes again what the checkpoint does not hold.
            for (const again of points.slice(durable.added, added)) bench.outbox.add(again);
            break;
          }
          case "refuse":
            send(await bench.outbox.next("backlog"), true);
            break;
          case "send":
            send(await bench.outbox.next(step.lane), false);
        }
        assertCounted(bench);
      }
      bench.outbox.seal();
      for (let left = await bench.outbox.next("backlog"); left !== undefined;) {
        send(left, false);
        left = await bench.outbox.next("backlog");
      }
      const expected = new Map(
        points.slice(0, added).map((
          { stream, ms, fields },
        ) => [`${stream.device} ${ms * 1e6}`, `${fields[0]?.value}`]),
      );
      assertEquals(new Map([...database].sort()), new Map([...expected].sort()));
      assertEquals([bench.outbox.waitingBlocks, bench.outbox.counts.total.waiting.points, bench.lost], [
        0,
        0,
        [],
      ]);
      await bench.close();
    }),
    { numRuns: 150 },
  );
});
