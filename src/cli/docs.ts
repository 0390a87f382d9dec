import { limitWords } from "../api/mod.ts";
import { configJsonSchema, profileJsonSchema } from "../config/mod.ts";
import { describeMetrics } from "../gateway/mod.ts";
import { reasonWords } from "../model/mod.ts";
import { type CliIo, EXIT } from "./io.ts";
import { keyLines } from "./reference/key_lines.ts";
import { EXITS, FORMATS } from "./reference/words.ts";

/** What the reference says of a command. */
export interface CommandFacts {
  /** How it is written. */
  readonly usage: string;
  /** What it does. */
  readonly about: string;
}

/**
 * `docs`: prints the reference in Markdown: every key of the configuration and of a profile, every format, reason of
 * the quarantine, metric, command and exit code, from the very tables that the program runs by.
 *
 * @returns 0
 */
export function docs(io: CliIo, commands: readonly CommandFacts[]): number {
  const codes: Readonly<Record<string, number>> = EXIT;
  const parts: readonly (readonly [title: string, about: string, lines: readonly string[]])[] = [
    [
      "Configuration",
      "Keys of `gateway.yaml`. `[]` stands for each entry of a list, `*` for any name. " +
      "[gateway.yaml](gateway.yaml) shows them in their places.",
      keyLines({ ...configJsonSchema() }),
    ],
    [
      "Profile",
      "Keys of a device profile, `devices/profiles/*.yaml`.",
      keyLines({ ...profileJsonSchema() }),
    ],
    ["Formats", "Values of `subscriptions[].format`.", entries(Object.entries(FORMATS))],
    [
      "Reasons of the quarantine",
      "Why something was refused: the `reason` of an entry, and its sentence. The API and the page add the field, what " +
      "was found and what is allowed.",
      entries(reasonWords()),
    ],
    [
      "Metrics",
      "Names, types and meanings on `/metrics`, in the Prometheus text format.",
      describeMetrics().map(({ name, type, help }) => `- **\`${name}\`** (${type}): ${help}`),
    ],
    [
      "Limits of the API",
      "What one client may cost, whoever it is. None of them is an option.",
      entries(limitWords()),
    ],
    [
      "Commands",
      "`main.ts COMMAND`; `deno task` lists those that have a task.",
      commands.map(({ usage, about }) => `- \`${usage}\`: ${about}`),
    ],
    [
      "Exit codes",
      "Of every command.",
      entries(Object.entries(EXITS).map(([name, words]) => [String(codes[name]), words])),
    ],
  ];
  const head =
    "# Reference\n\nMade from the program's own tables by `deno task docs`; do not edit it by hand.\n";
  const body = parts.map(([title, about, lines]) => `\n## ${title}\n\n${about}\n\n${lines.join("\n")}\n`);
  io.stdout(head + body.join(""));
  return EXIT.done;
}

function entries(pairs: readonly (readonly [name: string, words: string])[]): string[] {
  return pairs.map(([name, words]) => `- **\`${name}\`**: ${words}`);
}
