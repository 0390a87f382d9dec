/** What aliases stand for, found in one walk however many there are. */
import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { isSeq, parseDocument, visit } from "yaml";
import { aliasTargets } from "../../../src/config/alias_targets.ts";

Deno.test("each alias stands for what the library says: the last node before it with its anchor", () => {
  const texts = [
    "a: &x 1\nb: *x\nc: &x [2]\nd: [*x, *x]\n",
    "a: &x { b: *x }\nc: *x\n",
    "a: *later\nb: &later 1\nc: *nothing\n",
    "&k key: *k\n? *k\n: 1\n",
    "a: &x [&y 1, *y]\nb: &y *x\nc: *y\n",
  ];
  for (const text of texts) {
    const document = parseDocument(text);
    const targets = aliasTargets(document);
    let aliases = 0;
    visit(document, {
      Alias: (_, alias) => {
        aliases++;
        assertStrictEquals(targets.get(alias), alias.resolve(document), `${text}: *${alias.source}`);
      },
    });
    assert(aliases > 0);
  }
});

Deno.test("a document is walked once, however many aliases it holds", () => {
  const document = parseDocument(`- &a x\n${"- *a\n".repeat(500)}`);
  assert(isSeq(document.contents));
  const [first] = document.contents.items;
  let walks = 0;
  Object.defineProperty(document.contents.items, 0, { get: () => (walks++, first) });
  assertEquals(aliasTargets(document).size, 500);
  assertEquals(walks, 1);
});
