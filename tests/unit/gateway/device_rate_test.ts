import { assertEquals } from "@std/assert";
import { rateOf } from "../../../src/gateway/views/devices.ts";

Deno.test("a device's rate is that of its messages, and no more than its silence since the last one allows", () => {
  assertEquals(rateOf({ interval: null, lastSeen: 0 }, 1_000), 0);
  assertEquals(rateOf({ interval: 100, lastSeen: 1_000 }, 1_050), 10);
  assertEquals(rateOf({ interval: 100, lastSeen: 1_000 }, 21_000), 0.05);
  assertEquals(rateOf({ interval: 100, lastSeen: 1_000 }, 500), 10, "a clock that was set back");
});
