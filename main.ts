/**
 * Sluice, an edge telemetry gateway that accounts for every reading: argv → command → exit code.
 * @module
 */
import { denoIo, main } from "./src/cli/mod.ts";

if (import.meta.main) Deno.exit(await main(Deno.args, denoIo()));
