import { type Quarantined, sim as simulate, type SimIo } from "../../devices/sim.ts";
import { systemClock } from "../clock.ts";
import { loadConfig, renderProblem } from "../config/mod.ts";
import { Gateway, GatewayProblem, machine } from "../gateway/mod.ts";
import type { Ledger } from "../model/mod.ts";
import { deviceLedger } from "../pipeline/mod.ts";
import type { CliIo } from "./io.ts";

/**
 * `sim`: a whole site in one process, through the very same gateway as `run`.
 *
 * @returns 0 every reading is accounted for · 1 not · 2 wrong usage
 */
export async function sim(argv: readonly string[], io: CliIo): Promise<number> {
  const end = new AbortController();
  // The first signal ends the publishing and goes on to the verdict, the second ends the program.
  const stop = (): void => {
    if (end.signal.aborted) Deno.exit(1);
    end.abort();
  };
  Deno.addSignalListener("SIGINT", stop);
  Deno.addSignalListener("SIGTERM", stop);
  const simIo: SimIo = {
    write: (text) => io.stdout(text),
    error: (text) => io.stderr(text),
    isTerminal: io.isTerminal,
    columns,
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
        device(id): Ledger | undefined {
          const { river } = gateway.parts.core.driver;
          const known = river.registry.device(id);
          return known === undefined ? undefined : deviceLedger(river, known);
        },
        quarantine: () => quarantined(gateway),
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

/** The quarantine as the simulator looks at it. */
async function* quarantined(gateway: Gateway): AsyncGenerator<Quarantined> {
  const decoder = new TextDecoder();
  for await (const { refused } of gateway.parts.core.quarantine.list(1)) {
    const { what, topic, refusal, payload } = refused;
    const altered = refused.redacted === true || refused.originalBytes !== undefined;
    yield { what, topic, reason: refusal.reason, payload: decoder.decode(payload), altered };
  }
}

function columns(): number | undefined {
  try {
    return Deno.consoleSize().columns;
  } catch {
    // Nobody watches, or something that has no size.
    return undefined;
  }
}

/** Only errors of the gateway belong beside the live line. */
function quietly(line: string, io: CliIo): void {
  if (line.includes('"level":"error"')) io.stderr(`${line}\n`);
}
