import { loadConfig } from "../config/mod.ts";
import { explain as explainMessage, type Step } from "../explain/mod.ts";
import { keyringOf } from "../gateway/mod.ts";
import { encodeLine } from "../forward/mod.ts";
import { shown } from "../model/mod.ts";
import { type CliIo, EXIT } from "./io.ts";
import { reportProblems } from "./report_problems.ts";

/** What `explain` is asked. */
export interface ExplainArgs {
  readonly config: string;
  readonly topic: string;
  /** The payload as text or `@file`, or the base64 of its bytes. */
  readonly payload: { readonly text: string; readonly isBase64: boolean };
}

/**
 * `explain`: shows one message's way. At a terminal in words, else as JSON lines; the points in line protocol.
 *
 * @returns 0 the message makes readings · 1 nothing of it goes on · 2 the configuration is wrong
 */
export async function explain(args: ExplainArgs, io: CliIo, wall: number): Promise<number> {
  const loaded = await loadConfig(args.config, io.sources);
  if (!loaded.ok) {
    reportProblems(loaded.problems, io);
    return EXIT.usage;
  }
  if (/[+#]/.test(args.topic)) {
    io.stderr(
      `The topic was "${args.topic}"; allowed is a topic as a device publishes it, without "+" and "#"\n`,
    );
    return EXIT.usage;
  }
  const payload = await payloadOf(args.payload, io);
  if (typeof payload === "string") {
    io.stderr(`${payload}\n`);
    return EXIT.usage;
  }
  const explanation = explainMessage(
    loaded.rules,
    args.topic,
    payload,
    wall,
    keyringOf(loaded.config),
  );
  for (const step of explanation.steps) {
    io.stdout(io.isTerminal ? words(step, io.color) : json(step));
  }
  for (const point of explanation.points) {
    const line = encodeLine(point);
    io.stdout(
      io.isTerminal
        ? `${"line".padEnd(WIDTH)} ${line}\n`
        : `${JSON.stringify({ step: "line", text: line })}\n`,
    );
  }
  return explanation.steps.some(({ step }) => step === "field") ? EXIT.done : EXIT.failed;
}

/** The bytes of a payload, or the sentence that says why there are none. */
async function payloadOf(
  { text, isBase64 }: ExplainArgs["payload"],
  io: CliIo,
): Promise<Uint8Array | string> {
  if (isBase64) {
    // Both alphabets of RFC 4648: what the tools of messages and of tokens print.
    const standard = text.replaceAll("-", "+").replaceAll("_", "/");
    try {
      return Uint8Array.from(atob(standard), (character) => character.charCodeAt(0));
    } catch {
      return `The payload is no base64, found "${shown(text)}"`;
    }
  }
  if (!text.startsWith("@")) return new TextEncoder().encode(text);
  const path = text.slice(1);
  try {
    return await io.readBytes(path);
  } catch (error) {
    return `The payload file "${path}" cannot be read: ${error instanceof Error ? error.message : error}`;
  }
}

const WIDTH = 14;

function json({ step, goesOn, text }: Step): string {
  return `${JSON.stringify({ step, goes_on: goesOn, text })}\n`;
}

function words({ step, goesOn, text }: Step, color: boolean): string {
  const [on, off] = color ? [goesOn ? "\x1b[32m" : "\x1b[31m", "\x1b[0m"] : ["", ""];
  return `${on}${step.padEnd(WIDTH)}${off} ${text}\n`;
}
