import { loadConfig } from "../config/mod.ts";
import { explain as explainMessage, type Step } from "../explain/mod.ts";
import { encodeLine } from "../forward/mod.ts";
import { type CliIo, EXIT } from "./io.ts";
import { reportProblems } from "./report_problems.ts";

/** What `explain` is asked. */
export interface ExplainArgs {
  readonly config: string;
  readonly topic: string;
  /** The payload as text, or `@file`. */
  readonly payload: string;
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
  let text = args.payload;
  if (text.startsWith("@")) {
    try {
      text = await io.sources.readText(text.slice(1));
    } catch (error) {
      io.stderr(
        `The payload file "${text.slice(1)}" cannot be read: ${
          error instanceof Error ? error.message : error
        }\n`,
      );
      return EXIT.usage;
    }
  }
  const explanation = explainMessage(loaded.rules, args.topic, new TextEncoder().encode(text), wall);
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

const WIDTH = 14;

function json({ step, goesOn, text }: Step): string {
  return `${JSON.stringify({ step, goes_on: goesOn, text })}\n`;
}

function words({ step, goesOn, text }: Step, color: boolean): string {
  const [on, off] = color ? [goesOn ? "\x1b[32m" : "\x1b[31m", "\x1b[0m"] : ["", ""];
  return `${on}${step.padEnd(WIDTH)}${off} ${text}\n`;
}
