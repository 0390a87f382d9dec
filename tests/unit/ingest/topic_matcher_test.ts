import { assertEquals, assertThrows } from "@std/assert";
import { TopicMatcher } from "../../../src/ingest/topic_matcher.ts";

Deno.test("a topic belongs to the filters as MQTT says, asked once or twice", () => {
  const matcher = new TopicMatcher(["site/+/t", "x/#"]);
  for (let round = 0; round < 2; round++) {
    const found = ["site/1/t", "site/1/u", "x", "x/y/z", "$SYS/a"].map((topic) => matcher.matches(topic));
    assertEquals(found, [true, false, true, true, false]);
  }
});

Deno.test("a device that invents topics does not fill the memory", () => {
  const matcher = new TopicMatcher(["a/#"]);
  for (let n = 0; n < 60_000; n++) matcher.matches(`b/${n}`);
  assertEquals([matcher.matches("a/1"), matcher.matches("b/1")], [true, false]);
});

Deno.test("a filter that is none is refused", () => {
  assertThrows(() => new TopicMatcher(["a/#/b"]), TypeError, '"a/#/b"');
});
