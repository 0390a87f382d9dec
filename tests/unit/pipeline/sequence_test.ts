import { assertEquals } from "@std/assert";
import { Sequence } from "../../../src/pipeline/sequence.ts";
import { field, NONE, profile, RiverBench, rulesOf } from "./river_bench.ts";

/** Verdicts on numbers; each message has content of its own unless a hash is given. */
function verdicts(numbers: readonly (number | readonly [number, number])[]): string[] {
  const sequence = new Sequence();
  return numbers.map((each, index) => {
    const [number, hash] = typeof each === "number" ? [each, 1_000 + index] : each;
    const verdict = sequence.judge(number, hash);
    return verdict.kind === "gap" ? `gap ${verdict.missing}` : verdict.kind;
  });
}

Deno.test("one after the other is next, wherever it begins", () => {
  assertEquals(verdicts([41, 42, 43]), ["next", "next", "next"]);
});

Deno.test("numbers that are missing are counted", () => {
  assertEquals(verdicts([1, 2, 5, 6, 16]), ["next", "next", "gap 2", "next", "gap 9"]);
});

Deno.test("the same number with the same content is a duplicate", () => {
  assertEquals(verdicts([[1, 7], [2, 8], [1, 7], [2, 8], 3]), [
    "next",
    "next",
    "duplicate",
    "duplicate",
    "next",
  ]);
});

Deno.test("the same number with other content is data: the device began anew", () => {
  assertEquals(verdicts([1, 2, 3, 1, 2, 3]), ["next", "next", "next", "reset", "next", "next"]);
});

Deno.test("a device that reboots to 0 loses nothing and misses nothing", () => {
  assertEquals(verdicts([100, 101, 0, 1, 2]), ["next", "next", "reset", "next", "next"]);
});

Deno.test("a counter that wraps misses nothing", () => {
  assertEquals(verdicts([65_534, 65_535, 0, 1]), ["next", "next", "reset", "next"]);
});

Deno.test("what comes out of order fills the gap that it left", () => {
  assertEquals(verdicts([1, 2, 5, 3, 4, 6]), ["next", "next", "gap 2", "filled", "filled", "next"]);
});

Deno.test("a jump of more than a million is a new beginning, not a million lost messages", () => {
  assertEquals(verdicts([1, 1_000_002, 1_000_003]), ["next", "reset", "next"]);
  assertEquals(verdicts([1, 1_000_001]), ["next", "gap 999999"]);
});

Deno.test("the memory holds the last 32 messages", () => {
  const run = Array.from({ length: 33 }, (_, index) => [index, index] as const);
  assertEquals(verdicts([...run, [1, 1]]).at(-1), "duplicate");
  assertEquals(verdicts([...run, [0, 0]]).at(-1), "reset", "the 33rd last is not known any more");
});

Deno.test("it goes on over a checkpoint", () => {
  const sequence = new Sequence();
  for (const number of [5, 6, 9]) sequence.judge(number, number);
  const again = new Sequence(structuredClone(sequence.snapshot()));
  assertEquals(again.snapshot(), sequence.snapshot());
  assertEquals([again.judge(7, 7).kind, again.judge(9, 9).kind, again.judge(10, 1).kind], [
    "filled",
    "duplicate",
    "next",
  ]);
});

Deno.test("the ledger counts duplicates and gaps, of the gateway and of the device, and a filled gap no more", () => {
  const bench = new RiverBench(rulesOf(profile([field("t", NONE)], { sequence: ["seq"] })));
  const report = (seq: number, t = seq): void => bench.report("d1", seq, { t, seq });
  for (const seq of [1, 2, 5, 5, 3]) report(seq);
  const [device] = bench.river.registry.devices;
  assertEquals([bench.ledger.messages.processed, bench.ledger.messages.duplicate], [4, 1]);
  assertEquals([bench.ledger.beside.sequence_gaps, device?.counts.sequence_gaps], [1, 1]);
  // A message without a number is not judged by it.
  bench.report("d1", 9, { t: 9 });
  assertEquals(bench.ledger.messages.processed, 5);
});
