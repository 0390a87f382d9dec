import { assert, assertEquals } from "@std/assert";
import { matchTopic, parseTemplate, type TopicProblem, type TopicTemplate } from "../../../src/model/mod.ts";

function template(text: string): TopicTemplate {
  const parsed = parseTemplate(text);
  assert(!("reason" in parsed), `${text}: ${JSON.stringify(parsed)}`);
  return parsed;
}

/** The examples of MQTT 5.0 §4.7.1 and §4.7.2, and their neighbours. */
const MATCHES: readonly [string, string, boolean][] = [
  ["sport/tennis/player1/#", "sport/tennis/player1", true],
  ["sport/tennis/player1/#", "sport/tennis/player1/ranking", true],
  ["sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon", true],
  ["sport/tennis/player1/#", "sport/tennis/player12", false],
  ["sport/#", "sport", true],
  ["sport/#", "sports", false],
  ["#", "sport", true],
  ["#", "/", true],
  ["sport/tennis/+", "sport/tennis/player1", true],
  ["sport/tennis/+", "sport/tennis/player1/ranking", false],
  ["sport/+", "sport", false],
  ["sport/+", "sport/", true],
  ["+", "finance", true],
  ["+", "/finance", false],
  ["/+", "/finance", true],
  ["+/+", "/finance", true],
  ["+/tennis/#", "sport/tennis", true],
  ["sport/+/player1", "sport/tennis/player1", true],
  ["sport/+/player1", "sport/tennis/player2", false],
  ["#", "$SYS/broker", false],
  ["+/monitor/Clients", "$SYS/monitor/Clients", false],
  ["$SYS/#", "$SYS/broker", true],
  ["$SYS/monitor/+", "$SYS/monitor/Clients", true],
  ["a/+", "a/$b", true],
  ["a/b", "A/b", false],
  ["a/b", "a/b/", false],
  ["a//b", "a//b", true],
  ["a/+/b", "a//b", true],
];

for (const [filter, topic, expected] of MATCHES) {
  Deno.test(`MQTT §4.7: ${filter} ${expected ? "matches" : "does not match"} ${topic}`, () => {
    assertEquals(matchTopic(template(filter), topic) !== undefined, expected);
  });
}

Deno.test("named levels are wildcards of one level, and are given in the template's order", () => {
  const parsed = template("site/{site}/+/{device}/#");
  assertEquals(parsed.filter, "site/+/+/+/#");
  assertEquals(matchTopic(parsed, "site/north/x/t-1"), [["site", "north"], ["device", "t-1"]]);
  assertEquals(matchTopic(parsed, "site//x//y"), [["site", ""], ["device", ""]]);
  assertEquals(matchTopic(template("{a}/b"), "$SYS/b"), undefined);
});

const PROBLEMS: readonly [string, TopicProblem["reason"], string?][] = [
  ["", "empty"],
  ["a/b#", "wildcard_in_level", "b#"],
  ["a+/b", "wildcard_in_level", "a+"],
  ["a/x{device}", "wildcard_in_level", "x{device}"],
  ["a/{device", "wildcard_in_level", "{device"],
  ["#/a", "rest_not_last"],
  ["a/#/b", "rest_not_last"],
  ["a/{}", "bad_name", "{}"],
  ["a/{1st}", "bad_name", "{1st}"],
  ["a/{a-b}", "bad_name", "{a-b}"],
  ["a/{a}{b}", "bad_name", "{a}{b}"],
  ["{a}/{a}", "name_twice", "{a}"],
  ["$share/group/a", "shared"],
  ["a\0b", "nul"],
  ["ä".repeat(33_000), "too_long"],
];

for (const [text, reason, found] of PROBLEMS) {
  Deno.test(`${JSON.stringify(text.slice(0, 30))} is no template: ${reason}`, () => {
    const problem = parseTemplate(text);
    assert("reason" in problem);
    assertEquals(problem.reason, reason);
    if (found !== undefined) assertEquals(problem.found, found);
  });
}
