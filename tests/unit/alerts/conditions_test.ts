import { assertEquals } from "@std/assert";
import { bench, judgements } from "./build.ts";

Deno.test("C1: below mirrors above", () => {
  assertEquals(judgements({ kind: "below", limit: 5, clear: 8 }, [5, 4.9, 7.9, 8, 4]), [
    "inactive",
    "fired",
    "firing",
    "resolved",
    "fired",
  ]);
});

Deno.test("C2: both ends of a band belong to its inside", () => {
  const values = [10, 9.999, 30, 30.001, 20];
  assertEquals(judgements({ kind: "outside", low: 10, high: 30 }, values), [
    "inactive",
    "fired",
    "resolved",
    "fired",
    "resolved",
  ]);
  assertEquals(judgements({ kind: "inside", low: 10, high: 30 }, values), [
    "fired",
    "resolved",
    "fired",
    "resolved",
    "fired",
  ]);
});

Deno.test("C3: equality asks for the same type and the same value", () => {
  assertEquals(judgements({ kind: "equals", value: true }, [1, "true", true, false]), [
    "inactive",
    "inactive",
    "fired",
    "resolved",
  ]);
  assertEquals(judgements({ kind: "not_equals", value: "OK" }, ["OK", "ok", "OK"]), [
    "inactive",
    "fired",
    "resolved",
  ]);
  assertEquals(judgements({ kind: "equals", value: 1 }, ["1", 1, 1]), ["inactive", "fired", "firing"]);
});

Deno.test("A3: a threshold cannot judge a text or a boolean: nothing changes", () => {
  assertEquals(judgements({ kind: "above", limit: 80, clear: 80 }, ["99", true, 81, "1", false, 80]), [
    "inactive",
    "inactive",
    "fired",
    "firing",
    "firing",
    "resolved",
  ]);
});

Deno.test("C4: a rate is the change between neighbours over the event time between them", () => {
  const { read } = bench({ condition: { kind: "rate_above", limit: 5, per: 60_000 } });
  assertEquals(read(20, 0), "inactive");
  assertEquals(read(25, 60), "inactive", "exactly 5/m is not above 5/m");
  assertEquals(read(26, 70), "fired", "6/m");
  assertEquals(read(90, 70), "firing", "the same moment says nothing");
  assertEquals(read(90, 80), "resolved");
  assertEquals(read(0, 90), "inactive", "falling is not rising");
});

Deno.test("C4: rate_below finds what falls", () => {
  const { read } = bench({ condition: { kind: "rate_below", limit: -5, per: 60_000 } });
  read(20, 0);
  assertEquals(read(15, 60), "inactive");
  assertEquals(read(9, 120), "fired");
});

Deno.test("C5: unchanged counts from the first reading of the run, by readings that came", () => {
  const { read } = bench({ condition: { kind: "unchanged", unchangedFor: 600_000 } });
  assertEquals(read(20, 0), "inactive");
  assertEquals(read(21, 100), "inactive");
  assertEquals(read(21, 699.999), "inactive");
  assertEquals(read(21, 700), "fired");
  assertEquals(read(21, 900), "firing");
  assertEquals(read(22, 901), "resolved");
});

Deno.test("limits read like the configuration", () => {
  const limits = [
    bench({ condition: { kind: "above", limit: 0.1 + 0.2, clear: 0 } }),
    bench({ condition: { kind: "below", limit: 1, clear: 1 } }),
  ].map(({ read, events }) => {
    read(0.5, 0);
    return events[0]?.limit;
  });
  assertEquals(limits, ["0.3", "1"]);
  const rate = bench({ condition: { kind: "rate_above", limit: 5, per: 60_000 }, summary: "" });
  rate.read(0, 0);
  rate.read(50, 60);
  assertEquals(rate.events[0]?.limit, "5/m");
  const stuck = bench({ condition: { kind: "unchanged", unchangedFor: 90_000 }, summary: "" });
  stuck.read(3, 0);
  stuck.read(3, 90);
  assertEquals(stuck.events[0]?.summary, "kiln-1: temperature has been 3 degC for 90s");
});
