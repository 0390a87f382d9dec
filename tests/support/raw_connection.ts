import { until } from "./until.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder("latin1");

/** A TCP connection whose bytes a test writes itself: what no HTTP client would send. */
export class RawConnection implements AsyncDisposable {
  readonly #connection: Deno.TcpConn;
  readonly #reading: Promise<void>;
  #text = "";
  #closed = false;

  private constructor(connection: Deno.TcpConn, reads: boolean) {
    this.#connection = connection;
    this.#reading = reads ? this.#read() : Promise.resolve();
  }

  /**
   * Connects to a port of loopback.
   *
   * @param reads it takes what comes; otherwise it leaves it with the other side
   */
  static async open(port: number, reads = true): Promise<RawConnection> {
    return new RawConnection(await Deno.connect({ hostname: "127.0.0.1", port }), reads);
  }

  /** What came so far; Latin 1, so that any byte is one character. */
  get text(): string {
    return this.#text;
  }

  /** The other side has closed it, or cut it off. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Writes; says whether the other side still took it. */
  async write(data: string | Uint8Array): Promise<boolean> {
    let rest = typeof data === "string" ? encoder.encode(data) : data;
    try {
      while (rest.length > 0) rest = rest.subarray(await this.#connection.write(rest));
      return true;
    } catch {
      return false;
    }
  }

  /** Writes byte by byte, with a pause between two, until all is said or the other side has had enough. */
  async dribble(text: string, pause = 20): Promise<void> {
    for (const character of text) {
      if (this.#closed || !await this.write(character)) return;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }

  /** Closes our side for writing; theirs goes on. */
  async halfClose(): Promise<void> {
    await this.#connection.closeWrite();
  }

  /**
   * Waits until the other side has closed it.
   *
   * @returns all that came
   */
  async end(): Promise<string> {
    await until("the other side closes the connection", () => this.#closed, {
      timeout: 60_000,
      state: () => this.#text.slice(0, 500),
    });
    return this.#text;
  }

  /**
   * Waits until so many answers have begun.
   *
   * @returns all that came
   */
  async answers(count = 1): Promise<string> {
    const begun = (): number => this.statuses.length;
    await until(`${count} answers have come`, () => begun() >= count, {
      timeout: 60_000,
      state: () => [this.#closed, this.#text.slice(0, 500)],
    });
    return this.#text;
  }

  /** The statuses of the answers so far, in their order. */
  get statuses(): number[] {
    return [...this.#text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
  }

  /** The status of the last answer; `undefined` where none came. */
  get status(): number | undefined {
    return this.statuses.at(-1);
  }

  /** Closes it. */
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#connection.close();
    } catch {
      // The other side's reset has closed it already.
    }
    await this.#reading;
  }

  async #read(): Promise<void> {
    const buffer = new Uint8Array(65_536);
    try {
      while (true) {
        const got = await this.#connection.read(buffer);
        if (got === null) break;
        this.#text += decoder.decode(buffer.subarray(0, got));
      }
    } catch {
      // Cut off, or disposed.
    }
    this.#closed = true;
  }
}
