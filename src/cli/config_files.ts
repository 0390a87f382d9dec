import { basename, dirname, join } from "node:path";
import type { ConfigFile, ConfigFiles } from "../gateway/mod.ts";
import { readConfig } from "./config_source.ts";
import { isThere } from "./find_config.ts";
import type { CliIo } from "./io.ts";
import { overlaid } from "./overlay.ts";

/** Who may read a file that was not there before: its owner and its group. */
const NEW = 0o640;

/** The files of the configuration of this process. */
export function configFiles(path: string, io: CliIo): ConfigFiles {
  return {
    text: () => io.sources.readText(path),
    has: (file) => isThere(file, io.sources),
    read: (files) => readConfig(path, { ...io, sources: overlaid(io.sources, files) }),
    async write(files): Promise<void> {
      for (const file of files) await writeFile(file);
    },
  };
}

/** Beside it first, then in its place: whoever reads it meanwhile sees the old one or the new one, whole. */
async function writeFile({ path, text }: ConfigFile): Promise<void> {
  const folder = dirname(path);
  await Deno.mkdir(folder, { recursive: true });
  // Not *.yaml: a reload meanwhile must not take it for a profile.
  const fresh = join(folder, `.${basename(path)}.new`);
  const file = await Deno.open(fresh, {
    write: true,
    create: true,
    truncate: true,
    mode: await modeOf(path),
  });
  try {
    let rest = new TextEncoder().encode(text);
    while (rest.length > 0) rest = rest.subarray(await file.write(rest));
    await file.syncData();
  } finally {
    file.close();
  }
  await Deno.rename(fresh, path);
}

/** A file keeps who may read it. */
async function modeOf(path: string): Promise<number> {
  try {
    return ((await Deno.stat(path)).mode ?? NEW) & 0o777;
  } catch {
    return NEW;
  }
}
