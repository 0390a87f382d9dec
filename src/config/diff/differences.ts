import type { Rules } from "../../model/mod.ts";
import type { GatewayConfig } from "../config.ts";
import { type KeyPath, pathText } from "../key_path.ts";
import { type Branch, type Leaf, settingsTree } from "./settings_tree.ts";

/** When something that was changed takes effect. */
export type Effect = "reload" | "restart";

/** One thing in which two configurations differ. */
export interface ConfigDifference {
  /** Where, by the names of the file; entries of lists by their own names, e.g. `alerts.too-hot.above`. */
  readonly path: string;
  /** What has become of it. */
  readonly change: "added" | "removed" | "changed";
  /** What stood there; never a secret. `null`: nothing did. */
  readonly before: string | null;
  /** What stands there; never a secret. `null`: nothing does. */
  readonly after: string | null;
  /** When it takes effect. */
  readonly effect: Effect;
}

/** A configuration with what the pipeline obeys. */
export interface Settings {
  /** All but the rules. */
  readonly config: GatewayConfig;
  /** What the pipeline obeys. */
  readonly rules: Rules;
}

/** Sections that are read at the start alone. Tokens are not: they are looked at with each request. */
const AT_START = ["gateway", "mqtt", "buffer", "influxdb", "api", "history", "log"] as const;
const LONGEST = 200;

/**
 * The configuration in force once another one was loaded: what is read at the start alone stays as it was.
 *
 * @param started the one that the process began with
 * @param loaded the one that was read now
 */
export function inForce(started: GatewayConfig, loaded: GatewayConfig): GatewayConfig {
  const { gateway, mqtt, buffer, influxdb, history, log, api } = started;
  return {
    ...loaded,
    ...{ gateway, mqtt, buffer, influxdb, history, log } satisfies Omit<
      Pick<GatewayConfig, typeof AT_START[number]>,
      "api"
    >,
    api: { ...api, tokens: loaded.api.tokens },
  };
}

/** Everything in which two configurations differ, in the order of their keys. Nothing of it is a secret. */
export function differences(before: Settings, after: Settings): ConfigDifference[] {
  const found: ConfigDifference[] = [];
  compare(
    settingsTree(before.config, before.rules),
    settingsTree(after.config, after.rules),
    [],
    (path, change, old, now) => {
      found.push({ path: pathText(path), change, before: old, after: now, effect: effectOf(path) });
    },
  );
  return found;
}

function effectOf([section, key]: KeyPath): Effect {
  if (section === "api" && key === "tokens") return "reload";
  return AT_START.some((one) => one === section) ? "restart" : "reload";
}

type Found = (
  path: KeyPath,
  change: ConfigDifference["change"],
  before: string | null,
  after: string | null,
) => void;

function compare(before: Branch, after: Branch, path: KeyPath, found: Found): void {
  for (const name of new Set([...before.children.keys(), ...after.children.keys()])) {
    const [old, now] = [before.children.get(name), after.children.get(name)];
    const here = [...path, name];
    if (old === undefined) {
      if (now !== undefined) found(here, "added", null, text(now));
    } else if (now === undefined) found(here, "removed", text(old), null);
    else if ("children" in old && "children" in now) compare(old, now, here, found);
    else if ("children" in old || "children" in now || old.compared !== now.compared) {
      found(here, "changed", text(old), text(now));
    }
  }
  const [old, now] = [common(before, after), common(after, before)];
  if (before.ordered && after.ordered && old !== now) found(path, "changed", old, now);
}

/** The names that both have, in the order of the first. */
function common(one: Branch, other: Branch): string {
  return [...one.children.keys()].filter((name) => other.children.has(name)).join(", ");
}

/** A whole entry in one line. */
function text(node: Branch | Leaf): string {
  const whole = "children" in node ? [...words(node)].join(", ") : node.shown;
  return whole.length > LONGEST ? `${whole.slice(0, LONGEST - 1)}…` : whole;
}

function* words(branch: Branch, before = ""): Generator<string> {
  for (const [name, node] of branch.children) {
    if ("children" in node) yield* words(node, `${before}${name}.`);
    else if (node.shown !== "") yield `${before}${name}: ${node.shown}`;
  }
}
