import { assertEquals } from "@std/assert";
import { matchTopic, parseTemplate, type TopicTemplate } from "../../../src/model/mod.ts";
import { covers } from "../../../src/config/checks/cover.ts";

/** Every text of up to three levels out of some words. */
function texts(words: readonly string[]): string[] {
  const one = [...words];
  const two = one.flatMap((a) => words.map((b) => `${a}/${b}`));
  const three = two.flatMap((a) => words.map((b) => `${a}/${b}`));
  return [...one, ...two, ...three];
}

function template(text: string): TopicTemplate[] {
  const parsed = parseTemplate(text);
  return "reason" in parsed ? [] : [parsed];
}

Deno.test("a filter covers another exactly where it takes every topic of it", () => {
  const filters = texts(["a", "$s", "+", "#"]).flatMap(template);
  // "x" stands for any other word; four levels, so that # shows that it takes more than three.
  const topics = [
    ...texts(["a", "x", "$s"]),
    "a/a/a/a",
    "a/x/a/x",
    "x/x/x/x",
    "$s/x/x/x",
    "$s/a/a/a",
    "a/a/x/x",
  ];
  const matched = filters.map((filter) =>
    new Set(topics.filter((topic) => matchTopic(filter, topic) !== undefined))
  );
  let covering = 0;
  filters.forEach((earlier, i) =>
    filters.forEach((later, j) => {
      const all = [...(matched[j] ?? [])].every((topic) => matched[i]?.has(topic));
      if (covers(earlier, later)) covering++;
      // A later filter that matches nothing of ours cannot tell.
      if (matched[j]?.size === 0) return;
      if (covers(earlier, later)) assertEquals(all, true, `${earlier.text} covers ${later.text}`);
      else if (all) assertEquals(undecidable(earlier, later), true, `${earlier.text} and ${later.text}`);
    })
  );
  assertEquals(covering > filters.length, true);
});

/**
 * `a/#` has topics of five levels and more, which the list of topics does not. And `+/#` says the same as `#`,
 * which is not worth a rule: nobody writes both.
 */
function undecidable(earlier: TopicTemplate, later: TopicTemplate): boolean {
  if (later.text === "#" && earlier.text === "+/#") return true;
  return later.text.endsWith("#") && !earlier.text.endsWith("#");
}
