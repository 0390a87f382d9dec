import { assertEquals } from "@std/assert";
import { addSubscriptions, textRefusal } from "../../../src/config/mod.ts";

const ENTRY = `# Learned today
- topic: "hall/{device}"
  profile: oven # looks hot
`;

/** The text with the entry added; fails where it was refused. */
function added(text: string, entries = ENTRY): string {
  const edited = addSubscriptions(text, entries);
  if ("detail" in edited) throw new Error(edited.detail);
  return edited.text;
}

Deno.test("an entry stands behind the last one, as far to the right, and all else stays to the letter", () => {
  const before = `# The plant's own gateway
log:   { level:   debug }   # aligned by hand

subscriptions:
    # the old ones
    -   topic: a/{device}
        profile:    'room'     # quoted
    - {topic: "b/{device}",profile: room} # in braces

# what follows
mqtt:
  url: mqtt://broker:1883
`;
  assertEquals(
    added(before),
    before.replace(
      "# in braces\n",
      `# in braces
    # Learned today
    - topic: "hall/{device}"
      profile: oven # looks hot
`,
    ),
  );
});

Deno.test("a list without indentation, at the end of a file without a line break", () => {
  assertEquals(
    added("subscriptions:\n- topic: a/{device}\n  profile: room"),
    `subscriptions:\n- topic: a/{device}\n  profile: room\n${ENTRY}`,
  );
});

Deno.test("a list that is missing, empty or in brackets is written anew; comments and order stay", () => {
  const entry = "- topic: x/{device}\n  profile: oven\n";
  assertEquals(
    added("# mine\nlearn: true # yes\n", entry),
    "# mine\nlearn: true # yes\nsubscriptions:\n  - topic: x/{device}\n    profile: oven\n",
  );
  assertEquals(
    added("subscriptions: [] # none\nlearn: true\n", entry).includes("topic: x/{device}"),
    true,
  );
  assertEquals(
    added("learn: true\nsubscriptions: [{ topic: a, profile: b }] # c\n", entry),
    "learn: true\nsubscriptions:\n  - { topic: a, profile: b }\n  - topic: x/{device}\n    profile: oven\n  # c\n",
  );
  assertEquals(added("subscriptions:\nlearn: true\n", entry).includes("learn: true"), true);
});

Deno.test("one subscription is as good as a list of one; several stay in order", () => {
  const one = added("subscriptions:\n  - { topic: a, profile: b }\n", "# c\ntopic: x\nprofile: y\n");
  assertEquals(
    one,
    "subscriptions:\n  - { topic: a, profile: b }\n  # c\n  - topic: x\n    profile: y\n",
  );
  const two = added(
    "subscriptions:\n  - { topic: a, profile: b }\n",
    "[{ topic: x, profile: y }, { topic: z, profile: y }]",
  );
  assertEquals(
    two,
    "subscriptions:\n  - { topic: a, profile: b }\n  - { topic: x, profile: y }\n  - { topic: z, profile: y }\n",
  );
});

const refused: readonly [what: string, text: string, entries: string, detail: string][] = [
  ["no YAML", "learn: true\n", "- {", "It is no YAML"],
  ["no list", "learn: true\n", "hello", "It is neither a subscription nor a list of some"],
  ["nothing", "learn: true\n", "[]", "It is neither a subscription nor a list of some"],
  ["an alias", "learn: true\n", "- &a { topic: x }\n- *a\n", "Anchors and aliases cannot be used here"],
  [
    "a variable",
    "learn: true\n",
    "- topic: ${TOKEN}/{device}\n  profile: a\n",
    "Variables of the environment cannot be used here; write $${ for a ${",
  ],
  ["a broken file", "a: [", ENTRY, "It is no YAML that entries can be added to"],
  ["a file that is a list", "- a\n", ENTRY, "It is no YAML that entries can be added to"],
  ["subscriptions that are a text", "subscriptions: all\n", ENTRY, "Its subscriptions are no list"],
];

for (const [what, text, entries, detail] of refused) {
  Deno.test(`nothing is added: ${what}`, () => {
    const edited = addSubscriptions(text, entries);
    assertEquals("detail" in edited ? edited.detail : edited.text, detail);
  });
}

Deno.test("a variable is refused however YAML writes it, and its line is named", () => {
  const detail = "Variables of the environment cannot be used here; write $${ for a ${";
  for (const written of ['"\\u0024{TOKEN}"', '"\\x24{TOKEN}"', '"$\\x7bTOKEN}"', '"$\\\n    {TOKEN}"']) {
    const entry = `topic: x/{device}\nprofile: c\ntags:\n  leak: ${written}\n`;
    assertEquals(addSubscriptions("", entry), { line: 4, detail }, written);
    assertEquals(textRefusal(`profile: c\nfields:\n  a: { unit: ${written} }\n`), { line: 3, detail });
  }
});

Deno.test("an escaped variable is a text", () => {
  assertEquals(
    added("subscriptions:\n  - { topic: a, profile: b }\n", 'topic: "$${A}/{device}"\nprofile: c\n').includes(
      "$${A}",
    ),
    true,
  );
});
