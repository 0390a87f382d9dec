import { api } from "./api/case.ts";
import { drain } from "./drain/case.ts";
import { endToEnd } from "./end_to_end/case.ts";
import { wear } from "./end_to_end/wear.ts";
import { idle } from "./idle/case.ts";
import type { BenchCase } from "./kit/bench_case.ts";
import { latency } from "./latency/case.ts";
import { pipeline } from "./pipeline/case.ts";
import { start } from "./start/case.ts";
import { recovery } from "./recovery/case.ts";
import { scaling } from "./scaling/case.ts";
import { stages } from "./stages/case.ts";

/** Everything `deno task bench` measures, in the order of the table. */
export const CASES: readonly BenchCase[] = [
  endToEnd,
  wear,
  pipeline,
  scaling,
  stages,
  start,
  latency,
  idle,
  drain,
  recovery,
  api,
];
