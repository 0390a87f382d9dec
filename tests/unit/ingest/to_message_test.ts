import { assertEquals } from "@std/assert";
import { Buffer } from "node:buffer";
import { KEPT_OF_OVERSIZED, toMessage } from "../../../src/ingest/to_message.ts";

function packet(payload: Buffer | string): Parameters<typeof toMessage>[0] {
  return { cmd: "publish", topic: "a/b", payload, qos: 1, dup: true, retain: true, messageId: 7 };
}

Deno.test("a PUBLISH becomes a record with its connection, identifier and flags", () => {
  const message = toMessage(packet(Buffer.from("42")), 3, 7, 1_000);
  assertEquals({ ...message, payload: "42" }, {
    topic: "a/b",
    payload: "42",
    connection: 3,
    packetId: 7,
    dup: true,
    retain: true,
    userProperties: [],
  });
});

Deno.test("user properties become pairs, also where a name is repeated", () => {
  const properties = { userProperties: { unit: "degC", tag: ["a", "b"] } };
  const message = toMessage({ ...packet("1"), properties }, 1, 1, 10);
  assertEquals(message.userProperties, [["unit", "degC"], ["tag", "a"], ["tag", "b"]]);
});

Deno.test("of an oversized payload 64 KiB and the whole size are kept", () => {
  const message = toMessage(packet(Buffer.alloc(300_000, 1)), 1, 1, 256 * 1024);
  assertEquals([message.payload.length, message.originalBytes], [KEPT_OF_OVERSIZED, 300_000]);
  const small = toMessage(packet(Buffer.alloc(101, 1)), 1, 1, 100);
  assertEquals([small.payload.length, small.originalBytes], [100, 101]);
  assertEquals(toMessage(packet(Buffer.alloc(100)), 1, 1, 100).originalBytes, undefined);
});
