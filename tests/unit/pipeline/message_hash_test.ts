import { assertEquals } from "@std/assert";
import { messageHash, topicHash } from "../../../src/pipeline/message_hash.ts";
import { messageOf } from "./river_bench.ts";

Deno.test("equal messages have equal hashes, others other ones, short and long", () => {
  const long = "y".repeat(300);
  const hash = (payload: string, topic = "t"): number =>
    messageHash(messageOf(topic, payload), topicHash(topic));
  const hashes = [
    hash("a"),
    hash("b"),
    hash("a", "u"),
    hash(""),
    hash(long),
    hash(`${long}z`),
    hash(long, "u"),
  ];
  assertEquals(new Set(hashes).size, hashes.length);
  assertEquals(hash("a"), hash("a"));
  assertEquals(hash(long), hash(long));
  for (const each of hashes) assertEquals(each, each | 0, "a signed number of 32 bits");
});

Deno.test("the hash is FNV-1a: the test vectors of its authors", () => {
  // draft-eastlake-fnv, appendix C: "" 811c9dc5, "a" e40c292c, "foobar" bf9cf968.
  assertEquals(topicHash("") >>> 0, 0x811c9dc5);
  assertEquals(topicHash("a") >>> 0, 0xe40c292c);
  assertEquals(topicHash("foobar") >>> 0, 0xbf9cf968);
});
