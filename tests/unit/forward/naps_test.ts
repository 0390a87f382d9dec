import { assertEquals } from "@std/assert";
import { Naps } from "../../../src/forward/naps.ts";
import { ManualClock } from "../../support/manual_clock.ts";

Deno.test("a nap ends with its time, with data where it minds data, and with a wake-up always", async () => {
  const clock = new ManualClock();
  const naps = new Naps(clock);
  const timed = naps.sleep(100, false);
  naps.wakeForData();
  clock.advance(100);
  assertEquals(await timed, "time");
  const woken = naps.sleep(100, false);
  naps.wake();
  assertEquals(await woken, "woken");
});

Deno.test("a wake-up that comes before the nap is not lost", async () => {
  const naps = new Naps(new ManualClock());
  naps.wakeForData();
  assertEquals(await naps.sleep(Infinity, true), "data");
  naps.wake();
  assertEquals(await naps.sleep(Infinity, false), "woken");
  const endless = naps.sleep(Infinity, true);
  naps.wakeForData();
  assertEquals(await endless, "data");
});
