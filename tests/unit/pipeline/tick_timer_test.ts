import { assertEquals } from "@std/assert";
import { AlertStage } from "../../../src/alerts/mod.ts";
import type { Silence } from "../../../src/model/mod.ts";
import { TickTimer } from "../../../src/pipeline/tick_timer.ts";
import { ManualClock } from "../../support/manual_clock.ts";

const MINUTE = 60_000;

/** A timer whose wall clock can be set; ticks are counted, and taken in by hand. */
class Bench {
  readonly clock = new ManualClock(0);
  readonly alerts = new AlertStage([]);
  readonly awaited = { nextDeadline: Infinity, alerts: this.alerts };
  readonly inbox = { writable: true, ticks: 0, tick: (): number => ++this.inbox.ticks };
  readonly time = { elapsed: 0, running: false, wall: 0 };
  readonly timer = new TickTimer({
    inbox: this.inbox,
    after: (ms, fire) => this.clock.after(ms, fire),
    time: this.time,
  });

  silence(since: number, until: number): void {
    const silence: Silence = {
      ...{ id: `${until}`, rule: null, device: "*", reason: null, by: "anna" },
      ...{ since, until },
    };
    this.alerts.silence(silence);
    this.timer.arm(this.awaited);
  }

  /** Time passes, second by second. */
  pass(ms: number): void {
    for (let left = ms; left > 0; left -= 1_000) {
      this.time.wall += 1_000;
      this.clock.advance(1_000);
    }
  }

  /** The tick is durable, and the river has taken it in. */
  taken(): void {
    this.alerts.endSilences(this.time.wall, () => {});
    this.timer.taken();
    this.timer.arm(this.awaited);
  }
}

Deno.test("the end of a silence is a tick by the wall clock, also while journal time stands still", () => {
  const bench = new Bench();
  bench.silence(0, 10 * MINUTE);
  bench.pass(10 * MINUTE - 1_000);
  assertEquals(bench.inbox.ticks, 0);
  bench.pass(1_000);
  assertEquals(bench.inbox.ticks, 1);
  bench.taken();
  bench.pass(60 * MINUTE);
  assertEquals(bench.inbox.ticks, 1, "nothing ends any more");
});

Deno.test("a silence that ends before the one that is waited for is not kept waiting", () => {
  const bench = new Bench();
  bench.silence(0, 10 * MINUTE);
  bench.silence(0, 5_000);
  bench.pass(5_000);
  assertEquals(bench.inbox.ticks, 1);
  bench.taken();
  bench.pass(10 * MINUTE);
  assertEquals(bench.alerts.silences.due(bench.time.wall), true);
  bench.taken();
  assertEquals(bench.alerts.silences.all, []);
});

Deno.test("a wall clock that is set is looked at within a minute, whichever way it went", () => {
  const ahead = new Bench();
  ahead.silence(0, 24 * 60 * MINUTE);
  ahead.time.wall = 25 * 60 * MINUTE;
  ahead.pass(MINUTE);
  assertEquals(ahead.inbox.ticks, 1);

  const back = new Bench();
  const year = 365 * 24 * 60 * MINUTE;
  back.time.wall = year;
  back.silence(year, year + MINUTE);
  back.time.wall = 0;
  back.pass(MINUTE);
  assertEquals(back.inbox.ticks, 1, "A18");
  back.taken();
  assertEquals(back.alerts.silences.all, []);
});

Deno.test("where the inbox takes nothing in, the tick is tried again until it does", () => {
  const bench = new Bench();
  bench.inbox.writable = false;
  bench.silence(0, 5_000);
  bench.pass(20_000);
  assertEquals(bench.inbox.ticks, 0);
  bench.inbox.writable = true;
  bench.pass(1_000);
  assertEquals(bench.inbox.ticks, 1);
  bench.taken();
  bench.pass(20_000);
  assertEquals(bench.inbox.ticks, 1);
});

Deno.test("a timer that was disarmed waits for nothing", () => {
  const bench = new Bench();
  bench.silence(0, 5_000);
  bench.timer.disarm();
  bench.pass(20_000);
  assertEquals(bench.inbox.ticks, 0);
});
