import type { NamedLines } from "./verdict.ts";

/** Longest words that are kept. */
const LONGEST = 400;

/** An error body taken apart. */
export interface ServerError {
  /** The message, one line, shortened. */
  readonly words: string;
  /** The message as it came. */
  readonly message: string;
  readonly named: NamedLines;
}

/**
 * Reads the error body of InfluxDB 1.x (`{"error": …}`), 2.x (`{"code": …, "message": …}`), Cloud (the same with
 * `line`), 3 (`{"error": …, "data": [{"line_number": …, "original_line": …}]}`) and VictoriaMetrics (text).
 */
export function readServerError(body: string, headerError: string | undefined): ServerError {
  const json = jsonObject(body);
  const texts: string[] = [];
  const numbers: number[] = [];
  let message = "";
  if (json !== undefined) {
    message = text(json.message) ?? text(json.error) ?? "";
    if (typeof json.line === "number") numbers.push(json.line);
    const details = Array.isArray(json.data) ? json.data : [json.data];
    for (const detail of details.filter(isRecord)) {
      if (typeof detail.line_number === "number") numbers.push(detail.line_number);
      const original = text(detail.original_line);
      if (original !== undefined) texts.push(original);
      const reason = text(detail.error_message);
      if (reason !== undefined && !message.includes(reason)) message += `: ${reason}`;
    }
  }
  if (message === "") message = headerError ?? body;
  for (const match of message.matchAll(/unable to parse '([\s\S]*?)': /g)) texts.push(match[1] ?? "");
  return { words: visible(message), message, named: { texts, numbers } };
}

/** A page for browsers rather than an answer of a database. */
export function isWebPage(body: string, contentType: string): boolean {
  return /^text\/html/i.test(contentType) || /^\s*<(!doctype|html|head|body)\b/i.test(body);
}

/** One line, without control characters, shortened. */
export function visible(message: string): string {
  const line = message.replace(/\p{Cc}+/gu, " ").trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
}

function jsonObject(body: string): Record<string, unknown> | undefined {
  if (!body.trimStart().startsWith("{")) return undefined;
  try {
    const value: unknown = JSON.parse(body);
    return isRecord(value) ? value : undefined;
  } catch {
    // Cut off after 8 KiB: the text itself is all there is.
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
