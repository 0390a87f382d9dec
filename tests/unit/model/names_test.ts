import { assertEquals } from "@std/assert";
import { type NameProblem, nameProblem, nameProblemText } from "../../../src/model/mod.ts";

const UNFIT: readonly [string, NameProblem][] = [
  ["", "empty"],
  ["a\nb", "control_character"],
  ["a\rb", "control_character"],
  ["a\tb", "control_character"],
  ["\0", "control_character"],
  ["a\x7f", "control_character"],
  ["a\\", "trailing_backslash"],
  ["a\\,b", "ambiguous_backslash"],
  ["a\\ b", "ambiguous_backslash"],
  ["a\\=b", "ambiguous_backslash"],
  ["a\\\\b", "ambiguous_backslash"],
  ["#a", "leading_hash"],
  ["\ud800", "lone_surrogate"],
  ["a\udc00b", "lone_surrogate"],
  ["x".repeat(8_193), "too_long"],
];

for (const [text, problem] of UNFIT) {
  Deno.test(`${JSON.stringify(text.slice(0, 10))} is no name: ${nameProblemText(problem)}`, () => {
    assertEquals(nameProblem(text), problem);
  });
}

for (const text of ["a", "a b", "a,b=c", 'a"b', "a\\b", "a#", "$SYS", "😀", "__proto__", "x".repeat(8_192)]) {
  Deno.test(`${JSON.stringify(text.slice(0, 10))} is a name`, () => {
    assertEquals(nameProblem(text), undefined);
  });
}
