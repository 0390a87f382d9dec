import { assert, assertEquals, assertNotEquals } from "@std/assert";
import fc from "fast-check";
import { probeTopic } from "../../../src/ingest/probe_topic.ts";
import { covers } from "../../../src/ingest/filters.ts";

Deno.test("the topic names the client, and one access rule covers all of them", () => {
  assertEquals(probeTopic("sluice-plant-1"), "sluice/probe/sluice-plant-1");
  assert(covers("sluice/probe/#", probeTopic("x")));
});

Deno.test("any client id gives a topic of one level more, without wildcards, and its own", () => {
  const id = fc.string({ unit: "binary", minLength: 1 });
  fc.assert(fc.property(id, id, (one, other) => {
    const topic = probeTopic(one);
    assertEquals(topic.split("/").length, 3);
    assert(!/[+#\0]/.test(topic), topic);
    assert(covers("sluice/probe/+", topic));
    if (one.toWellFormed() !== other.toWellFormed()) assertNotEquals(topic, probeTopic(other));
  }));
  assertEquals(probeTopic("a/+/#\ud800"), "sluice/probe/a%2F%2B%2F%23%EF%BF%BD");
});
