import { type Document, isMap, isSeq, LineCounter, parseDocument, visit, type YAMLSeq } from "yaml";

/** What cannot be added, and why. */
export interface EditRefusal {
  /** Line in the text that was to be added, from 1; 0: the file itself is the trouble. */
  readonly line: number;
  /** The sentence for people. */
  readonly detail: string;
}

/** The beginning of a variable, and not of a `$${`. */
const VARIABLE = /(?<!\$)\$\{/;

/**
 * Adds entries to `subscriptions` of a configuration. All that stood there stays as it was written, with its comments;
 * only where the list is empty, missing or written in brackets is the file written anew by the YAML library, which
 * keeps comments and order.
 *
 * @param text the configuration
 * @param entries YAML: a list of subscriptions, or one
 */
export function addSubscriptions(text: string, entries: string): { readonly text: string } | EditRefusal {
  const wanted = readEntries(entries);
  if ("detail" in wanted) return wanted;
  const document = parseDocument(text);
  const root = document.contents;
  if (document.errors.length > 0 || (root !== null && !isMap(root))) {
    return ofFile("It is no YAML that entries can be added to");
  }
  const expected = expectedOf(document, wanted.items);
  const list = document.get("subscriptions");
  if (list !== undefined && list !== null && !isSeq(list)) return ofFile("Its subscriptions are no list");
  const inserted = isSeq(list) ? insertedInto(text, list, wanted.text) : undefined;
  if (inserted !== undefined && says(inserted, expected)) return { text: inserted };
  const written = rewritten(document, wanted.items);
  return says(written, expected) ? { text: written } : ofFile("Its subscriptions cannot be added to");
}

/**
 * Why a YAML text that came over the network must not be written to a file; `undefined` where it may.
 *
 * Variables of the environment would be filled in, and what is in them might be a secret. They are looked for in the
 * text and in what it says: within double quotes YAML has other ways to write a dollar.
 */
export function textRefusal(text: string): EditRefusal | undefined {
  const lines = text.split("\n");
  const found = lines.findIndex((line) => VARIABLE.test(line));
  if (found >= 0) return variable(found + 1);
  const places = new LineCounter();
  let written: EditRefusal | undefined;
  visit(parseDocument(text, { lineCounter: places }), {
    Scalar: (_, { value, range }) => {
      if (typeof value !== "string" || !VARIABLE.test(value)) return undefined;
      written = variable(places.linePos(range?.[0] ?? 0).line);
      return visit.BREAK;
    },
  });
  return written;
}

function variable(line: number): EditRefusal {
  return { line, detail: "Variables of the environment cannot be used here; write $${ for a ${" };
}

interface Entries {
  /** As a block list that begins in the first column. */
  readonly text: string;
  readonly items: readonly unknown[];
}

function readEntries(text: string): Entries | EditRefusal {
  const refused = textRefusal(text);
  if (refused !== undefined) return refused;
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error !== undefined) return { line: error.linePos?.[0].line ?? 1, detail: "It is no YAML" };
  let anchored = false;
  visit(document, {
    Alias: () => void (anchored = true),
    Node: (_, node) => void (anchored ||= "anchor" in node && node.anchor !== undefined),
  });
  if (anchored) return { line: 1, detail: "Anchors and aliases cannot be used here" };
  const { contents } = document;
  if (isMap(contents)) return readEntries(`- ${text.trimEnd().split("\n").join("\n  ")}\n`);
  if (!isSeq(contents) || contents.items.length === 0) {
    return { line: 1, detail: "It is neither a subscription nor a list of some" };
  }
  contents.flow = false;
  const items: unknown = document.toJS();
  return { text: document.toString({ lineWidth: 0 }), items: Array.isArray(items) ? items : [] };
}

/** Behind the last entry of a block list, as far to the right as that. */
function insertedInto(text: string, list: YAMLSeq, entries: string): string | undefined {
  const last = list.items.at(-1);
  const end = hasRange(last) ? last.range?.[1] : undefined;
  const start = list.range?.[0];
  if (list.flow === true || end === undefined || start === undefined) return undefined;
  const column = start - (text.lastIndexOf("\n", start - 1) + 1);
  // What ends with a block scalar ends behind its line break; else a comment may stand on the line.
  const lineEnd = text[end - 1] === "\n" ? end - 1 : text.indexOf("\n", end);
  const before = lineEnd < 0 ? text : text.slice(0, lineEnd);
  const after = lineEnd < 0 ? "" : text.slice(lineEnd + 1);
  const indent = " ".repeat(column);
  const lines = entries.trimEnd().split("\n").map((line) => line === "" ? line : indent + line);
  return `${before}\n${lines.join("\n")}\n${after}`;
}

function hasRange(node: unknown): node is { readonly range?: readonly [number, number, number] | null } {
  return typeof node === "object" && node !== null && "range" in node;
}

function rewritten(document: Document, items: readonly unknown[]): string {
  const list = document.get("subscriptions");
  if (isSeq(list)) {
    list.flow = false;
    for (const item of items) list.add(document.createNode(item));
  } else document.set("subscriptions", document.createNode(items));
  return document.toString({ lineWidth: 0 });
}

function expectedOf(document: Document, items: readonly unknown[]): string {
  const value: unknown = document.toJS();
  const root = typeof value === "object" && value !== null ? value : {};
  const before: unknown = Reflect.get(root, "subscriptions");
  return sorted({ ...root, subscriptions: [...(Array.isArray(before) ? before : []), ...items] });
}

/** Whether a text is the configuration that it should be. */
function says(text: string, expected: string): boolean {
  const document = parseDocument(text);
  if (document.errors.length > 0) return false;
  const value: unknown = document.toJS();
  return typeof value === "object" && value !== null && sorted(value) === expected;
}

/** As JSON, the top-level keys in one order: a list that was missing is added at the end. */
function sorted(value: object): string {
  return JSON.stringify(Object.entries(value).sort(([one], [other]) => one < other ? -1 : 1));
}

function ofFile(detail: string): EditRefusal {
  return { line: 0, detail };
}
