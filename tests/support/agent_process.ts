import { ROOT } from "./gateway_process.ts";

/** A line that the agent said. */
export interface AgentLine {
  readonly event: string;
  readonly text: string;
}

/** The agent as `deno task agent` runs it, with that task's own permissions. */
export class AgentProcess implements AsyncDisposable {
  /** What it said so far. */
  readonly lines: AgentLine[] = [];
  readonly #child: Deno.ChildProcess;
  readonly #reading: Promise<void>;

  private constructor(command: string[]) {
    const [program, ...args] = command;
    this.#child = new Deno.Command(program === "deno" ? Deno.execPath() : String(program), {
      args,
      cwd: ROOT,
      env: { NO_COLOR: "1" },
      stdin: "null",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    this.#reading = this.#read();
  }

  /** Starts it. */
  static async start(args: readonly string[]): Promise<AgentProcess> {
    const { tasks } = JSON.parse(await Deno.readTextFile(`${ROOT}deno.json`));
    return new AgentProcess([...tasks.agent.command.split(" "), ...args]);
  }

  /** SIGTERM or another signal; the exit code. */
  async stop(signal: Deno.Signal = "SIGTERM"): Promise<number> {
    this.#child.kill(signal);
    const { code } = await this.#child.status;
    await this.#reading;
    return code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch (error) {
      // It has ended by itself.
      if (!(error instanceof TypeError)) throw error;
    }
    await this.#child.status;
    await this.#reading;
  }

  async #read(): Promise<void> {
    let rest = "";
    for await (const text of this.#child.stdout.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      this.lines.push(...lines.map((line): AgentLine => JSON.parse(line)));
    }
  }
}
