import { assertEquals } from "@std/assert";
import { JournalTime } from "../../../src/buffer/mod.ts";

/** Two clocks that a test moves. */
class Clocks {
  wallNow = Date.UTC(2027, 0, 1);
  monotonicNow = 1_000.25;
  wall = (): number => this.wallNow;
  monotonic = (): number => this.monotonicNow;
  pass(ms: number): void {
    this.wallNow += ms;
    this.monotonicNow += ms;
  }
}

function started(elapsed = 0): { clocks: Clocks; time: JournalTime } {
  const clocks = new Clocks();
  const time = new JournalTime(clocks);
  time.continueAt(elapsed);
  time.run(true);
  return { clocks, time };
}

Deno.test("journal time runs with the monotonic clock while the gateway is subscribed, in whole ms", () => {
  const { clocks, time } = started();
  clocks.pass(1_500.7);
  assertEquals([time.elapsed, time.running], [1_500, true]);
});

Deno.test("it stands still while the gateway is not subscribed", () => {
  const { clocks, time } = started();
  clocks.pass(1_000);
  time.run(false);
  clocks.pass(3_600_000);
  assertEquals([time.elapsed, time.running], [1_000, false]);
  time.run(true);
  clocks.pass(500);
  assertEquals(time.elapsed, 1_500);
});

Deno.test("it goes on over a restart from where the newest record stood", () => {
  const { clocks, time } = started(86_400_000);
  assertEquals(time.elapsed, 86_400_000);
  clocks.pass(10);
  assertEquals(time.elapsed, 86_400_010);
});

Deno.test("saying again that it runs changes nothing", () => {
  const { clocks, time } = started();
  clocks.pass(700);
  time.run(true);
  clocks.pass(700);
  assertEquals(time.elapsed, 1_400);
});

Deno.test("a wall clock that steps moves no journal time, in either direction", () => {
  for (const step of [86_400_000, -86_400_000]) {
    const { clocks, time } = started();
    clocks.pass(1_000);
    clocks.wallNow += step;
    assertEquals(time.elapsed, 1_000);
    assertEquals(time.stamp(), { receivedAt: clocks.wallNow, elapsed: 1_000, implausible: true });
  }
});

Deno.test("a step is doubted for a minute, and then the clock is believed again", () => {
  const { clocks, time } = started();
  assertEquals(time.doubt, undefined);
  clocks.wallNow += 5_001;
  assertEquals(time.doubt, "stepped");
  clocks.pass(59_999);
  assertEquals(time.stamp().implausible, true);
  clocks.pass(1);
  assertEquals([time.doubt, time.stamp().implausible], [undefined, false]);
});

Deno.test("small corrections, as time synchronisation makes them, are no step", () => {
  const { clocks, time } = started();
  clocks.wallNow += 4_000;
  assertEquals(time.doubt, undefined);
});

Deno.test("a wall clock before the gateway existed is not believed however long it runs", () => {
  const { clocks, time } = started();
  clocks.wallNow = Date.UTC(1970, 0, 1);
  assertEquals(time.doubt, "before_build");
  clocks.pass(3_600_000);
  assertEquals([time.doubt, time.stamp().implausible], ["before_build", true]);
});

Deno.test("with a pulse, a process that stood still finds that hardly any journal time has passed", () => {
  const { clocks, time } = started();
  const run = (ms: number): void => {
    for (let passed = 0; passed < ms; passed += 500) {
      clocks.pass(500);
      time.pulse();
    }
  };
  time.pulse();
  run(10_000);
  assertEquals(time.elapsed, 10_000);
  clocks.pass(3_600_000);
  assertEquals(time.stamp().elapsed, 10_500);
  run(1_000);
  assertEquals(time.elapsed, 11_500);
});

Deno.test("with a pulse, journal time never falls, wherever the process stood still", () => {
  const { clocks, time } = started();
  let newest = 0;
  for (const ms of [0, 500, 1_900, 0, 2_001, 10, 5_000, 499, 60_000]) {
    clocks.pass(ms);
    if (ms % 2 === 0) time.pulse();
    const { elapsed } = time;
    assertEquals(elapsed >= newest, true, `${elapsed} after ${newest}`);
    newest = elapsed;
  }
});
