import { endToEnd } from "./end_to_end/case.ts";
import type { BenchCase } from "./kit/bench_case.ts";
import { stages } from "./stages/case.ts";

/** Everything `deno task bench` measures, in the order of the table. */
export const CASES: readonly BenchCase[] = [
  endToEnd,
  stages,
];
