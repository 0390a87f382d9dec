import { assertEquals } from "@std/assert";
import { Twins } from "../../../src/pipeline/twins.ts";
import { messageOf } from "./river_bench.ts";

Deno.test("identifiers go round many times and the memory goes with them, also through a snapshot", () => {
  let twins = new Twins(1_000, 32_767);
  for (let n = 0; n < 200_000; n++) {
    const id = n % 65_535 + 1;
    if (n % 50_000 === 49_999) {
      const restored = new Twins(1_000, 32_767);
      restored.restore(twins.snapshot());
      assertEquals(restored.snapshot(), twins.snapshot());
      twins = restored;
    }
    if (twins.judge(messageOf("t", "", { packetId: id }), n) !== "first") {
      throw new Error(`Message ${n} was taken for a twin`);
    }
  }
  const last = 199_999;
  assertEquals(
    twins.judge(messageOf("t", "", { packetId: last % 65_535 + 1, dup: true }), last),
    "duplicate",
  );
  const oldest = last - 32_766;
  assertEquals(
    twins.judge(messageOf("t", "", { packetId: oldest % 65_535 + 1, dup: true }), oldest),
    "duplicate",
  );
  assertEquals(
    twins.judge(messageOf("t", "", { packetId: (oldest - 1) % 65_535 + 1, dup: true }), oldest - 1),
    "first",
  );
});
