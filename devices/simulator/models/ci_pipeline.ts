import type { Dice } from "../dice.ts";
import { type Fields, type Json, type Model, rounded, type Source } from "./model.ts";

const STAGES = ["build", "test", "deploy"] as const;

class Pipeline implements Source {
  readonly #dice: Dice;
  readonly #tests: number;
  #run: number;
  #stage = 0;
  #commit = "";
  #branch = "main";
  #failed = false;

  constructor(dice: Dice) {
    this.#dice = dice;
    this.#run = Math.floor(dice.between(100, 9_000));
    this.#tests = Math.floor(dice.between(200, 3_000));
  }

  measure(): Fields {
    const dice = this.#dice;
    if (this.#stage === 0) {
      this.#run++;
      this.#failed = false;
      this.#commit = Math.floor(dice.between(0x1000000, 0xfffffff)).toString(16);
      this.#branch = dice.happens(0.7) ? "main" : `feature/${Math.floor(dice.between(1, 40))}`;
    }
    const stage = STAGES[this.#stage] ?? "build";
    this.#stage = (this.#stage + 1) % STAGES.length;
    const run = { number: this.#run, commit: this.#commit, branch: this.#branch };
    // Nothing is deployed of a branch, and nothing goes on behind a failure.
    if (this.#failed || (stage === "deploy" && this.#branch !== "main")) {
      return { stage, verdict: "skipped", run, duration_ms: 0 };
    }
    const fails = dice.happens(stage === "test" ? 0.12 : 0.03);
    this.#failed = fails;
    return {
      stage,
      verdict: fails ? "failed" : "passed",
      run,
      // Times of builds are long in one direction only.
      duration_ms: Math.round(60_000 * Math.exp(0.5 * dice.normal())),
      queued_ms: Math.round(2_000 * Math.exp(dice.normal())),
      ...this.#of(stage, fails),
    };
  }

  #of(stage: string, fails: boolean): Record<string, Json> {
    const dice = this.#dice;
    if (stage === "test") {
      const failed = fails ? Math.ceil(dice.between(0, 7)) : 0;
      const coverage = rounded(85 + 3 * dice.normal(), 1);
      return { tests: { passed: this.#tests - failed, failed, coverage: Math.min(100, coverage) } };
    }
    if (stage !== "deploy") return {};
    return { deploy: { environment: "production", rolled_back: fails, by: { name: "A. N. Other" } } };
  }
}

/** Build server: run after run of build, test, deploy; failures, branches that are not deployed. */
export const ciPipeline: Model = {
  profile: "ci-pipeline",
  kind: "ci",
  pace: 0.4,
  counts: false,
  spikes: [
    { path: ["verdict"], value: "ok", costs: "message" },
    { path: ["duration_ms"], value: -5, costs: "reading" },
  ],
  wrongTypes: [
    { path: ["verdict"], value: true, costs: "message" },
    { path: ["run", "number"], value: 1_873.5, costs: "reading" },
  ],
  create: (dice) => new Pipeline(dice),
  stamp: (time) => ({ finished_at: new Date(time).toISOString() }),
};
