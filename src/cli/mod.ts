/**
 * The command line: one file a command.
 *
 * In: the arguments, and what a command sees of the world. Out: text for people at a terminal, JSON lines where
 * there is none, and the exit code: 0 done, 1 failed, 2 wrong usage or configuration, 3 data folder in use.
 * @module
 */
export { denoIo } from "./deno_io.ts";
export { type CliIo, EXIT } from "./io.ts";
export { main } from "./main.ts";
export { V8_FLAGS } from "./v8_flags.ts";
