import type { Format } from "../../../src/model/mod.ts";
import { caseOf } from "./case.ts";
import { Corpus } from "./corpus.ts";
import { Finding } from "./finding.ts";
import { shippedProfiles } from "./real_objects.ts";
import { recordedPayloads } from "./recorded.ts";
import { FuzzRun } from "./run.ts";

/** What to let through. */
export interface FuzzOptions {
  readonly formats: readonly Format[];
  readonly payloads: number;
  /** The same seed gives the same payloads. */
  readonly seed: number;
}

/**
 * Lets so many payloads of these formats through the real river, under every shipped profile.
 *
 * @returns the run, for what became of them
 * @throws {Finding} where a promise is broken; the smallest case that breaks it is in a file then, named in the error
 */
export async function fuzz({ formats, payloads, seed }: FuzzOptions): Promise<FuzzRun> {
  const shipped = await shippedProfiles();
  const run = new FuzzRun(shipped, new Corpus(shipped, await recordedPayloads(), formats, seed), seed);
  try {
    await run.run(payloads);
    return run;
  } catch (error) {
    if (!(error instanceof Finding)) throw error;
    const found = await caseOf(shipped, error, run.stretch, run.watch.rules);
    const path = await Deno.makeTempFile({ prefix: `fuzz-${error.kind}-`, suffix: ".json" });
    const whole = { what: error.message, seed, payload: run.payloads, formats };
    await Deno.writeTextFile(path, `${JSON.stringify(found ?? whole, null, 2)}\n`);
    const hint = found === undefined
      ? `seed ${seed} and payload ${run.payloads} bring it about, no shorter case does`
      : `${found.messages.length} messages bring it about; copy the file to tests/fuzz/cases/`;
    throw new Finding(error.kind, `${error.message}; ${path}: ${hint}`, error);
  }
}
