import { type AlertCondition, type Rules, shown } from "../../model/mod.ts";
import type { GatewayConfig } from "../config.ts";
import { formatDuration } from "../duration.ts";
import { Secret } from "../secret.ts";
import { formatSize } from "../size.ts";

/** A value as it is compared, and as it is shown: a secret is compared by what it is, and shown as none. */
export interface Leaf {
  readonly compared: string;
  readonly shown: string;
}

/** A configuration, or a part of it, by names as they stand in the file; entries of a list by their own names. */
export interface Branch {
  readonly children: ReadonlyMap<string, Branch | Leaf>;
  /** The order of its entries matters. */
  readonly ordered: boolean;
}

/** Names whose numbers are durations, ms. */
export const DURATIONS: ReadonlySet<string> = new Set([
  ...["every", "lateness", "idle_after", "hold", "heartbeat", "for", "expect_every", "max_future", "max_age"],
  ...["session_expiry", "keepalive", "probe", "at_most", "archive", "timeout", "max_wait", "initial", "max"],
  "history.keep",
]);

/** Names whose numbers are sizes, bytes. */
export const SIZES: ReadonlySet<string> = new Set(["max_bytes", "after_bytes", "payload"]);

/** Everything that a configuration says, defaults filled in. */
export function settingsTree(config: GatewayConfig, rules: Rules): Branch {
  const { file: _, privacy, ...sections } = config;
  // The same as mqtt.receive_maximum.
  const { receiveMaximum: __, privacy: rule, ...obeyed } = rules;
  return branchOf({ ...sections, ...obeyed, privacy: { ...privacy, ...rule } });
}

/** @param section the name of what it is */
function branchOf(value: object, section = ""): Branch {
  const children = new Map<string, Branch | Leaf>();
  for (const [key, one] of Object.entries(value).flatMap(written)) {
    const name = key === "sha256" ? "hash" : key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    const node = nodeOf(one, name, section);
    if (node !== undefined) children.set(name, node);
  }
  return { children, ordered: false };
}

/** @returns `undefined` for what is left out */
function nodeOf(value: unknown, name: string, section: string): Branch | Leaf | undefined {
  if (value === undefined || value === null) return undefined;
  if (value instanceof Secret) return { compared: value.reveal(), shown: "[secret]" };
  if (name === "hash") return { compared: String(value), shown: "[hash]" };
  if (Array.isArray(value)) return listOf(value, name);
  if (typeof value === "object") return branchOf(value, name);
  return leaf(worded(value, name, section));
}

function listOf(items: readonly unknown[], name: string): Branch | Leaf {
  const named = items.map((item) => typeof item === "object" && item !== null ? nameOf(item) : undefined);
  if (items.length > 0 && items.every((item) => typeof item !== "object")) {
    return leaf(items.map((item) => worded(item, name, "")).join(", "));
  }
  const distinct = new Set(named).size === items.length && named.every((each) => each !== undefined);
  const children = new Map<string, Branch | Leaf>();
  for (const [index, item] of items.entries()) {
    const node = nodeOf(item, name, "");
    if (node !== undefined) children.set(distinct ? named[index] ?? "" : `${index}`, node);
  }
  return { children, ordered: true };
}

function nameOf(item: object): string | undefined {
  for (const key of ["name", "topic", "id"]) {
    const found: unknown = Object.getOwnPropertyDescriptor(item, key)?.value;
    if (typeof found === "string") return found;
  }
  return undefined;
}

function worded(value: unknown, name: string, section: string): string {
  if (typeof value !== "number") return String(value);
  if (DURATIONS.has(name) || DURATIONS.has(`${section}.${name}`)) return formatDuration(value);
  return SIZES.has(name) ? formatSize(value) : String(value);
}

function leaf(text: string): Leaf {
  return { compared: text, shown: shown(text) };
}

/** What stands in the file where a rule has its condition. */
function written([key, value]: [string, unknown]): [string, unknown][] {
  return key === "condition" && isCondition(value) ? Object.entries(asWritten(value)) : [[key, value]];
}

function isCondition(value: unknown): value is AlertCondition {
  return typeof value === "object" && value !== null && "kind" in value;
}

/** A condition by the keys that it is written with. */
function asWritten(condition: AlertCondition): object {
  switch (condition.kind) {
    case "above":
    case "below":
      return { [condition.kind]: condition.limit, clear: condition.clear };
    case "outside":
    case "inside":
      return { [condition.kind]: [condition.low, condition.high] };
    case "equals":
    case "not_equals":
      return { [condition.kind]: condition.value };
    case "rate_above":
    case "rate_below":
      return { [condition.kind]: `${condition.limit}/${formatDuration(condition.per)}` };
    case "unchanged":
      return { unchanged_for: formatDuration(condition.unchangedFor) };
    case "silent":
      return { silent_for: formatDuration(condition.silentFor) };
  }
}
