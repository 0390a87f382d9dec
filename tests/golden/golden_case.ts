/**
 * Golden cases as they stand in their files; `golden_test.ts` says what they look like.
 * @module
 */
import { assert } from "@std/assert";
import { loadConfig, parseDuration, renderProblem } from "../../src/config/mod.ts";
import type { Rules } from "../../src/model/mod.ts";
import { memorySources } from "../unit/config/memory_sources.ts";

/** Where the cases are. */
export const FOLDER = new URL(".", import.meta.url).pathname;
/** What stands between what comes in and what comes out. */
export const LINE = "-".repeat(80);
const SMALLEST = "subscriptions:";

/** One file. */
export interface Case {
  /** Everything above the line, as it stands in the file. */
  readonly above: string;
  /** Configuration and profiles, by path. */
  readonly files: Readonly<Record<string, string>>;
  /** What happens, line by line. */
  readonly messages: readonly string[];
  /** What came out. */
  readonly below: string;
}

/** A line about a message. */
export interface MessageLine {
  readonly flags: readonly string[];
  readonly topic: string;
  readonly payload: Uint8Array;
}

/** Names of the files, sorted. */
export function caseNames(): string[] {
  return [...Deno.readDirSync(FOLDER)].map(({ name }) => name).filter((name) => name.endsWith(".txt")).sort();
}

/** Takes a file apart. */
export function parseCase(name: string, text: string): Case {
  const [above = "", below] = text.split(`\n${LINE}\n`);
  const files: Record<string, string> = {};
  for (const part of above.split(/^== /m).slice(1)) {
    const [, file = "", body = ""] = /^(\S+) ==\n([^]*)$/.exec(part) ?? [];
    files[file] = body;
  }
  const { messages, ...rest } = files;
  assert(messages !== undefined, `${name} has no "== messages =="`);
  const lines = messages.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  return { above, files: rest, messages: lines, below: below ?? "" };
}

/** The rules that a configuration of a case gives. */
export async function caseRules(files: Case["files"], file: string): Promise<Rules> {
  assert(files[file]?.includes(SMALLEST), `There is no configuration "${file}"`);
  const loaded = await loadConfig(file, memorySources(files));
  if (!loaded.ok) throw new Error(loaded.problems.map(renderProblem).join("\n"));
  return loaded.rules;
}

/** A duration as the configuration writes it, and `0`; ms. */
export function milliseconds(text: string): number {
  const parsed = parseDuration(text === "0" ? "0s" : text);
  if (typeof parsed !== "number") throw new Error(`"${text}" is no duration`);
  return parsed;
}

/**
 * The message of a line; `undefined` where the line is about something else.
 *
 * @param start what `@0s` stands for, ms
 */
export function messageLine(line: string, start: number): MessageLine | undefined {
  const [, ...words] = line.split(/\s+/);
  const topicAt = words.findIndex((word) => word.includes("/"));
  const topic = words[topicAt];
  if (topic === undefined || words[0] === "reload") return undefined;
  const text = withMoments(line.slice(line.indexOf(topic) + topic.length).trim(), start);
  const payload = text.startsWith("hex:") ? bytesOf(text.slice(4)) : new TextEncoder().encode(text);
  return { flags: words.slice(0, topicAt), topic, payload };
}

function withMoments(payload: string, start: number): string {
  return payload.replace(
    /@(-?)(\d+(?:ms|[smhd]))/g,
    (_all, sign: string, duration: string) =>
      String(start + (sign === "-" ? -1 : 1) * milliseconds(duration)),
  );
}

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/[0-9a-f]{2}/g) ?? [], (pair) => parseInt(pair, 16));
}
