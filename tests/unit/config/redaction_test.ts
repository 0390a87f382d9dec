/**
 * Redaction in the configuration: what it becomes in the rules, and what is refused.
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { loadConfig, redact, renderProblem } from "../../../src/config/mod.ts";
import {
  derivedKey,
  keyedHash,
  keyIdOf,
  LASTING,
  type Redaction,
  type Rules,
} from "../../../src/model/mod.ts";
import { judged, memorySources, small } from "./memory_sources.ts";
import { refuses } from "./refuses.ts";

const KEY = "0123456789abcdef0123456789abcdef";
const FILES = { "key": `${KEY}\n` };

async function rulesOf(files: Readonly<Record<string, string>>): Promise<Rules> {
  const loaded = await loadConfig("gateway.yaml", memorySources(files));
  assert(loaded.ok, loaded.ok ? "" : loaded.problems.map(renderProblem).join("\n"));
  assertEquals(JSON.stringify([loaded.rules, redact(loaded.config)]).includes(KEY), false);
  return loaded.rules;
}

const KINDS: readonly [string, string, Redaction][] = [
  ["string", "hash", { kind: "hash", digits: 16 }],
  ["string", "{ hash: { digits: 32 } }", { kind: "hash", digits: 32 }],
  ["string", "{ hash: {} }", { kind: "hash", digits: 16 }],
  ["string", "mask", { kind: "mask", keep: 4 }],
  ["string", "{ mask: { keep: 2 } }", { kind: "mask", keep: 2 }],
  ["boolean", "drop", { kind: "drop" }],
  ["float", "{ generalise: { to: 0.01 } }", { kind: "grid", to: 0.01 }],
  ["int", "{ generalise: { to: 100 } }", { kind: "grid", to: 100 }],
  ["string", "{ generalise: { to: 1h } }", { kind: "span", to: 3_600_000, unit: "iso8601" }],
  ["int", "{ generalise: { to: 1h, unit: s } }", { kind: "span", to: 3_600_000, unit: "s" }],
];

Deno.test("each way to redact a field is read into the rules, which hold no key but its id", async () => {
  for (const [type, text, expected] of KINDS) {
    const room = `profile: room\nfields:\n  f: { type: ${type}, redact: ${text} }\n`;
    const rules = await rulesOf({
      ...small("privacy: { key_file: key, rotate: 30d }\n", FILES),
      "devices/profiles/room.yaml": room,
    });
    assertEquals(rules.profiles["room"]?.fields[0]?.redact, expected, text);
    assertEquals(rules.privacy, { keyId: keyIdOf(KEY), rotate: 2_592_000_000, keepRefusedPayloads: false });
  }
});

Deno.test("without redaction the rules say nothing of it", async () => {
  const rules = await rulesOf(small(""));
  assertEquals(JSON.stringify(rules).includes("redact") || JSON.stringify(rules).includes("privacy"), false);
});

Deno.test("tags are redacted by the subscription, else by its profile; a static tag when it is read", async () => {
  const rules = await rulesOf({
    "gateway.yaml": `subscriptions:
  - topic: "site/{person}/{device}"
    profile: room
    tags: { owner: alice, phone: "0123456", note: plain, gone: bob }
    redact_tags: { device: hash, person: hash }
privacy: { key_file: key }
`,
    "devices/profiles/room.yaml": `profile: room
fields: { temperature: { type: float } }
redact_tags: { person: drop, owner: hash, phone: mask, gone: drop, elsewhere: mask }
`,
    ...FILES,
  });
  const [one] = rules.subscriptions;
  const hash = { kind: "hash", digits: 16 } as const;
  assertEquals(one?.redact, { person: hash, device: hash });
  const owner = keyedHash(derivedKey(KEY, LASTING), "alice", 16);
  assertEquals(one?.tags, { owner, phone: "***3456", note: "plain" });
});

Deno.test("a level that is dropped or masked deserves a look: its series become one", async () => {
  const found = await judged({
    "gateway.yaml": `subscriptions:
  - { topic: "site/{person}/{device}", profile: room, redact_tags: { person: drop } }
`,
    "devices/profiles/room.yaml": `profile: room\nfields: { temperature: { type: float } }\n`,
  });
  assertEquals(found, [
    "valid",
    'gateway.yaml:2:14 subscriptions[0].topic: Series that differ in this tag alone become one, found "person", ' +
    "hash keeps them apart; with drop the readings of one device are taken together",
  ]);
});

Deno.test("a rule that compares with a hashed text deserves a look", async () => {
  const found = await judged({
    ...small(
      `privacy: { key_file: key }
alerts: [{ name: a, field: badge, equals: "4711" }]
`,
      FILES,
    ),
    "devices/profiles/room.yaml": `profile: room\nfields: { badge: { type: string, redact: hash } }\n`,
  });
  assertEquals(found, [
    "valid",
    'gateway.yaml:4:43 alerts[0].equals: The rule sees the redacted value alone, found "4711", allowed the hash',
  ]);
});

function field(type: string, redact: string): string {
  return `profile: room\nfields:\n  f: { type: ${type}, redact: ${redact} }\n`;
}

const WRONG: readonly [string, string, string, string][] = [
  [
    "a hash of a number",
    "int",
    "hash",
    'redact: The key does not go with the others, found "hash", allowed hash and mask for string fields only; numbers take drop and generalise, make it "type: string", if it is a text',
  ],
  [
    "a mask of a number",
    "float",
    "mask",
    'redact: The key does not go with the others, found "mask", allowed hash and mask for string fields only; numbers take drop and generalise, make it "type: string", if it is a text',
  ],
  [
    "a mask of a boolean",
    "boolean",
    "mask",
    'redact: The key does not go with the others, found "mask", allowed drop for a boolean field, make it "type: string", if it is a text',
  ],
  [
    "a grid of texts",
    "string",
    "{ generalise: { to: 0.01 } }",
    'redact: The key does not go with the others, found "0.01", allowed to with a duration: the text must be an ISO 8601 moment',
  ],
  [
    "a unit of a text",
    "string",
    "{ generalise: { to: 1h, unit: s } }",
    'redact: The key does not go with the others, found "s", allowed unit for moments that are numbers only',
  ],
  [
    "a span of numbers without a unit",
    "int",
    "{ generalise: { to: 1h } }",
    'redact: The key does not go with the others, found "1h", allowed unit beside it, as {to: 1h, unit: ms}: the field holds a number',
  ],
  [
    "a broken step of integers",
    "int",
    "{ generalise: { to: 0.5 } }",
    'redact: The key does not go with the others, found "0.5", allowed a whole number for an int field',
  ],
  [
    "a coarser boolean",
    "boolean",
    "{ generalise: { to: 1 } }",
    'redact: The key does not go with the others, found "generalise", allowed drop for a boolean field',
  ],
];

for (const [what, type, text, expected] of WRONG) {
  refuses(`${what} is refused`, {
    add: "privacy: { key_file: key }\n",
    files: FILES,
    profile: field(type, text),
  }, [
    `devices/profiles/room.yaml:3:${type.length + 24} fields.f.${expected}`,
  ]);
}

refuses("a hash without a key is refused where it stands", { profile: field("string", "hash") }, [
  'devices/profiles/room.yaml:3:30 fields.f.redact: Another key is needed, found "hash", allowed privacy.key_file in the configuration',
]);

refuses("a key that can be guessed is refused, and not shown", {
  add: "privacy: { key_file: key }\n",
  files: { key: "password\n" },
}, [
  'gateway.yaml:3:22 privacy.key_file: The key can be guessed, found "8 characters", allowed at least 32, openssl rand -hex 32 makes one',
]);

refuses("rotation without a key is refused", { add: "privacy: { rotate: 30d }\n" }, [
  'gateway.yaml:3:20 privacy.rotate: Another key is needed, found "rotate", allowed key_file beside it',
]);

refuses("the tag device can only be hashed: two devices must not become one", {
  config: `subscriptions:
  - { topic: "site/{device}", profile: room, redact_tags: { device: mask } }
`,
}, [
  'gateway.yaml:2:69 subscriptions[0].redact_tags.device: The key does not go with the others, found "mask", allowed hash for the tag device, two devices must not become one',
]);

refuses("a tag that the subscription does not have is named with the nearest", {
  config: `subscriptions:
  - { topic: "site/{person}/{device}", profile: room, redact_tags: { persons: hash } }
privacy: { key_file: key }
`,
  files: FILES,
}, [
  'gateway.yaml:2:70 subscriptions[0].redact_tags.persons: There is no such tag, found "persons", allowed person, device, did you mean "person"',
]);

refuses("what nobody named cannot be kept beside what is redacted", {
  profile: `profile: room
unknown_fields: keep
fields: { badge: { type: string, redact: mask } }
`,
}, [
  'devices/profiles/room.yaml:2:17 unknown_fields: The key does not go with the others, found "keep", allowed ignore or reject where a field is redacted, name the fields that may leave',
]);

refuses("a rule cannot watch a dropped field", {
  add: "alerts: [{ name: a, field: badge, above: 3 }]\n",
  profile: `profile: room
fields: { badge: { type: float, redact: drop } }
`,
}, [
  'gateway.yaml:3:28 alerts[0].field: The rule sees the redacted value alone, found "badge", redact: drop leaves nothing of it',
]);
