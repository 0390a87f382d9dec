import { assert, assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { FAULTS } from "../../devices/simulator/faults/registry.ts";
import { simProcess, type SimRun } from "../support/sim_process.ts";

/** A short run in which every fault strikes. */
const OPTIONS = ["--devices", "20", "--rate", "2", "--seconds", "16", "--faults", "all", "--outage", "4s"];
/** Devices' clocks in all runs. */
const START = ["--start", "2026-03-01T08:00:00Z"];

function assertVerdict({ code, stdout, stderr }: SimRun): void {
  assertStringIncludes(
    stdout,
    "VERDICT: every reading accounted for, every fault became what it must",
    `${stdout}${stderr}`,
  );
  assertEquals([code, stderr], [0, ""]);
}

/** What two runs have and one of them has not; the first few. */
function difference(one: readonly string[], other: readonly string[]): string[] {
  const [first, second] = [new Set(one), new Set(other)];
  return [...first.symmetricDifference(second)].slice(0, 4);
}

Deno.test("one seed twice, and a replay: the same messages and the same points; another seed: others", async () => {
  const folder = await Deno.makeTempDir({ prefix: "sluice_sim_repeat_" });
  try {
    const [one, two] = await Promise.all(
      ["one", "two"].map((name) => simProcess(folder, name, [...OPTIONS, "--seed", "11", ...START])),
    );
    assert(one !== undefined && two !== undefined);
    assertVerdict(one);
    assertVerdict(two);
    const struck = new Set(one.messages.map(({ label }) => label.fault));
    assertEquals(FAULTS.filter((name) => !struck.has(name)), []);

    assert(one.lines.length > 1_000);
    assertEquals(difference(one.lines, two.lines), []);
    assertEquals(one.lines.length, two.lines.length);
    assert(one.points.length > 100);
    assertEquals(difference(one.points, two.points), []);
    assertEquals(one.points.length, two.points.length);

    const [again, other] = await Promise.all([
      simProcess(folder, "again", ["--replay", one.recording, "--outage", "4s"]),
      simProcess(folder, "other", [...OPTIONS, "--seed", "13", ...START]),
    ]);
    assertVerdict(again);
    assertVerdict(other);
    assertEquals(difference(again.points, one.points), []);
    assertEquals(again.points.length, one.points.length);
    assertNotEquals(other.lines, one.lines);
    assertNotEquals(other.points, one.points);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
