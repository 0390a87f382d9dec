import { freePort } from "./ports.ts";
import { needService } from "./services.ts";
import { until } from "./until.ts";

/** What the database of a test is like. */
export interface InfluxdOptions {
  /** Databases to create; default `telemetry`. */
  readonly databases?: readonly string[];
  /** Series it takes at most; 0 for no limit. */
  readonly maxSeries?: number;
  /** Largest request body in bytes. */
  readonly maxBody?: number;
  /** User and password that every request then needs. */
  readonly admin?: { readonly name: string; readonly password: string };
}

/** One series of an answer, as InfluxDB 1.x gives it. */
export interface InfluxSeries {
  readonly name: string;
  readonly columns: readonly string[];
  readonly values: readonly (readonly (string | number | boolean | null)[])[];
}

/** A real InfluxDB 1.x of one test. */
export interface Influxd {
  readonly url: string;
  readonly pid: number | undefined;
  /** Runs InfluxQL; times come back as text, nanoseconds. */
  query(ql: string, database?: string): Promise<readonly InfluxSeries[]>;
  /** Starts it (again) on the same port with the same data; with other limits, where it is given some. */
  start(limits?: Pick<InfluxdOptions, "maxSeries" | "maxBody">): Promise<void>;
  /** Ends it in order. */
  stop(): Promise<void>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  /** Ends it and removes its folder. */
  remove(): Promise<void>;
}

/**
 * Starts an InfluxDB 1.x on free loopback ports in a temp folder.
 *
 * @returns the running database, or `undefined` where it is not installed (the reason is printed)
 */
export async function startInfluxd(options: InfluxdOptions = {}): Promise<Influxd | undefined> {
  const program = needService("influxd");
  if (program === undefined) return undefined;
  const folder = await Deno.makeTempDir({ prefix: "sluice_influxd_" });
  const database = new Database(program, folder, options);
  await database.start();
  if (options.admin !== undefined) {
    await database.query(
      `CREATE USER ${options.admin.name} WITH PASSWORD '${options.admin.password}' WITH ALL PRIVILEGES`,
    );
  }
  for (const name of options.databases ?? ["telemetry"]) await database.query(`CREATE DATABASE "${name}"`);
  return database;
}

class Database implements Influxd {
  readonly #port = freePort();
  readonly #rpcPort = freePort();
  #child: Deno.ChildProcess | undefined;

  constructor(readonly program: string, readonly folder: string, private options: InfluxdOptions) {}

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  async query(
    ql: string,
    database = this.options.databases?.[0] ?? "telemetry",
  ): Promise<readonly InfluxSeries[]> {
    const { admin } = this.options;
    const response = await fetch(`${this.url}/query?${new URLSearchParams({ db: database, epoch: "ns" })}`, {
      method: "POST",
      body: new URLSearchParams({ q: ql }),
      headers: admin === undefined
        ? {}
        : { authorization: `Basic ${btoa(`${admin.name}:${admin.password}`)}` },
    });
    // Nanoseconds, the first column, are beyond what a JSON number keeps: text before they are parsed.
    const text = (await response.text()).replace(/\[(-?\d+)(?=[,\]])/g, '["$1"');
    const answer: { error?: string; results?: { error?: string; series?: InfluxSeries[] }[] } = JSON.parse(
      text,
    );
    const error = answer.error ?? answer.results?.find((result) => result.error !== undefined)?.error;
    if (error !== undefined) throw new Error(`InfluxDB refused "${ql}": ${error}`);
    return answer.results?.flatMap((result) => result.series ?? []) ?? [];
  }

  async start(limits: Pick<InfluxdOptions, "maxSeries" | "maxBody"> = {}): Promise<void> {
    const file = `${this.folder}/influxdb.conf`;
    this.options = { ...this.options, ...limits };
    await Deno.writeTextFile(file, this.#configuration());
    const child = new Deno.Command(this.program, {
      args: ["run", "-config", file],
      env: { HOME: this.folder },
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    this.#child = child;
    let ended: number | undefined;
    child.status.then((status) => ended = status.code);
    await until("InfluxDB answers", async () => {
      if (ended !== undefined) throw new Error(`influxd ended with ${ended}`);
      return await answers(`${this.url}/ping`);
    }, { timeout: 30_000, every: 20 });
  }

  async stop(): Promise<void> {
    await this.#end("SIGTERM");
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

  #configuration(): string {
    const { maxSeries = 0, maxBody = 25_000_000, admin } = this.options;
    return `
reporting-enabled = false
bind-address = "127.0.0.1:${this.#rpcPort}"
[meta]
  dir = "${this.folder}/meta"
  logging-enabled = false
[data]
  dir = "${this.folder}/data"
  wal-dir = "${this.folder}/wal"
  index-version = "inmem"
  query-log-enabled = false
  max-series-per-database = ${maxSeries}
[monitor]
  store-enabled = false
[subscriber]
  enabled = false
[continuous_queries]
  enabled = false
[http]
  bind-address = "127.0.0.1:${this.#port}"
  log-enabled = false
  auth-enabled = ${admin !== undefined}
  max-body-size = ${maxBody}
[logging]
  level = "error"
  suppress-logo = true
`;
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url);
    await response.body?.cancel();
    return response.status < 500;
  } catch {
    return false;
  }
}
