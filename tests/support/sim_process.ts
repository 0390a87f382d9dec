import { cli, type CliResult } from "./cli_process.ts";
import { freePort } from "./ports.ts";

/** A message of a recording. */
export interface Recorded {
  readonly topic: string;
  readonly payload: string;
  readonly label: { readonly fault: string | null };
}

/** A run of `sim` that has ended, with what it published and what its database held. */
export interface SimRun extends Omit<CliResult, "lines"> {
  /** Path of its recording. */
  readonly recording: string;
  /** What it published, whole lines, sorted; what faults kept back is among it. */
  readonly lines: readonly string[];
  /** The same, read. */
  readonly messages: readonly Recorded[];
  /** The points in its database, a line each. */
  readonly points: readonly string[];
}

/**
 * Runs `sim` as a process of its own.
 *
 * @param folder an existing one, for its files
 * @param name of its files, one for each run
 */
export async function simProcess(folder: string, name: string, options: readonly string[]): Promise<SimRun> {
  const [recording, points] = [`${folder}/${name}.jsonl`, `${folder}/${name}.points`];
  const replayed = options.includes("--replay");
  const { code, stdout, stderr } = await cli(
    ...["sim", ...options, "--port", String(freePort()), "--points", points],
    ...(replayed ? [] : ["--record", recording]),
  );
  // The first line says what run it was.
  const [, ...lines] = replayed ? [] : await linesOf(recording);
  return {
    ...{ code, stdout, stderr },
    recording,
    lines: lines.sort(),
    messages: lines.map((line) => JSON.parse(line)),
    points: await linesOf(points),
  };
}

async function linesOf(path: string): Promise<string[]> {
  return (await Deno.readTextFile(path)).split("\n").filter((line) => line !== "");
}
