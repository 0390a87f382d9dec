import { assertEquals } from "@std/assert";
import { BrokerDropped } from "../../../src/ingest/broker_dropped.ts";

Deno.test("what the broker dropped is counted from the first look on, also over its restart", () => {
  const dropped = new BrokerDropped();
  assertEquals(dropped.total, undefined);
  assertEquals(["100", "103", "103", "2", "5"].map((figure) => dropped.look(figure)), [0, 3, 0, 2, 3]);
  assertEquals(dropped.total, 8);
});

Deno.test("what was dropped while no process looked is counted from the figure that was read last", () => {
  const dropped = new BrokerDropped(100);
  assertEquals([dropped.total, dropped.figure], [undefined, 100]);
  assertEquals([dropped.look("130"), dropped.total, dropped.figure], [30, 30, 130]);
  // The broker restarted meanwhile: all of its figure is new.
  const restarted = new BrokerDropped(100);
  assertEquals([restarted.look("7"), restarted.total], [7, 7]);
});

Deno.test("a figure that is none is not counted", () => {
  const dropped = new BrokerDropped();
  assertEquals(["x", "", "-1", "1e9"].map((figure) => dropped.look(figure)), [0, 0, 0, 0]);
  assertEquals(dropped.total, undefined);
});
