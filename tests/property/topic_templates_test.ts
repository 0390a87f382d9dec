/**
 * Topic templates against the words of MQTT 5.0 §4.7, said once more character by character: no splitting into levels,
 * no regular expression, nothing shared with the gateway.
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { TopicMatcher } from "../../src/ingest/topic_matcher.ts";
import { matchTopic, parseTemplate, type TopicTemplate } from "../../src/model/mod.ts";
import { Routes } from "../../src/pipeline/mod.ts";
import { profile, rulesOf } from "../unit/pipeline/river_bench.ts";

/**
 * Whether a text is a topic filter. §4.7.3: at least one character, no U+0000, at most 65,535 bytes of UTF-8.
 * §4.7.1.2: `#` "MUST be specified either on its own or following a topic level separator. In either case it MUST be
 * the last character". §4.7.1.3: `+` "MUST occupy an entire level".
 */
function isFilter(text: string): boolean {
  if (text.length === 0 || new TextEncoder().encode(text).length > 65_535) return false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    const begins = at === 0 || text[at - 1] === "/";
    const ends = at === text.length - 1 || text[at + 1] === "/";
    if (char === "\u0000") return false;
    if (char === "#" && !(begins && at === text.length - 1)) return false;
    if (char === "+" && !(begins && ends)) return false;
  }
  return true;
}

/**
 * Whether a filter matches a topic. §4.7.1.2: `#` "matches any number of levels within a topic", "represents the
 * parent and any number of child levels". §4.7.1.3: `+` "matches only one topic level". §4.7.2: a filter that starts
 * with a wildcard does not match a topic that begins with `$`. §4.7.3: topics are case sensitive, and "normalization
 * or folding MUST NOT be performed".
 */
function matches(filter: string, topic: string): boolean {
  if (topic[0] === "$" && (filter[0] === "#" || filter[0] === "+")) return false;
  let f = 0;
  let t = 0;
  while (f < filter.length) {
    if (filter[f] === "#") return true;
    if (filter[f] === "+") {
      while (t < topic.length && topic[t] !== "/") t++;
      f++;
      continue;
    }
    if (t === topic.length) return filter.slice(f) === "/#";
    if (filter[f] !== topic[t]) return false;
    f++;
    t++;
  }
  return t === topic.length;
}

