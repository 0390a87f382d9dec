import { basename, dirname, resolve } from "node:path";
import type { ConfigSources } from "../config/mod.ts";
import type { ConfigFile } from "../gateway/mod.ts";

/** Sources in which some files stand as they are given here, whatever is on the disk. */
export function overlaid(sources: ConfigSources, files: readonly ConfigFile[]): ConfigSources {
  const texts = new Map(files.map(({ path, text }) => [resolve(path), text]));
  return {
    ...plain(sources),
    readText(path): Promise<string> {
      const text = texts.get(resolve(path));
      return text === undefined ? sources.readText(path) : Promise.resolve(text);
    },
    async listFiles(folder): Promise<string[]> {
      const own = [...texts.keys()].filter((path) => dirname(path) === resolve(folder)).map((path) =>
        basename(path)
      );
      const there = await sources.listFiles(folder).catch((error) => {
        if (own.length > 0 && isMissing(error)) return [];
        throw error;
      });
      return [...new Set([...there, ...own])];
    },
  };
}

/**
 * Sources in which a file stands as long as there is none of its own on the disk, and a folder is empty as long as it is
 * not there.
 */
export function underlaid(sources: ConfigSources, file: ConfigFile, folder: string): ConfigSources {
  return {
    ...plain(sources),
    readText: (path) =>
      sources.readText(path).catch((error) => {
        if (resolve(path) === resolve(file.path) && isMissing(error)) return file.text;
        throw error;
      }),
    listFiles: (path) =>
      sources.listFiles(path).catch((error) => {
        if (resolve(path) === resolve(folder) && isMissing(error)) return [];
        throw error;
      }),
  };
}

function plain({ env, hostName }: ConfigSources): Pick<ConfigSources, "env" | "hostName"> {
  return { env: (name) => env(name), hostName: () => hostName() };
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && error.name === "NotFound";
}
