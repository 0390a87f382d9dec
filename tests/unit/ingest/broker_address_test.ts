import { assertEquals, assertThrows } from "@std/assert";
import { parseBrokerAddress } from "../../../src/ingest/broker_address.ts";

Deno.test("a broker's address is taken apart, with the standard port of its scheme", () => {
  const found = ["mqtt://h", "mqtts://h", "ws://h", "wss://h"].map((url) => {
    const { scheme, host, port, path, secure } = parseBrokerAddress(url);
    return [scheme, host, port, path, secure];
  });
  assertEquals(found, [
    ["mqtt", "h", 1883, "/", false],
    ["mqtts", "h", 8883, "/", true],
    ["ws", "h", 80, "/", false],
    ["wss", "h", 443, "/", true],
  ]);
});

Deno.test("a WebSocket's path and query are kept, and the query is not shown", () => {
  const address = parseBrokerAddress("wss://h:9001/mqtt?key=secret");
  assertEquals(address.path, "/mqtt?key=secret");
  assertEquals(address.text, "wss://h:9001/mqtt");
});

Deno.test("an IPv6 address loses its brackets where it is dialled, not where it is shown", () => {
  const address = parseBrokerAddress("mqtt://[::1]:1884");
  assertEquals([address.host, address.text], ["::1", "mqtt://[::1]:1884"]);
});

Deno.test("credentials in the URL are never shown", () => {
  assertEquals(parseBrokerAddress("mqtt://user:secret@h").text, "mqtt://h:1883");
  const error = assertThrows(() => parseBrokerAddress("http://user:secret@h"), TypeError, "mqtt://");
  assertEquals(error.message.includes("secret"), false);
});
