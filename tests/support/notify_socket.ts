import { until } from "./until.ts";

const PROGRAM = new URL("notify_socket_process.ts", import.meta.url).pathname;

/** A socket that hears what a service tells systemd. */
export class NotifySocket implements AsyncDisposable {
  /** Each datagram, in order. */
  readonly heard: string[] = [];
  /** Where it listens, for `NOTIFY_SOCKET`. */
  readonly path: string;
  readonly #folder: string;
  readonly #child: Deno.ChildProcess;
  readonly #reading: Promise<void>;

  private constructor(folder: string) {
    this.#folder = folder;
    this.path = `${folder}/notify`;
    this.#child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-lock", "--unstable-net", "-A", PROGRAM, this.path],
      stdin: "null",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    this.#reading = this.#read();
  }

  /** Listens. */
  static async open(): Promise<NotifySocket> {
    const socket = new NotifySocket(await Deno.makeTempDir({ prefix: "sluice_notify_" }));
    await until("the socket listens", () => socket.heard.shift() === "listening", { timeout: 20_000 });
    return socket;
  }

  /** Waits until a datagram holds a text; its number. */
  async hears(text: string, from = 0): Promise<number> {
    const found = (): number => this.heard.findIndex((each, index) => index >= from && each.includes(text));
    await until(`"${text}" is heard`, () => found() >= 0, { timeout: 30_000, state: () => this.heard });
    return found();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#child.status;
    await this.#reading;
    await Deno.remove(this.#folder, { recursive: true });
  }

  async #read(): Promise<void> {
    let rest = "";
    for await (const text of this.#child.stdout.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      // systemd-notify asks whether everything before was read, and is answered by the kernel.
      const texts = lines.map((line): string => JSON.parse(line)).filter((text) => text !== "BARRIER=1");
      this.heard.push(...texts);
    }
  }
}
