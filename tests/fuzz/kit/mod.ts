/**
 * Fuzzing of the real river: damaged real payloads of every format, under every shipped profile.
 *
 * In: formats, how many, a seed. Out: what became of them, or a `Finding` with a file that replays it. It promises the
 * same payloads for the same seed, and shares with the gateway nothing but the code under test.
 * @module
 */
export { type CaseMessage, caseOf, type FuzzCase, replayCase } from "./case.ts";
export { Finding } from "./finding.ts";
export { fuzz, type FuzzOptions } from "./fuzz.ts";
export { shippedProfiles } from "./real_objects.ts";
export { FORMATS } from "./rules.ts";
export type { FormatCounts, FuzzRun } from "./run.ts";
export { shrunk } from "./shrink.ts";
