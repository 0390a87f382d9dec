import { assert, assertEquals } from "@std/assert";
import { Keyring, tagger, type Tagging, TopicRedactor } from "../../../src/enrich/mod.ts";
import { keyIdOf, parseTemplate, type Redaction } from "../../../src/model/mod.ts";

const MASTER = "a master key that nobody can guess, 48 characters";
const HASHER = (() => {
  const keyring = new Keyring();
  keyring.add(keyIdOf(MASTER), MASTER);
  return keyring.hasher({ keyId: keyIdOf(MASTER), rotate: null, keepRefusedPayloads: false });
})();

function tag(
  topic: string,
  redact: Readonly<Record<string, Redaction>>,
  template = "site/{person}/{device}/+",
): Tagging | undefined {
  const parsed = parseTemplate(template);
  assert(!("reason" in parsed));
  const rule = { topic: template, profile: "p", format: "json", tags: {}, redact } as const;
  return tagger(rule, parsed, new TopicRedactor(parsed, redact, HASHER))(topic);
}

Deno.test("R7 R10 R14 redacted levels are replaced in tags and topic; the hash of the device is the device", () => {
  const hash = HASHER.lasting("phone-7", 16);
  const redact = { person: { kind: "drop" }, device: { kind: "hash", digits: 16 } } as const;
  assertEquals(tag("site/alice/phone-7/x", redact), {
    ok: true,
    device: hash,
    tags: [["device", hash]],
    topic: `site/[dropped]/${hash}/x`,
  });
  assertEquals(tag("site/alice/phone-7/x", { person: { kind: "mask", keep: 2 } }), {
    ok: true,
    device: "phone-7",
    tags: [["device", "phone-7"], ["person", "***ce"]],
    topic: "site/***ce/phone-7/x",
  });
});

Deno.test("R14 a level that cannot be a tag is refused in its redacted form", () => {
  const found = tag("site/al\u0001ce\\/phone-7/x", { person: { kind: "mask", keep: 3 } });
  assert(found !== undefined && !found.ok);
  assertEquals(found.refusal.found, "***ce\\");
  assertEquals(found.topic, "site/***ce\\/phone-7/x");
  // What is hashed can be any text, but not none.
  assertEquals(tag("site/al\u0001ce\\/phone-7/x", { person: { kind: "hash", digits: 16 } })?.ok, true);
  assertEquals(tag("site//phone-7/x", { person: { kind: "hash", digits: 16 } })?.ok, false);
});

Deno.test("a topic that does not match is still no topic of the subscription", () => {
  assertEquals(tag("site/alice/phone-7", { person: { kind: "drop" } }), undefined);
});
