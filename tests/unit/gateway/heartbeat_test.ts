import { assertEquals } from "@std/assert";
import { type Flow, Heartbeat } from "../../../src/gateway/mod.ts";

const WELL: Flow = { running: true, failed: false, position: 7, durable: 7, text: "well" };

/** Whether each of some looks, one after the other, finds the gateway healthy. */
function beats(flows: readonly Partial<Flow>[]): boolean[] {
  let flow = WELL;
  const heartbeat = new Heartbeat(() => flow);
  return flows.map((each) => {
    flow = { ...WELL, ...each };
    return heartbeat.look().healthy;
  });
}

Deno.test("a gateway with nothing to do is healthy, however long", () => {
  assertEquals(beats([{}, {}, {}]), [true, true, true]);
});

Deno.test("a driver that is behind and moves is healthy, one that stands is not, and may recover", () => {
  assertEquals(beats([{ position: 7, durable: 9 }, { position: 8, durable: 12 }]), [true, true]);
  assertEquals(beats([{ durable: 9 }, { durable: 9 }, { position: 9, durable: 9 }]), [true, false, true]);
});

Deno.test("a failed stage is ill at once; a replay or a stop is not judged", () => {
  assertEquals(beats([{ failed: true }]), [false]);
  assertEquals(beats([{ running: false, durable: 9 }, { running: false, durable: 9 }]), [true, true]);
});
