import { assertEquals, assertThrows } from "@std/assert";
import { AlertOracle } from "../../../devices/simulator/mod.ts";
import type { AlertRule } from "../../../src/model/mod.ts";
import { EVERY_READING, field, profile } from "./rules.ts";

/** A moment, ms. */
const T = 1_700_000_000_000;

/** Fires above 80 and clears at 75. */
const HOT: AlertRule = {
  name: "hot",
  profile: "p",
  device: null,
  topic: null,
  tags: {},
  field: "v",
  condition: { kind: "above", limit: 80, clear: 75 },
  for: 0,
  severity: "warning",
  notify: [],
  summary: "",
};

function oracle(...alerts: AlertRule[]): AlertOracle {
  const fields = [field("v", "float", EVERY_READING, { range: [-100, 100] })];
  return new AlertOracle({
    subscriptions: [{ topic: "site/{device}", profile: "p", format: "json", tags: {} }],
    profiles: { p: profile("p", "m", fields) },
    alerts,
  });
}

/** What devices make it say, as `device rule transition firedAt at`, times in ms after T. */
function news(of: AlertOracle, ...said: (readonly [ms: number, v: unknown, device?: string])[]): string[] {
  return said.flatMap(([ms, v, device = "d1"]) =>
    of.take({ topic: `site/${device}`, payload: JSON.stringify({ ts: T + ms, v }) })
  ).map(({ device, rule, transition, firedAt, at }) =>
    `${device} ${rule} ${transition} ${firedAt - T} ${at - T}`
  );
}

Deno.test("above the limit fires, back at clear resolves, what lies between changes nothing", () => {
  assertEquals(
    news(oracle(HOT), [0, 80], [1, 81], [2, 90], [3, 79], [4, 85], [5, 75.1], [6, 75], [7, 79], [8, 80.5]),
    ["d1 hot firing 1 1", "d1 hot resolved 1 6", "d1 hot firing 8 8"],
  );
});

Deno.test("below the limit mirrors it", () => {
  const cold: AlertRule = { ...HOT, name: "cold", condition: { kind: "below", limit: 5, clear: 8 } };
  assertEquals(
    news(oracle(cold), [0, 5], [1, 4.9], [2, 7], [3, 4], [4, 8]),
    ["d1 cold firing 1 1", "d1 cold resolved 1 4"],
  );
});

Deno.test("it must hold for so long, by event time; a clear reading begins anew, one between does not", () => {
  assertEquals(
    news(
      oracle({ ...HOT, for: 10 }),
      ...[[0, 90], [5, 75], [6, 90], [12, 78], [15, 90], [16, 90], [20, 70]] as const,
    ),
    ["d1 hot firing 16 16", "d1 hot resolved 16 20"],
  );
});

Deno.test("a reading older than the newest of its series says nothing, nor one that is refused; one of the same time is judged", () => {
  const of = oracle(HOT);
  assertEquals(news(of, [10, 20], [9, 90], [11, 900], [12, "90"]), []);
  assertEquals(news(of, [10, 90]), ["d1 hot firing 10 10"]);
});

Deno.test("each rule watches each device by itself", () => {
  const hotter: AlertRule = { ...HOT, name: "hotter", condition: { kind: "above", limit: 90, clear: 90 } };
  assertEquals(
    news(oracle(HOT, hotter, { ...HOT, name: "other", profile: "q" }), [0, 85], [0, 95, "d2"], [1, 80, "d2"]),
    ["d1 hot firing 0 0", "d2 hot firing 0 0", "d2 hotter firing 0 0", "d2 hotter resolved 0 1"],
  );
});

Deno.test("a rule that it does not know is said, not guessed", () => {
  const rules: Partial<AlertRule>[] = [
    { device: "d*" },
    { topic: "site/#" },
    { tags: { a: "b" } },
    { condition: { kind: "silent", silentFor: 1 } },
  ];
  for (const rule of rules) assertThrows(() => oracle({ ...HOT, ...rule }), Error, `not the rule "hot"`);
});
