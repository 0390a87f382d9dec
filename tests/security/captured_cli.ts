import { denoIo, main } from "../../src/cli/mod.ts";

/** How a command ended, and all that it wrote. */
export interface Captured {
  readonly code: number;
  readonly text: string;
}

/** Runs a command of main.ts in this process, as at a terminal, with variables of a test's own. */
export async function captured(
  env: Readonly<Record<string, string>>,
  ...argv: readonly string[]
): Promise<Captured> {
  let text = "";
  const io = denoIo();
  const take = (part: string): void => void (text += part);
  const code = await main(argv, {
    ...io,
    isTerminal: true,
    color: false,
    stdout: take,
    stderr: take,
    env: (name) => env[name],
    sources: { ...io.sources, env: (name) => env[name] },
  });
  return { code, text };
}