const literal = fc.oneof(
  fc.constantFrom("a", "A", "b", "", "$SYS", "$x", "é", "e\u0301", " ", "😀", ".", "ab", "}"),
  fc.string({ unit: "grapheme", maxLength: 3 }),
  fc.string({ unit: "binary", maxLength: 2 }),
).filter((text) => !/[+#{}/\0]/.test(text));

type Level = { readonly kind: "literal"; readonly text: string } | {
  readonly kind: "any" | "named" | "rest";
};

const level: fc.Arbitrary<Level> = fc.oneof(
  { weight: 4, arbitrary: literal.map((text) => ({ kind: "literal" as const, text })) },
  { weight: 2, arbitrary: fc.constantFrom<Level>({ kind: "any" }, { kind: "named" }) },
);

/** Levels, of which the last may be `#`. */
const template: fc.Arbitrary<readonly Level[]> = fc.tuple(fc.array(level, { maxLength: 4 }), fc.boolean())
  .map(([levels, rest]): readonly Level[] => rest ? [...levels, { kind: "rest" }] : levels)
  .filter((levels) => textOf(levels) !== "");

function textOf(levels: readonly Level[]): string {
  return levels.map((one, at) => {
    if (one.kind === "literal") return one.text;
    return one.kind === "any" ? "+" : one.kind === "rest" ? "#" : `{n${at}}`;
  }).join("/");
}

/** Topics that match, or nearly: each level as the template wants it, then one change. */
const topicFor = (levels: readonly Level[]): fc.Arbitrary<string> => {
  const wanted = levels.map((one) =>
    one.kind === "literal"
      ? fc.constant([one.text])
      : one.kind === "rest"
      ? fc.array(literal, { maxLength: 3 })
      : literal.map((text) => [text])
  );
  const change = fc.constantFrom<(topic: string) => string>(
    (topic) => topic,
    (topic) => topic,
    (topic) => `${topic}/`,
    (topic) => `/${topic}`,
    (topic) => `$${topic}`,
    (topic) => topic.slice(0, topic.lastIndexOf("/") + 1),
    (topic) => topic.slice(0, Math.max(0, topic.lastIndexOf("/"))),
    (topic) => topic.toUpperCase(),
    (topic) => topic.normalize("NFD"),
    (topic) => topic.replace("/", "//"),
    (topic) => topic.replace("/", ""),
  );
  return fc.tuple(fc.tuple(...wanted), change).map(([parts, changed]) => changed(parts.flat().join("/")));
};

function parsed(text: string): TopicTemplate {
  const found = parseTemplate(text);
  assert(!("reason" in found), `${text}: ${JSON.stringify(found)}`);
  return found;
}

const both = template.chain((levels) =>
  fc.tuple(
    fc.constant(levels),
    fc.oneof(topicFor(levels), fc.array(literal, { maxLength: 4 }).map((all) => all.join("/"))),
  )
);

Deno.test("a template matches exactly the topics that its filter matches by MQTT §4.7, and names its levels", () => {
  let hits = 0;
  let misses = 0;
  fc.assert(
    fc.property(both, ([levels, topic]) => {
      const { filter } = parsed(textOf(levels));
      const wildcards = levels.map((one) => one.kind === "named" ? { kind: "any" as const } : one);
      assertEquals(filter, textOf(wildcards));
      assert(isFilter(filter), filter);
      const found = matchTopic(parsed(textOf(levels)), topic);
      assertEquals(found !== undefined, matches(filter, topic), `${filter} and ${topic}`);
      assertEquals(new TopicMatcher(["other/x", filter]).matches(topic), matches(filter, topic));
      if (found === undefined) return void misses++;
      hits++;
      // The value of a named level is what stands between its separators, as it is.
      const parts = topic.split("/");
      assertEquals(
        found,
        levels.flatMap((one, at) => one.kind === "named" ? [[`n${at}`, parts[at] ?? ""]] : []),
      );
    }),
    { numRuns: 5_000 },
  );
  assert(hits > 1_000 && misses > 1_000, `${hits} hits, ${misses} misses`);
});

Deno.test("a text is a template exactly where it is a filter by MQTT §4.7, with names in the place of levels", () => {
  const part = fc.oneof(
    literal,
    fc.constantFrom(
      "+",
      "#",
      "{a}",
      "{b}",
      "++",
      "#a",
      "a+",
      "+a",
      "{",
      "}",
      "{}",
      "{1}",
      "a{b}",
      "{a}b",
      "\u0000",
    ),
  );
  const text = fc.array(part, { maxLength: 5 }).map((all) => all.join("/"));
  const seen = { good: 0, bad: 0 };
  fc.assert(
    fc.property(text, (one) => {
      const found = parseTemplate(one);
      const names = [...one.matchAll(/(?<=^|\/)\{([A-Za-z][A-Za-z0-9_]*)\}(?=\/|$)/g)].map(([, name]) =>
        name
      );
      const filter = one.replaceAll(/(?<=^|\/)\{[A-Za-z][A-Za-z0-9_]*\}(?=\/|$)/g, "+");
      // Braces that name nothing, a name that stands twice, and shared subscriptions (§4.8.2) are refused beyond MQTT.
      const ours = new Set(names).size < names.length || /[{}]/.test(filter) || one.startsWith("$share/");
      assertEquals(!("reason" in found), isFilter(filter) && !ours, JSON.stringify(one));
      seen["reason" in found ? "bad" : "good"]++;
      if (!("reason" in found)) assertEquals([found.text, found.filter], [one, filter]);
    }),
    { numRuns: 3_000 },
  );
  assert(seen.good > 300 && seen.bad > 300, JSON.stringify(seen));
});

Deno.test("of several templates the first whose filter matches by MQTT §4.7 takes a message", () => {
  const templates = fc.array(template.map(textOf), { minLength: 1, maxLength: 4 })
    .filter((all) => all.every((one) => !one.startsWith("$share/")));
  const topics = fc.array(literal, { minLength: 1, maxLength: 4 }).map((all) => all.join("/"));
  fc.assert(
    fc.property(templates, topics, (all, topic) => {
      const rules = rulesOf(profile([]));
      const subscriptions = all.map((one, at) =>
        ({ topic: one, profile: "kiln", format: "json", tags: { at: `${at}` } }) as const
      );
      const route = new Routes({ ...rules, subscriptions }, new Map()).routeOf(topic);
      const first = all.findIndex((one) => matches(parsed(one).filter, topic));
      assertEquals(route?.subscription.tags.at, first < 0 ? undefined : `${first}`);
    }),
    { numRuns: 1_000 },
  );
});
