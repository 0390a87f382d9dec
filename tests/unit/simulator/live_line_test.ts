import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { liveText, type Look } from "../../../devices/simulator/live_line.ts";
import { emptyLedger } from "../../../src/model/mod.ts";

function look(): Look {
  const ledger = emptyLedger();
  Object.assign(ledger.messages, { received: 4_192, processed: 1_766 });
  Object.assign(ledger.readings, {
    decoded: 12_121,
    delivered: 8_581,
    open: 2_993,
    waiting: 8,
    unchanged: 539,
  });
  return {
    phase: "outage",
    elapsed: 75_400,
    fleet: { published: 4_213, acknowledged: 4_212, foreign: 0 },
    ledger,
    backlog: { points: 74, bytes: 2_533, oldestMs: 2_095 },
    databaseHere: false,
  };
}

Deno.test("the live line says where everything is", () => {
  assertEquals(
    liveText(look()),
    "01:15 outage  · published 4,213 · acknowledged 4,212 · processed 1,766 · readings 12,121 = 8,581 delivered + " +
      "3,001 on the way + 539 unchanged · 74 points wait (2.5 KiB) · database away",
  );
});

Deno.test("on a terminal of any width it takes one row, and says what matters as long as it fits", () => {
  for (let columns = 2; columns <= 220; columns++) {
    const line = liveText(look(), columns);
    assert(line.length < columns, `${columns}: ${line}`);
    if (columns < 80) continue;
    assertStringIncludes(line, "01:15 outage");
    assertStringIncludes(line, "74 points wait (2.5 KiB)");
  }
});
