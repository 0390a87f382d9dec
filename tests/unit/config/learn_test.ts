import { assertEquals } from "@std/assert";
import { loadConfig } from "../../../src/config/mod.ts";
import { judged, memorySources, small } from "./memory_sources.ts";

async function learn(text: string): Promise<readonly string[] | undefined> {
  const loaded = await loadConfig("gateway.yaml", memorySources(small(text)));
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.rules.learn;
}

Deno.test("learn is off, on for everything, or on for some topics", async () => {
  assertEquals(await learn(""), undefined);
  assertEquals(await learn("learn: false\n"), undefined);
  assertEquals(await learn("learn: true\n"), ["#"]);
  assertEquals(await learn('learn: { topics: ["hall/+/x", "yard/#"] }\n'), ["hall/+/x", "yard/#"]);
});

Deno.test("who learns may begin without a subscription", async () => {
  const files = { "devices/profiles/room.yaml": "profile: room\nfields: { t: { type: float } }\n" };
  assertEquals(await judged({ ...files, "gateway.yaml": "learn: true\n" }), ["valid"]);
  assertEquals(await judged({ ...files, "gateway.yaml": "learn: true\nsubscriptions: []\n" }), ["valid"]);
  assertEquals(await judged({ ...files, "gateway.yaml": "learn: false\n" }), [
    "gateway.yaml:1:1 subscriptions: A required key is missing, allowed a list",
  ]);
});

Deno.test("learn with what is no filter is refused", async () => {
  assertEquals(await judged(small('learn: { topics: ["hall/{device}"] }\n')), [
    'gateway.yaml:3:19 learn.topics[0]: The topic cannot be understood, found "hall/{device}", allowed a topic filter: + for one level, # at the end',
  ]);
  assertEquals(await judged(small("learn: { topics: [] }\n")), [
    "gateway.yaml:3:18 learn.topics: The value is empty, allowed at least one",
  ]);
  assertEquals(await judged(small("learn: yes\n")), [
    'gateway.yaml:3:8 learn: The value has the wrong type, found "yes", allowed true or false or a mapping of keys',
  ]);
});
