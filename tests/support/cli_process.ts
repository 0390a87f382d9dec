import { type Answer, ROOT } from "./gateway_process.ts";

/** How a command ended, and what it said. */
export interface CliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Standard output as JSON lines. */
  readonly lines: Answer["body"][];
}

/** Runs a command of main.ts as a process of its own, without a terminal. */
export async function cli(...args: readonly string[]): Promise<CliResult> {
  const output = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", `${ROOT}main.ts`, ...args],
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const stdout = new TextDecoder().decode(output.stdout);
  return {
    code: output.code,
    stdout,
    stderr: new TextDecoder().decode(output.stderr),
    get lines() {
      return stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
    },
  };
}
