import type { Row } from "./row.ts";

/** A promise of the README, by its number. */
export type PromiseName = "P1" | "P2" | "P3" | "P4" | "P5" | "P6" | "P7" | "P8" | "P9";

/** What is said of a scenario besides its name. */
export interface About {
  /** The promises that it would catch broken. */
  readonly shows: readonly PromiseName[];
  /** It belongs to the representative part that `deno task test` runs. */
  readonly always?: true;
}

/** A line of the file that SLUICE_FAULT_ROWS names, as JSON. */
export interface ScenarioResult {
  readonly scenario: string;
  readonly shows: readonly PromiseName[];
  /** Left out where the scenario failed or could not run here. */
  readonly row?: Row;
  /** What failed. */
  readonly failure?: string;
  /** How long the scenario took, s. */
  readonly took: number;
}

/**
 * A fault that is tried against the gateway, as a test.
 *
 * `deno task test` runs those that say `always`; `deno task test:faults` runs all of them (SLUICE_FAULTS=all) and
 * prints their rows as a table.
 *
 * @param name what is done to it, in words that stand in the table
 * @param run gives the row, or `undefined` where the machine lacks something (the reason was printed)
 */
export function scenario(name: string, about: About, run: () => Promise<Row | undefined>): void {
  if (about.always !== true && Deno.env.get("SLUICE_FAULTS") !== "all") return;
  Deno.test(name, async () => {
    const began = performance.now();
    const result = { scenario: name, shows: about.shows };
    const took = (): number => (performance.now() - began) / 1_000;
    try {
      const row = await run();
      await tell({ ...result, ...(row === undefined ? {} : { row }), took: took() });
    } catch (error) {
      await tell({
        ...result,
        failure: error instanceof Error ? error.message : String(error),
        took: took(),
      });
      throw error;
    }
  });
}

/** The seed of this run: SLUICE_SEED, or one of the clock's; printed, so that a failure can be run again. */
export function seedOf(name: string): number {
  const given = Deno.env.get("SLUICE_SEED");
  const seed = given === undefined ? Date.now() % 1_000_000 : Number(given);
  Deno.stderr.writeSync(new TextEncoder().encode(`${name}: run it again with SLUICE_SEED=${seed}\n`));
  return seed;
}

async function tell(result: ScenarioResult): Promise<void> {
  const file = Deno.env.get("SLUICE_FAULT_ROWS");
  if (file !== undefined) await Deno.writeTextFile(file, `${JSON.stringify(result)}\n`, { append: true });
}
