import type { CliIo } from "./io.ts";

/** The terminal, files and environment of this process. */
export function denoIo(): CliIo {
  const isTerminal = Deno.stdout.isTerminal();
  const encoder = new TextEncoder();
  const writeAll = (stream: { writeSync(bytes: Uint8Array): number }, text: string): void => {
    let rest = encoder.encode(text);
    try {
      while (rest.length > 0) rest = rest.subarray(stream.writeSync(rest));
    } catch {
      // The reader went away (a closed pipe); there is nobody left to tell.
    }
  };
  return {
    stdout: (text) => writeAll(Deno.stdout, text),
    stderr: (text) => writeAll(Deno.stderr, text),
    isTerminal,
    color: isTerminal && Deno.env.get("NO_COLOR") === undefined,
    env: (name) => Deno.env.get(name),
    readBytes: (path) => Deno.readFile(path),
    sources: {
      readText: (path) => Deno.readTextFile(path),
      async listFiles(folder): Promise<string[]> {
        const names: string[] = [];
        for await (const entry of Deno.readDir(folder)) if (entry.isFile) names.push(entry.name);
        return names;
      },
      env: (name) => Deno.env.get(name),
      hostName: () => Deno.hostname(),
    },
  };
}
