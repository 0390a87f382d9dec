import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import { aliasTargets } from "./alias_targets.ts";
import { shown } from "../model/mod.ts";
import { type KeyPath, pathText } from "./key_path.ts";
import type { ConfigFacts, ConfigProblem, ConfigReason } from "./problem.ts";
import { expand } from "./expand.ts";
import { YAML_WORDS } from "./yaml_words.ts";

/** Largest file, bytes. */
const LARGEST = 1_048_576;
/** Deepest nesting. */
const DEEPEST = 64;
const DEPTH: ConfigFacts = { allowed: `at most ${DEEPEST} levels` };
/** Most nodes that aliases may add: a "billion laughs" file stops here. */
const MOST_ALIASED = 10_000;

/** Keys whose values are secrets, wherever they stand; and keys whose entries are. */
const SECRET_KEYS: ReadonlySet<unknown> = new Set([
  "password",
  "token",
  "secret",
  "webhook",
  "tokens",
  "hash",
]);
const SECRET_PARENTS: ReadonlySet<unknown> = new Set(["headers", "webhook", "tokens"]);

/** Reasons whose `found` is the name of a key or variable, never a value. */
const KEY_REASONS: ReadonlySet<ConfigReason> = new Set([
  "missing_variable",
  "duplicate_key",
]);

/** Reasons that leave holes in the value. */
const GAVE_UP: ReadonlySet<ConfigReason> = new Set(["too_deep", "alias_abuse", "yaml_syntax"]);

/** A token of the API, wherever it stands. */
const TOKEN = /sluice_[\w-]{40}/;

/** A secret that someone put where the path of its file belongs: a path seldom looks like this. */
function looksRandom(text: string): boolean {
  if (/^[0-9a-f]{32,}$/i.test(text)) return true;
  return text.length >= 20 && /[0-9]/.test(text) && /[a-z]/.test(text) && /[A-Z]/.test(text);
}

/** Offsets of a key and of its value. */
interface Mark {
  readonly key: number;
  readonly value: number;
}

/**
 * One YAML file: its plain value with environment variables filled in, the place of everything in it, and the
 * problems of reading it. A key without a value (`ca_file:`) counts as left out.
 */
export class SourceFile {
  readonly file: string;
  /** Syntax and expansion problems, in the order of the file. */
  readonly problems: { readonly path: KeyPath; readonly problem: ConfigProblem }[] = [];
  /** The content; `undefined` for an empty file or one that cannot be understood. */
  readonly value: unknown;

  readonly #lines = new LineCounter();
  readonly #marks = new Map<string, Mark>();
  /** What stands in the file where the value came from the environment: shown instead of it. */
  readonly #written = new Map<string, string>();
  readonly #env: (name: string) => string | undefined;
  #targets: ReadonlyMap<Node, Node> = new Map();
  #aliased = 0;

  /** @param verbatim a top-level key whose content is data: nothing is filled in, `null` stays `null` */
  constructor(
    file: string,
    text: string,
    env: (name: string) => string | undefined,
    readonly verbatim?: string,
  ) {
    this.file = file;
    this.#env = env;
    this.value = this.#read(text);
  }

  /** Makes a problem of this file. A secret or a value of the environment is never shown as `found`. */
  problem(
    path: KeyPath,
    reason: ConfigReason,
    facts: ConfigFacts = {},
    at: "key" | "value" = "value",
  ): ConfigProblem {
    const place = this.#place(path, at);
    const found = KEY_REASONS.has(reason) || at === "key" ? facts.found : this.#showable(path, facts.found);
    return {
      file: this.file,
      ...place,
      path: pathText(path),
      reason,
      ...(found === undefined ? {} : { found: shown(found) }),
      ...(facts.allowed === undefined ? {} : { allowed: facts.allowed }),
      ...(facts.hint === undefined ? {} : { hint: facts.hint }),
    };
  }

