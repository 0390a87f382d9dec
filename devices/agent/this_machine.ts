import { statfs } from "node:fs/promises";
import type { Machine } from "./figures.ts";
import { openSignInLog, type SignInLog } from "./sign_in_log.ts";

/** The machine that this process runs on. Deno gives /proc only to a program with all permissions. */
export function thisMachine(): Machine {
  // Opened once, at the first look; where that fails it fails at every look.
  let log: Promise<SignInLog> | undefined;
  return {
    text: (path) => Deno.readTextFile(path),
    names: (folder) => Array.fromAsync(Deno.readDir(folder), ({ name }) => name),
    async disk(): ReturnType<Machine["disk"]> {
      const { bsize, blocks, bfree, bavail } = await statfs("/");
      return { size: bsize, blocks, free: bfree, open: bavail };
    },
    async failedSignIns(): Promise<number> {
      log ??= openSignInLog();
      return await (await log)();
    },
  };
}
