import { assertEquals } from "@std/assert";
import { encode as encodeCbor } from "cborg";
import fc from "fast-check";
import { matchTopic, nameProblem, parseTemplate } from "../../src/model/mod.ts";
import { learnedOf, learnerOf, rulesOf, type Sent, taken } from "../unit/learn/learning.ts";

const awkward = fc.constantFrom(
  ...[
    "temperature",
    "temperature_mean",
    "time",
    "ts",
    "seq",
    "device",
    "field",
    "site",
    "true",
    "null",
    "a.b",
    'a"b',
  ],
  ...[
    "${HOME}",
    "$${x}",
    "a[0]",
    "__proto__",
    "constructor",
    "toString",
    "#x",
    "- y",
    "k: v",
    "{a}",
    "é",
    "0x10",
    "1e5",
  ],
);
const word = fc.oneof(
  awkward,
  fc.stringMatching(/^[a-z]{1,6}(-\d{1,3})?$/),
  fc.string({ unit: "binary", maxLength: 8 }),
);
// A broker takes no wildcard in the topic of a message.
const level = word.map((text) => text.replaceAll(/[+#/\0]/g, "_"));
const topic = fc.array(level, { minLength: 1, maxLength: 5 }).map((parts) => parts.join("/")).filter((text) =>
  text !== "" && !text.startsWith("$")
);
const scalar = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  word,
  fc.constant(null),
);
const { record } = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, scalar, fc.array(scalar, { maxLength: 4 }), tie("record")),
  record: fc.dictionary(word, tie("value"), { maxKeys: 6 }),
}));
const payload = fc.oneof(
  record.map((value) => JSON.stringify(value)),
  record.map((value) => encodeCbor(value)),
  fc.array(record, { maxLength: 3 }).map((value) => JSON.stringify(value)),
  scalar.map(String),
  fc.uint8Array({ maxLength: 40 }),
  fc.tuple(word, word, fc.integer()).map(([name, key, value]) => `${name} ${key}=${value}`),
);
const kind = fc.tuple(fc.array(topic, { minLength: 1, maxLength: 4 }), payload);
const traffic = fc.uniqueArray(kind, { maxLength: 6, selector: ([topics]) => topics[0] })
  .map((kinds) =>
    kinds.flatMap(([topics, sent]) =>
      topics.flatMap((one) => Array.from({ length: 5 }, (): Sent => [one, sent]))
    )
  );

/** Why messages that something was learned from may be refused: they hold nothing, or a topic that can be no tag. */
const FITTING: ReadonlySet<string> = new Set(["no_readings", "bad_tag", "undecodable"]);

/** Whatever was seen, the loader takes all that is proposed for it at once, and it takes the topics that it is for. */
async function loads(sent: readonly Sent[]): Promise<void> {
  const proposals = learnedOf(learnerOf(sent)).filter(({ profileYaml }) => profileYaml !== "");
  if (proposals.length === 0) return;
  const rules = await rulesOf(...proposals);
  const { subscriptions } = rules;
  const wrong = taken(rules, sent).refused.filter(({ what }) => what === "message");
  assertEquals(wrong.map(({ refusal }) => refusal).filter(({ reason }) => !FITTING.has(reason)), []);
  for (const { exampleTopic, devices } of proposals) {
    // A level that can be no tag, or that no template can name, makes no subscription where each topic has its own.
    if (exampleTopic.split("/").some((part) => nameProblem(part) !== undefined || /[{}]/.test(part))) {
      continue;
    }
    const taken = subscriptions.some(({ topic: text }) => {
      const template = parseTemplate(text);
      return !("reason" in template) && matchTopic(template, exampleTopic) !== undefined;
    });
    assertEquals([exampleTopic, taken, devices >= 1], [exampleTopic, true, true]);
  }
}

Deno.test("N14: every proposal is valid, whatever it was learned from", async () => {
  await fc.assert(fc.asyncProperty(traffic, loads), { numRuns: 300 });
});

Deno.test("N14, seed 810293061: a device called ${HOME} had no entry where each topic has its own", async () => {
  const topics = ["a-0/${HOME}", "a-1/temperature", "temperature/temperature"];
  await loads(
    topics.flatMap((one) =>
      Array.from({ length: 5 }, (): Sent => [one, one.startsWith("a-") ? "temperature a=0" : "!"])
    ),
  );
});

Deno.test("N14, seed 1068166457: a kind whose only word is a number was called by it", async () => {
  await loads(
    ["a", "b"].flatMap((one) => Array.from({ length: 5 }, (): Sent => [one, '{"\u0080":[false]}'])),
  );
});

Deno.test("N14, seed -290799064: ${HOME} in a path was taken for a variable", async () => {
  await loads(Array.from({ length: 5 }, (): Sent => ["/", '{"a":{"${HOME}":"a"}}']));
});
