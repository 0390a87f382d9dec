import { assertEquals } from "@std/assert";
import type { AlertRule, Command, CommandResult, Silence } from "../../../src/model/mod.ts";
import { field, NONE, profile, RiverBench, rulesOf, START } from "./river_bench.ts";

const HOT: AlertRule = {
  ...{ name: "hot", profile: null, device: null, topic: null, tags: {}, field: "t", for: 0, notify: ["ops"] },
  ...{ condition: { kind: "above", limit: 80, clear: 80 }, severity: "critical", summary: "{device} is hot" },
};
const RULES = rulesOf(profile([field("t", NONE)]), { alerts: [HOT] });
const ALERT = "hot:d1:kiln:device=d1:t";

function bench(): { on: RiverBench; give: (command: Command) => CommandResult | undefined } {
  const on = new RiverBench(RULES);
  const give = (command: Command): CommandResult | undefined => {
    on.step({ kind: "command", command });
    return on.out.results.at(-1);
  };
  return { on, give };
}

function silence(until: number): Silence {
  return {
    id: "s1",
    rule: "hot",
    device: null,
    reason: null,
    by: "anna",
    since: START,
    until: START + until,
  };
}

Deno.test("a command says what became of it, at its position, and counts as no message", () => {
  const { on, give } = bench();
  on.report("d1", 0, { t: 90 });
  const before = on.ledger;
  const acknowledge = { kind: "acknowledge", alert: ALERT, by: "anna", note: null } as const;
  assertEquals(give(acknowledge), { kind: "acknowledge", outcome: "acknowledged" });
  assertEquals(give(acknowledge), { kind: "acknowledge", outcome: "already" });
  assertEquals(give({ ...acknowledge, alert: "x" }), { kind: "acknowledge", outcome: "unknown" });
  assertEquals(give({ kind: "silence", silence: silence(9_000) }), { kind: "silence", outcome: "silenced" });
  assertEquals(give({ kind: "unsilence", id: "s1", by: "ben" }), { kind: "unsilence", outcome: "removed" });
  assertEquals(give({ kind: "unsilence", id: "s1", by: "ben" }), { kind: "unsilence", outcome: "unknown" });
  assertEquals(on.out.log.filter((line) => line.startsWith("commanded ")).length, 6);
  assertEquals(on.ledger, before);
});

Deno.test("A10: an acknowledgement carries the wall clock of its record, and outlives a crash", () => {
  const { on, give } = bench();
  on.report("d1", 0, { t: 90 });
  on.step({ kind: "tick" }, { elapsed: 4_000 });
  give({ kind: "acknowledge", alert: ALERT, by: "anna", note: "on my way" });
  on.crash();
  const [alert] = on.river.alerts.active();
  assertEquals(alert?.acknowledged, { by: "anna", at: START + 4_000, note: "on my way" });
});

Deno.test("A13: messages leave a silence that has ended where it is; a tick and a command take it out", () => {
  for (const kind of ["tick", "command"] as const) {
    const { on, give } = bench();
    give({ kind: "silence", silence: silence(5_000) });
    on.report("d1", 1_000, { t: 90 }, { elapsed: 1_000 });
    on.report("d1", 6_000, { t: 91 }, { elapsed: 6_000 });
    assertEquals(on.out.alerts.map(({ late, notify }) => [late, notify]), [[undefined, []]]);
    on.crash();
    if (kind === "tick") on.tick(6_000);
    else assertEquals(give({ kind: "unsilence", id: "s1", by: "ben" })?.kind, "unsilence");
    const last = on.out.alerts.at(-1);
    assertEquals([last?.late, last?.notify, last?.firedAt], [true, ["ops"], START + 1_000]);
    assertEquals(on.river.alerts.silences.all, []);
  }
});
