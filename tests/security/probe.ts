import { assert } from "@std/assert";
import { ROOT } from "../support/gateway_process.ts";
import type { ProbePlaces } from "./probe_process.ts";

/** What an attempt comes to that Deno refuses. */
export const REFUSED = "NotCapable";

/** What becomes of each attempt of `probe_process.ts` under some rights. */
export async function probe(
  rights: readonly string[],
  cwd: string,
  places: ProbePlaces,
): Promise<Record<string, string>> {
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", ...rights, `${ROOT}tests/security/probe_process.ts`, JSON.stringify(places)],
    cwd,
    clearEnv: true,
    env: { PATH: Deno.env.get("PATH") ?? "", HOME: Deno.env.get("HOME") ?? "", FOREIGN_SECRET: "not yours" },
    stdin: "null",
  }).output();
  const said = new TextDecoder().decode(stdout);
  assert(said.startsWith("{"), new TextDecoder().decode(stderr));
  return JSON.parse(said);
}