  #showable(path: KeyPath, found: string | undefined): string | undefined {
    if (found === undefined) return undefined;
    if (SECRET_KEYS.has(path.at(-1)) || SECRET_PARENTS.has(path.at(-2))) return undefined;
    const written = this.#written.get(JSON.stringify(path)) ?? found;
    const key = path.findLast((part) => typeof part === "string");
    const isFile = typeof key === "string" && /_files?$/.test(key);
    return (isFile && looksRandom(written)) || TOKEN.test(written) ? undefined : written;
  }

  /** The place of a path, or of the nearest thing around it that stands in the file. */
  #place(path: KeyPath, at: "key" | "value"): { line: number; column: number } {
    for (let length = path.length; length >= 0; length--) {
      const mark = this.#marks.get(JSON.stringify(path.slice(0, length)));
      if (mark === undefined) continue;
      // What is missing is shown at the key of the mapping that lacks it.
      const position = this.#lines.linePos(at === "key" || length < path.length ? mark.key : mark.value);
      return { line: position.line, column: position.col };
    }
    return { line: 1, column: 1 };
  }

  #add(path: KeyPath, offset: number, reason: ConfigReason, facts: ConfigFacts = {}): void {
    const position = this.#lines.linePos(offset);
    const problem = { ...this.problem(path, reason, facts), line: position.line, column: position.col };
    this.problems.push({ path, problem });
  }

  #read(text: string): unknown {
    const bytes = new TextEncoder().encode(text).length;
    if (bytes > LARGEST) {
      this.#lines.addNewLine(0);
      this.#add([], 0, "too_large", { found: `${bytes} bytes`, allowed: `at most ${LARGEST}` });
      return undefined;
    }
    const document = parseDocument(text, {
      lineCounter: this.#lines,
      prettyErrors: false, // places are ours
      uniqueKeys: false, // judged below, so that a doubled key does not hide what else is wrong
    });
    for (const error of [...document.errors, ...document.warnings]) {
      // The parser calls itself for each level: thousands of brackets exhaust its stack.
      const tooDeep = error.code === "RESOURCE_EXHAUSTION";
      this.#add(
        [],
        error.pos[0],
        tooDeep ? "too_deep" : "yaml_syntax",
        tooDeep ? DEPTH : { hint: YAML_WORDS[error.code] },
      );
    }
    if (document.contents === null || this.problems.length > 0) return undefined;
    this.#marks.set("[]", { key: 0, value: document.contents.range?.[0] ?? 0 });
    this.#targets = aliasTargets(document);
    const value = this.#walk(document.contents, [], []);
    // A value with holes where the walk gave up would be judged for what is missing in it.
    return this.problems.some((one) => GAVE_UP.has(one.problem.reason)) ? undefined : value;
  }

  /** @param open the targets of the aliases that this node is reached through */
  #walk(node: Node, path: KeyPath, open: readonly Node[]): unknown {
    const offset = node.range?.[0] ?? 0;
    if (path.length > DEEPEST) {
      if (!this.problems.some((one) => one.problem.reason === "too_deep")) {
        this.#add(path.slice(0, 4), offset, "too_deep", DEPTH);
      }
      return undefined;
    }
    if (open.length > 0 && ++this.#aliased > MOST_ALIASED) {
      if (this.#aliased === MOST_ALIASED + 1) {
        this.#add(path.slice(0, 4), offset, "alias_abuse", { allowed: `at most ${MOST_ALIASED} values` });
      }
      return undefined;
    }
    if (isAlias(node)) {
      const target = this.#targets.get(node);
      if (target === undefined) {
        const hint = "no anchor of this name stands before it";
        this.#add(path, offset, "yaml_syntax", { found: node.source, hint });
        return undefined;
      }
      if (open.includes(target)) {
        this.#add(path, offset, "alias_abuse", { found: node.source, hint: "an alias must not hold itself" });
        return undefined;
      }
      return this.#walk(target, path, [...open, target]);
    }
    if (isMap<Node, Node | null>(node)) return this.#walkMap(node.items, path, open);
    if (isSeq<Node>(node)) {
      return node.items.map((item, index) => {
        const here = [...path, index];
        const at = item.range?.[0] ?? offset;
        this.#marks.set(JSON.stringify(here), { key: at, value: at });
        return this.#walk(item, here, open);
      });
    }
    return isScalar(node) ? this.#scalar(node.value, path, offset) : undefined;
  }

  #walkMap(
    pairs: readonly { readonly key: Node; readonly value: Node | null }[],
    path: KeyPath,
    open: readonly Node[],
  ): Record<string, unknown> {
    const map: Record<string, unknown> = {};
    for (const pair of pairs) {
      const at = pair.key.range?.[0] ?? 0;
      if (!isScalar(pair.key) || pair.key.value === "__proto__") {
        this.#add(path, at, "bad_key", { allowed: "a word" });
        continue;
      }
      const key = String(pair.key.value);
      const here = [...path, key];
      if (Object.hasOwn(map, key)) {
        this.#add(here, at, "duplicate_key", { found: key });
        continue;
      }
      this.#marks.set(JSON.stringify(here), { key: at, value: pair.value?.range?.[0] ?? at });
      map[key] = pair.value === null ? undefined : this.#walk(pair.value, here, open);
    }
    return map;
  }

  #scalar(value: unknown, path: KeyPath, offset: number): unknown {
    const data = this.verbatim !== undefined && path[0] === this.verbatim;
    if (data) return value;
    if (value === null && typeof path.at(-1) === "string") return undefined;
    if (typeof value !== "string") return value;
    const result = expand(value, this.#env);
    if (result.kind === "text") {
      if (result.expanded) this.#written.set(JSON.stringify(path), value);
      return result.text;
    }
    this.#add(path, offset, result.reason, result.facts);
    return value;
  }
}
