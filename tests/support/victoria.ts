import { freePort } from "./ports.ts";
import { needService } from "./services.ts";
import { until } from "./until.ts";

/** One series as `/api/v1/export` gives it. */
export interface VictoriaSeries {
  /** Labels; `__name__` is measurement and field joined by `_`. */
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly number[];
  /** Times in ms. */
  readonly timestamps: readonly number[];
}

/** A real VictoriaMetrics of one test. */
export interface Victoria {
  readonly url: string;
  readonly pid: number | undefined;
  /** All samples of the series that a selector matches, e.g. `{__name__=~"climate_.*"}`; flushes first. */
  export(selector: string): Promise<readonly VictoriaSeries[]>;
  /** Starts it (again) on the same port with the same data. */
  start(): Promise<void>;
  /** Ends it in order: it writes what it holds in memory. */
  stop(): Promise<void>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  /** Ends it and removes its folder. */
  remove(): Promise<void>;
}

/**
 * Starts a VictoriaMetrics on a free loopback port in a temp folder; of several values at one timestamp it keeps
 * the largest (`-dedup.minScrapeInterval=1ms`), unless it is to keep all of them, as it does when nothing is said.
 *
 * @returns the running database, or `undefined` where it is not installed (the reason is printed)
 */
export async function startVictoria(
  options: { readonly keepsAll?: boolean } = {},
): Promise<Victoria | undefined> {
  const program = needService("victoria-metrics");
  if (program === undefined) return undefined;
  const folder = await Deno.makeTempDir({ prefix: "sluice_victoria_" });
  const database = new Database(
    program,
    folder,
    options.keepsAll === true ? [] : ["-dedup.minScrapeInterval=1ms"],
  );
  await database.start();
  return database;
}

class Database implements Victoria {
  readonly #port = freePort();
  #child: Deno.ChildProcess | undefined;

  constructor(readonly program: string, readonly folder: string, readonly flags: readonly string[]) {}

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  async export(selector: string): Promise<readonly VictoriaSeries[]> {
    const flushed = await fetch(`${this.url}/internal/force_flush`);
    await flushed.body?.cancel();
    const response = await fetch(`${this.url}/api/v1/export`, {
      method: "POST",
      body: new URLSearchParams({ "match[]": selector, reduce_mem_usage: "0" }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`VictoriaMetrics refused "${selector}": ${text}`);
    return text.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
  }

  async start(): Promise<void> {
    const child = new Deno.Command(this.program, {
      args: [
        `-storageDataPath=${this.folder}/data`,
        `-httpListenAddr=127.0.0.1:${this.#port}`,
        ...this.flags,
        "-retentionPeriod=100y",
        "-memory.allowedBytes=64MB",
        "-loggerLevel=ERROR",
      ],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    this.#child = child;
    let ended: number | undefined;
    child.status.then((status) => ended = status.code);
    await until("VictoriaMetrics answers", async () => {
      if (ended !== undefined) throw new Error(`victoria-metrics ended with ${ended}`);
      return await answers(`${this.url}/health`);
    }, { timeout: 30_000, every: 20 });
  }

  async stop(): Promise<void> {
    await this.#end("SIGINT");
  }

  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  async remove(): Promise<void> {
    await this.kill();
    await Deno.remove(this.folder, { recursive: true });
  }

  async #end(signal: Deno.Signal): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    this.#child = undefined;
    try {
      child.kill(signal);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
    await child.status;
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url);
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
