import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { Settled } from "../../../src/buffer/mod.ts";

type Call = { readonly kind: "add" | "below"; readonly position: number };

const calls: fc.Arbitrary<Call[]> = fc.array(
  fc.record({
    kind: fc.constantFrom("add" as const, "add" as const, "add" as const, "below" as const),
    position: fc.integer({ min: 1, max: 40 }),
  }),
  { maxLength: 60, size: "max" },
);

Deno.test("settled positions are exactly those of a set, in as few ranges as there can be", () => {
  fc.assert(fc.property(calls, (all) => {
    const settled = new Settled();
    const model = new Set<number>();
    for (const { kind, position } of all) {
      if (kind === "add") {
        settled.add(position);
        model.add(position);
      } else {
        settled.addBelow(position);
        for (let below = 1; below < position; below++) model.add(below);
      }
      for (let at = 1; at <= 45; at++) assertEquals(settled.has(at), model.has(at), `position ${at}`);
      let low = 1;
      while (model.has(low)) low++;
      assertEquals(settled.low, low);
      const ranges: number[] = [];
      for (let at = low; at <= 45; at++) {
        if (!model.has(at)) continue;
        if (ranges.at(-1) === at - 1) ranges[ranges.length - 1] = at;
        else ranges.push(at, at);
      }
      assertEquals(settled.ranges, ranges);
      const restored = new Settled(settled.low, settled.ranges);
      assertEquals([restored.low, restored.ranges], [settled.low, settled.ranges]);
    }
  }));
});
