import { assertEquals } from "@std/assert";
import { Buffer } from "node:buffer";
import { Copies } from "../../../src/ingest/copies.ts";

/** What a run of packets (`topic payload identifiers`) is taken for. */
function judge(...run: readonly string[]): boolean[] {
  const copies = new Copies();
  return run.map((line) => {
    const [topic = "", text = "", list] = line.split(" ");
    const numbers = list?.split(",").map(Number);
    const [first = 0] = numbers ?? [];
    const subscriptionIdentifier = numbers?.length === 1 ? first : numbers;
    return copies.isCopy({
      cmd: "publish",
      topic,
      payload: Buffer.from(text),
      qos: 1,
      dup: false,
      retain: false,
      ...(subscriptionIdentifier === undefined ? {} : { properties: { subscriptionIdentifier } }),
    });
  });
}

Deno.test("the same content under another identifier is a copy, for each further filter", () => {
  assertEquals(judge("t 1 1", "t 1 2", "t 1 3"), [false, true, true]);
});

Deno.test("a device that says the same thing twice sends two messages", () => {
  assertEquals(judge("t 1 1", "t 1 2", "t 1 1", "t 1 2"), [false, true, false, true]);
  assertEquals(judge("t 1 1", "t 1 1"), [false, false]);
});

Deno.test("a broker that sends one message with all identifiers sends no copies", () => {
  assertEquals(judge("t 1 1,2", "t 1 1,2"), [false, false]);
});

Deno.test("another topic, another payload, no identifier: a message", () => {
  assertEquals(judge("t 1 1", "u 1 2", "u 2 3", "u 2", "u 2 4"), [false, false, false, false, false]);
});
