import { type KeyPath, pathText } from "../key_path.ts";
import type { ConfigDifference, Settings } from "./differences.ts";
import { type Branch, settingsTree } from "./settings_tree.ts";

/** A configuration as one list of paths with their values, as they are shown: no secret is in it, so it may be kept. */
export type FlatSettings = Readonly<Record<string, string>>;

/** Flattens a configuration with what the pipeline obeys. */
export function flatSettings({ config, rules }: Settings): FlatSettings {
  const flat: Record<string, string> = {};
  flatten(settingsTree(config, rules), [], flat);
  return flat;
}

/** Where two differ, path by path. A secret that was changed looks the same before and after. */
export function flatDifferences(
  before: FlatSettings,
  after: FlatSettings,
): Pick<ConfigDifference, "path" | "change" | "before" | "after">[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((path) => {
    const [was, is] = [before[path] ?? null, after[path] ?? null];
    if (was === is) return [];
    const change = was === null ? "added" : is === null ? "removed" : "changed";
    return [{ path, change, before: was, after: is }];
  });
}

function flatten({ children }: Branch, path: KeyPath, into: Record<string, string>): void {
  for (const [name, node] of children) {
    const here = [...path, name];
    if ("children" in node) flatten(node, here, into);
    else into[pathText(here)] = node.shown;
  }
}
