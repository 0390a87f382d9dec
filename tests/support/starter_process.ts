import { endProcess } from "./end_process.ts";
import { type Answer, ROOT } from "./gateway_process.ts";
import { until } from "./until.ts";

/** A gateway in a bare folder, started as `deno task start` does, with the rights of that task and no more. */
export class StarterProcess implements AsyncDisposable {
  /** What it has said on both streams so far. */
  said = "";
  readonly #child: Deno.ChildProcess;
  readonly #reading: Promise<unknown>;
  #ended = false;

  private constructor(child: Deno.ChildProcess) {
    this.#child = child;
    const read = async (stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<void> => {
      for await (const text of stream.pipeThrough(new TextDecoderStream())) this.said += text;
    };
    this.#reading = Promise.all([read(child.stdout), read(child.stderr)]);
    void child.status.then(() => this.#ended = true);
  }

  /** Starts it, and waits until it runs. */
  static async start(folder: string): Promise<StarterProcess> {
    const { tasks } = JSON.parse(await Deno.readTextFile(`${ROOT}deno.json`));
    const flags = /^deno run (.*?) main\.ts run$/.exec(tasks.start.command)?.[1]?.split(" ");
    if (flags === undefined) throw new Error(`deno task start is "${tasks.start.command}"`);
    const command = new Deno.Command(Deno.execPath(), {
      args: ["run", ...flags, `${ROOT}main.ts`, "run"],
      cwd: folder,
      env: { NO_COLOR: "1" },
      stdout: "piped",
      stderr: "piped",
    });
    const process = new StarterProcess(command.spawn());
    try {
      await until("the gateway has started, or ended", () => process.#ended || process.#started, {
        timeout: 60_000,
        every: 20,
        state: () => process.said,
      });
      if (process.#ended) throw new Error(`The gateway ended: ${process.said}`);
    } catch (error) {
      await process[Symbol.asyncDispose]();
      throw error;
    }
    return process;
  }

  get #started(): boolean {
    return this.said.includes('"gateway_started"');
  }

  /** A fact of the line that tells of its start. */
  fact(name: string): string {
    const line = this.said.split("\n").find((each) => each.includes('"gateway_started"')) ?? "{}";
    return String(JSON.parse(line)[name]);
  }

  /** Address of the API. */
  get url(): string {
    return this.fact("api");
  }

  /** Asks the API as the page does; the answer as JSON. */
  async ask(path: string, method = "GET", body?: unknown): Promise<Pick<Answer, "status" | "body">> {
    const answer = await fetch(`${this.url}${path}`, {
      method,
      headers: { "x-sluice-request": "page", "Content-Type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, body: text === "" ? null : JSON.parse(text) };
  }

  /** Ends it in order. @returns its exit code */
  async end(): Promise<number> {
    this.#child.kill("SIGTERM");
    const { code } = await this.#child.status;
    await this.#reading;
    return code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await endProcess(this.#child);
    await this.#reading;
  }
}
