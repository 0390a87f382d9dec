import type { ExplainAnswer } from "../api/mod.ts";
import { iso8601, rfc3339, shown } from "../model/mod.ts";
import { type CliIo, EXIT } from "./io.ts";

/** What `explain` is asked of a reading of the past. */
export interface ExplainPastArgs {
  readonly device: string;
  readonly time: string;
  readonly field: string | undefined;
  /** Address of the gateway's API. */
  readonly url: string;
  readonly tokenFile: string | undefined;
}

/** Posts JSON to a URL; rejects where nothing answers. */
export type Post = (
  url: string,
  body: object,
  token: string | undefined,
) => Promise<{ readonly status: number; readonly text: string }>;

/** How long an answer may take, ms: the gateway gives up before. */
const PATIENCE = 15_000;
const WIDTH = 14;
const COLOURS = { ok: "\x1b[32m", refused: "\x1b[31m", info: "\x1b[33m" } as const;

/**
 * `explain --device --time`: asks a running gateway for the way of a reading of the past. At a terminal in words, else
 * as JSON lines.
 *
 * @returns 0 its message is still there · 1 it is not, or the gateway does not answer · 2 wrong usage
 */
export async function explainPast(
  args: ExplainPastArgs,
  io: CliIo,
  post: Post = postOverHttp,
): Promise<number> {
  const base = URL.parse(args.url);
  if (base === null || !["http:", "https:"].includes(base.protocol)) {
    return refuse(`The address cannot be read, found "${shown(args.url)}"; allowed is http://HOST:PORT`, io);
  }
  const moment = iso8601(args.time);
  if (moment === undefined) {
    return refuse(
      `--time was "${shown(args.time)}"; allowed is a moment with its zone, such as 2026-11-28T14:00:00Z`,
      io,
    );
  }
  const { device, field } = args;
  const wish = { device, time: rfc3339(moment.ms), ...(field === undefined ? {} : { field }) };
  const url = new URL("/api/v1/explain", base).href;
  try {
    const token = args.tokenFile === undefined
      ? undefined
      : (await io.sources.readText(args.tokenFile)).trim();
    const { status, text } = await post(url, wish, token);
    if (status !== 200) {
      io.stderr(`The gateway answers ${status}: ${shown(text)}\n`);
      return EXIT.failed;
    }
    return told(JSON.parse(text), io);
  } catch (error) {
    io.stderr(
      `The gateway at ${base.origin} cannot be asked: ${error instanceof Error ? error.message : error}\n`,
    );
    return EXIT.failed;
  }
}

function told({ steps, points }: ExplainAnswer, io: CliIo): number {
  for (const { step, outcome, text, facts } of steps) {
    const [on, off] = io.color ? [COLOURS[outcome], "\x1b[0m"] : ["", ""];
    io.stdout(
      io.isTerminal
        ? `${on}${step.padEnd(WIDTH)}${off} ${text}\n`
        : `${JSON.stringify({ step, outcome, text, facts })}\n`,
    );
  }
  for (const line of points) {
    io.stdout(
      io.isTerminal
        ? `${"line".padEnd(WIDTH)} ${line}\n`
        : `${JSON.stringify({ step: "line", text: line })}\n`,
    );
  }
  return steps[0]?.facts.from === "none" ? EXIT.failed : EXIT.done;
}

function refuse(text: string, io: CliIo): number {
  io.stderr(`${text}\n`);
  return EXIT.usage;
}

async function postOverHttp(
  url: string,
  body: object,
  token: string | undefined,
): Promise<{ status: number; text: string }> {
  const response = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      // Without a token the gateway wants to be sure that no web page is asking.
      ...(token === undefined ? { "x-sluice-request": "page" } : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(PATIENCE),
    redirect: "manual",
  });
  return { status: response.status, text: await response.text() };
}
