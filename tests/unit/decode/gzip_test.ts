import { assert, assertEquals } from "@std/assert";
import { gzipSync } from "node:zlib";
import { recordsOf, refusalOf, refuses } from "./decoding.ts";

const GZIP = { compression: "gzip" } as const;

Deno.test("gzip: a payload is read as if it had not been compressed", () => {
  assertEquals(recordsOf("json", gzipSync('{"a":1}'), GZIP), recordsOf("json", '{"a":1}'));
  assertEquals(recordsOf("line_protocol", gzipSync("m a=1"), GZIP), recordsOf("line_protocol", "m a=1"));
  const cbor = Uint8Array.of(0xa1, 0x61, 0x61, 0x01);
  assertEquals(recordsOf("cbor", gzipSync(cbor), GZIP), recordsOf("cbor", cbor));
});

Deno.test("gzip: the limit counts the bytes that come out, to the byte", () => {
  const payload = gzipSync(`{"a":"${"x".repeat(1_000)}"}`);
  assert(payload.length < 100);
  assertEquals(recordsOf("json", payload, { ...GZIP, limits: { payload: 1_008 } }).length, 1);
  assertEquals(refusalOf("json", payload, { ...GZIP, limits: { payload: 1_007 } }), {
    reason: "payload_too_large",
    found: "more than 1007 bytes after gzip",
    allowed: "at most 1007 bytes",
  });
});

refuses("json", [
  ["what is not compressed", '{"a":1}', "undecodable", GZIP],
  ["nothing", "", "undecodable", GZIP],
  ["a compressed payload that ends early", gzipSync('{"a":1}').subarray(0, 15), "undecodable", GZIP],
  ["a compressed payload with a wrong checksum", broken(gzipSync('{"a":1}')), "undecodable", GZIP],
  ["bytes behind a compressed payload", Uint8Array.of(...gzipSync('{"a":1}'), 1, 2, 3), "undecodable", GZIP],
  ["compressed bytes beyond the limit", gzipSync("1"), "payload_too_large", {
    ...GZIP,
    limits: { payload: 10 },
  }],
  ["gzip that holds gzip", gzipSync(gzipSync('{"a":1}')), "undecodable", GZIP],
]);

function broken(payload: Uint8Array): Uint8Array {
  const at = payload.length - 6;
  return payload.map((byte, index) => index === at ? byte ^ 0xff : byte);
}

Deno.test("gzip: 200 KB that stand for 200 MB are refused without being expanded", () => {
  const bomb = gzipSync(new Uint8Array(200_000_000));
  assert(bomb.length < 256 * 1024);
  const before = Deno.memoryUsage();
  assertEquals(refusalOf("json", bomb, GZIP).reason, "payload_too_large");
  const after = Deno.memoryUsage();
  assert(after.rss - before.rss < 50_000_000, `${after.rss - before.rss} bytes were taken`);
});
