import type { ConfigProblem, ProfileExample } from "../config/mod.ts";
import { type Rules, shown } from "../model/mod.ts";
import { runExamples } from "./run_examples.ts";

/** The examples of profiles that do not come out as they say, as problems with their place. */
export function failingExamples(rules: Rules, examples: readonly ProfileExample[]): ConfigProblem[] {
  return runExamples(rules, examples).flatMap(({ example, difference }): ConfigProblem[] => {
    if (difference === undefined) return [];
    const { found, expected } = difference;
    const hint = `the example says ${shown(expected)}`;
    return [{ ...example.place, reason: "example_fails", found: shown(found), hint }];
  });
}
