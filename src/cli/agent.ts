import { runAgent, thisMachine } from "../../devices/agent/mod.ts";
import { systemClock } from "../clock.ts";
import { formatDuration, parseDuration } from "../config/mod.ts";
import { nameProblem, nameProblemText, shown } from "../model/mod.ts";
import { type CliIo, EXIT } from "./io.ts";

/** What `agent` is asked, as it was written; an empty text is an option that was not given. */
export interface AgentArgs {
  readonly broker: string;
  readonly site: string;
  readonly name: string;
  readonly every: string;
  readonly username: string;
  readonly passwordFile: string;
  readonly caFile: string;
}

const SCHEMES = ["mqtt:", "mqtts:", "ws:", "wss:"];

/** Shortest and longest time between two messages, ms. */
const [SHORTEST, LONGEST] = [1_000, 3_600_000];

/**
 * `agent`: reports on this machine until SIGTERM or SIGINT. At a terminal in words, else as JSON lines.
 *
 * @returns 0 ended as asked, and the broker has everything · 1 it has not · 2 wrong usage
 */
export async function agent(args: AgentArgs, io: CliIo): Promise<number> {
  const every = parseDuration(args.every);
  const wrong = problemOf(args, every);
  if (wrong !== undefined || typeof every !== "number") {
    io.stderr(`${wrong}\n`);
    return EXIT.usage;
  }
  const files: (string | undefined)[] = [];
  for (const [option, path] of [["password-file", args.passwordFile], ["ca-file", args.caFile]] as const) {
    try {
      files.push(path === "" ? undefined : await io.sources.readText(path));
    } catch (error) {
      io.stderr(`The file of --${option} cannot be read, found "${shown(path)}": ${wordsOf(error)}\n`);
      return EXIT.usage;
    }
  }
  const [password, ca] = files;
  const end = new AbortController();
  const stop = (): void => end.abort();
  Deno.addSignalListener("SIGINT", stop);
  Deno.addSignalListener("SIGTERM", stop);
  try {
    const { lost } = await runAgent({
      link: {
        url: args.broker,
        username: args.username === "" ? undefined : args.username,
        password: password?.replace(/\r?\n$/, ""),
        ca,
      },
      site: args.site,
      name: args.name === "" ? io.sources.hostName() : args.name,
      every,
    }, {
      machine: thisMachine(),
      clock: systemClock,
      signal: end.signal,
      say: (event, text) => io.stdout(io.isTerminal ? `${text}\n` : `${JSON.stringify({ event, text })}\n`),
    });
    return lost === 0 ? EXIT.done : EXIT.failed;
  } finally {
    Deno.removeSignalListener("SIGINT", stop);
    Deno.removeSignalListener("SIGTERM", stop);
  }
}

/** What is wrong with the options, in a sentence. */
function problemOf(args: AgentArgs, every: ReturnType<typeof parseDuration>): string | undefined {
  const { broker } = args;
  if (broker === "") return "agent needs --broker, e.g. mqtt://127.0.0.1:1883";
  const url = URL.canParse(broker) ? new URL(broker) : undefined;
  if (url === undefined || !SCHEMES.includes(url.protocol) || url.hostname === "") {
    return `The broker's address cannot be used, found "${
      shown(broker.replace(/\/\/[^/]*@/, "//[secret]@"))
    }", allowed ${SCHEMES.map((scheme) => `${scheme}//`).join(" ")} and a host`;
  }
  if (url.username !== "" || url.password !== "") {
    return "The broker's address holds a secret, allowed scheme, host and port, give --username and --password-file";
  }
  for (const [option, value] of [["site", args.site], ["name", args.name]] as const) {
    if (option === "name" && value === "") continue;
    const problem = /[+#/]/.test(value) ? "it is not one level of a topic" : undefined;
    const unfit = nameProblem(value);
    const why = problem ?? (unfit === undefined ? undefined : nameProblemText(unfit));
    if (why !== undefined) return `The ${option} cannot be used, found "${shown(value)}", ${why}`;
  }
  if (typeof every === "number" && every >= SHORTEST && every <= LONGEST) return undefined;
  return `The time between two messages cannot be used, found "${shown(args.every)}", allowed ${
    formatDuration(SHORTEST)
  } to ${formatDuration(LONGEST)}, e.g. 10s`;
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
