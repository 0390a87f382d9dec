import { assertEquals } from "@std/assert";
import { Buffer } from "node:buffer";
import { generate, parser } from "mqtt-packet";
import { pubacks } from "../../../src/ingest/deferred_acks.ts";

const IDS = [1, 255, 256, 65_535];

Deno.test("PUBACKs in one buffer are the bytes that mqtt-packet makes one by one", () => {
  const expected = Buffer.concat(IDS.map((messageId) => generate({ cmd: "puback", messageId })));
  assertEquals([...pubacks(Uint16Array.from(IDS))], [...expected]);
});

Deno.test("MQTT 5 reads the short PUBACK as success", () => {
  const read = parser({ protocolVersion: 5 });
  const found: unknown[] = [];
  read.on("packet", (packet) => {
    if (packet.cmd === "puback") found.push([packet.messageId, packet.reasonCode ?? 0]);
  });
  read.parse(Buffer.from(pubacks(Uint16Array.from(IDS))));
  assertEquals(found, IDS.map((id) => [id, 0]));
});
