/**
 * `deno task sim`: a whole site on a laptop, and at the end a verdict.
 * @module
 */
import { type MakeGateway, parseOptions, runSim, type SimIo, USAGE } from "./simulator/mod.ts";

export type { Backlog, MakeGateway, Quarantined, SimGateway, SimIo, SimOptions } from "./simulator/mod.ts";
export { parseOptions, runSim } from "./simulator/mod.ts";

/**
 * The command.
 *
 * @param args what stands behind `sim` on the command line
 * @param makeGateway builds the gateway from a configuration file, as `run` does
 * @param io standard output and error, clock, signal
 * @returns exit code: 0 every reading is accounted for, 1 not, 2 wrong usage
 */
export async function sim(
  args: readonly string[],
  makeGateway: MakeGateway,
  io: SimIo,
): Promise<number> {
  const parsed = parseOptions(args);
  switch (parsed.kind) {
    case "help":
      io.write(USAGE);
      return 0;
    case "wrong":
      io.error(`${parsed.text}\n`);
      return 2;
    case "run":
      return await runSim(parsed.options, makeGateway, io);
  }
}
