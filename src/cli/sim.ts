import { sim as simulate, type SimIo } from "../../devices/sim.ts";
import { systemClock } from "../clock.ts";
import { loadConfig, renderProblem } from "../config/mod.ts";
import { Gateway, GatewayProblem, machine } from "../gateway/mod.ts";
import type { CliIo } from "./io.ts";

/**
 * `sim`: a whole site in one process, through the very same gateway as `run`.
 *
 * @returns 0 every reading is accounted for · 1 not · 2 wrong usage
 */
export async function sim(argv: readonly string[], io: CliIo): Promise<number> {
  const end = new AbortController();
  const stop = (): void => end.abort();
  Deno.addSignalListener("SIGINT", stop);
  Deno.addSignalListener("SIGTERM", stop);
  const simIo: SimIo = {
    write: (text) => io.stdout(text),
    error: (text) => io.stderr(text),
    isTerminal: io.isTerminal,
    clock: systemClock,
    signal: end.signal,
  };
  try {
    return await simulate(argv, async (configPath) => {
      const loaded = await loadConfig(configPath, io.sources);
      if (!loaded.ok) throw new GatewayProblem(2, loaded.problems.map(renderProblem).join("\n"));
      const { config, rules } = loaded;
      // What matters to the run is in its summary; the gateway's own log would drown it.
      const gateway = new Gateway(config, rules, machine((line) => quietly(line, io), false));
      return {
        start: () => gateway.start(),
        stop: () => gateway.stop(),
        ledger: () => gateway.ledger(),
        get address(): string {
          return gateway.address;
        },
        backlog: () => gateway.backlog(),
        rules,
      };
    }, simIo);
  } catch (error) {
    if (!(error instanceof GatewayProblem)) throw error;
    io.stderr(`error ${error.message}\n`);
    return error.exit;
  } finally {
    Deno.removeSignalListener("SIGINT", stop);
    Deno.removeSignalListener("SIGTERM", stop);
  }
}

/** Only errors of the gateway belong beside the live line. */
function quietly(line: string, io: CliIo): void {
  if (line.includes('"level":"error"')) io.stderr(`${line}\n`);
}
