/** A program of these tests in a process of its own; the two talk in lines. */
export class ChildProcess {
  readonly #child: Deno.ChildProcess;
  readonly #lines: ReadableStreamDefaultReader<string>;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  #rest = "";

  /**
   * Starts it.
   *
   * @param script its file
   * @param argument what it takes as JSON in `Deno.args[0]`
   * @param flags further ones for `deno run`
   */
  constructor(script: URL, argument: unknown, flags: readonly string[] = []) {
    this.#child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-lock", ...flags, "-A", script.pathname, JSON.stringify(argument)],
      env: { NO_COLOR: "1" },
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    this.#lines = this.#child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    this.#input = this.#child.stdin.getWriter();
  }

  /** Its process id. */
  get pid(): number {
    return this.#child.pid;
  }

  /** Its next line. @throws where it ends without one */
  async line(): Promise<string> {
    while (!this.#rest.includes("\n")) {
      const { value, done } = await this.#lines.read();
      if (done) throw new Error(`Process ${this.pid} ended in the middle of "${this.#rest}"`);
      this.#rest += value;
    }
    const end = this.#rest.indexOf("\n");
    const line = this.#rest.slice(0, end);
    this.#rest = this.#rest.slice(end + 1);
    return line;
  }

  /** Says a line to it. */
  async say(line: string): Promise<void> {
    await this.#input.write(new TextEncoder().encode(`${line}\n`));
  }

  /** Kills it, if it still runs, and waits for its end. */
  async end(): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch (error) {
      // It has ended by itself.
      if (!(error instanceof TypeError)) throw error;
    }
    await this.#child.status;
    await this.#lines.cancel();
    await this.#input.close().catch(() => {});
  }
}

/** Prints a line for the parent. */
export async function tell(line: string): Promise<void> {
  const bytes = new TextEncoder().encode(`${line}\n`);
  for (let at = 0; at < bytes.length;) at += await Deno.stdout.write(bytes.subarray(at));
}

/** Waits for the parent's next word. */
export async function told(): Promise<void> {
  await Deno.stdin.read(new Uint8Array(256));
}

/** A moment that processes of one machine agree on, ms. */
export function moment(): number {
  return performance.timeOrigin + performance.now();
}
