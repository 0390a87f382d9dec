import { stringify } from "yaml";
import { loadConfig } from "../../src/config/mod.ts";
import { denoIo, V8_FLAGS } from "../../src/cli/mod.ts";
import type { Rules } from "../../src/model/mod.ts";
import type { LedgerAnswer } from "../../src/api/mod.ts";
import { freePort } from "./ports.ts";
import { textOf } from "./text_of.ts";
import { until } from "./until.ts";

/** The checkout, whose main.ts the process runs. */
export const ROOT: string = new URL("../..", import.meta.url).pathname;

/** A section of a configuration, as it stands in the YAML. */
export type Section = Readonly<Record<string, unknown>>;

/** What a gateway's configuration says beside the data folder, the profiles and the API's address. */
export interface GatewaySetup {
  readonly config: Section;
  /** Texts of profiles by their names; default: those of devices/profiles. */
  readonly profiles?: Readonly<Record<string, string>>;
  /** Environment of the process. */
  readonly env?: Readonly<Record<string, string>>;
}

/** An answer of the API. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // The body as JSON, as deep as the test looks into it.
  // deno-lint-ignore no-explicit-any -- a test reads answers as a client would, without their types
  readonly body: any;
}

/** A line of the gateway's log. */
export type LogLine = Readonly<Record<string, string | number | boolean | null>>;

/**
 * A gateway as a process of its own, `deno run -A main.ts run --config …`, with its configuration and data in a
 * temp folder. It can be started, ended in order, killed, frozen, and asked over its API.
 */
export class GatewayProcess implements AsyncDisposable {
  readonly folder: string;
  readonly port: number;
  /** Deno's flags for what the process may do; all of it, unless a test narrows it. */
  rights: readonly string[] = ["-A"];
  /** The token that the API is asked with, in the clear; without one nobody in particular asks. */
  token: string | undefined;
  #setup: GatewaySetup;
  #child: Deno.ChildProcess | undefined;
  #status: Promise<Deno.CommandStatus> | undefined;
  #ended: Deno.CommandStatus | undefined;

  private constructor(folder: string, port: number, setup: GatewaySetup) {
    this.folder = folder;
    this.port = port;
    this.#setup = setup;
  }

  /** Writes the configuration; starts nothing. */
  static async create(setup: GatewaySetup): Promise<GatewayProcess> {
    const folder = await Deno.makeTempDir({ prefix: "sluice_gateway_" });
    const gateway = new GatewayProcess(folder, freePort(), setup);
    await gateway.configure(setup.config);
    return gateway;
  }

  /** Writes the configuration and starts the gateway; waits until it is ready. */
  static async start(setup: GatewaySetup): Promise<GatewayProcess> {
    const gateway = await GatewayProcess.create(setup);
    try {
      await gateway.start();
      await gateway.ready();
    } catch (error) {
      await gateway.remove();
      throw error;
    }
    return gateway;
  }

  /** Path of gateway.yaml. */
  get configPath(): string {
    return `${this.folder}/gateway.yaml`;
  }

  /** The data folder. */
  get dataDir(): string {
    return `${this.folder}/data`;
  }

  /** Address of the API. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The process. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** How the process ended, if it has. */
  get ended(): Deno.CommandStatus | undefined {
    return this.#ended;
  }

  /** Writes gateway.yaml and the profiles anew. */
  async configure(config: Section): Promise<void> {
    this.#setup = { ...this.#setup, config };
    let profilesDir = `${ROOT}devices/profiles`;
    if (this.#setup.profiles !== undefined) {
      profilesDir = `${this.folder}/profiles`;
      await Deno.mkdir(profilesDir, { recursive: true });
      for (const [name, text] of Object.entries(this.#setup.profiles)) {
        await Deno.writeTextFile(`${profilesDir}/${name}.yaml`, text);
      }
    }
    const whole = {
      gateway: { id: "test", data_dir: this.dataDir },
      profiles_dir: profilesDir,
      ...config,
      api: { listen: `127.0.0.1:${this.port}`, ...Object(config.api) },
    };
    await Deno.writeTextFile(this.configPath, stringify(whole));
  }

  /** The rules that the configuration resolves to, for the oracle. */
  async rules(): Promise<Rules> {
    const loaded = await loadConfig(this.configPath, denoIo().sources);
    if (!loaded.ok) throw new Error(`The test's configuration is wrong: ${JSON.stringify(loaded.problems)}`);
    return loaded.rules;
  }

  /** Starts the process and waits until its API answers, or until it has ended. */
  async start(): Promise<void> {
    this.spawn();
    await until("the gateway's API answers, or the process ends", async () => {
      return this.#ended !== undefined || await this.#answers();
    }, { timeout: 30_000, every: 20, state: () => this.stderr() });
    if (this.#ended !== undefined) {
      throw new Error(`The gateway ended with ${this.#ended.code}: ${await this.stderr()}`);
    }
  }

  /** Starts the process and waits for nothing. */
  spawn(): void {
    if (this.#child !== undefined) throw new Error("The gateway runs already");
    this.#ended = undefined;
    // The shell gives way to the program (`exec`), so the pid is the gateway's; its output outlives a kill in files.
    const child = new Deno.Command("/bin/sh", {
      args: [
        ...["-c", 'exec "$@" >>"$0/stdout" 2>>"$0/stderr"', this.folder],
        ...[
          Deno.execPath(),
          "run",
          V8_FLAGS,
          ...this.rights,
          `${ROOT}main.ts`,
          "run",
          "--config",
          this.configPath,
        ],
      ],
      cwd: this.folder,
      env: { NO_COLOR: "1", ...this.#setup.env },
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    this.#child = child;
    this.#status = child.status.then((status) => {
      if (this.#child === child) this.#child = undefined;
      return this.#ended = status;
    });
  }

  /** Waits until /readyz says 200. */
  async ready(): Promise<void> {
    await until("the gateway is ready", async () => {
      if (this.#ended !== undefined) throw new Error(`It ended: ${await this.stderr()}`);
      return (await this.get("/readyz").catch(() => undefined))?.status === 200;
    }, { timeout: 40_000, every: 60, state: () => this.stderrNow() });
  }

  /** Sends a signal. */
  signal(signal: Deno.Signal): void {
    this.#child?.kill(signal);
  }

  /** `kill -9`, and waits for the end. */
  async kill(): Promise<void> {
    this.signal("SIGKILL");
    await this.#status;
  }

  /** SIGTERM; the exit code. */
  async stop(): Promise<number> {
    this.signal("SIGTERM");
    return await this.exit();
  }

  /** Waits until the process ends by itself; the exit code. */
  async exit(): Promise<number> {
    await until("the gateway has ended", () => this.#child === undefined, { timeout: 30_000, every: 10 });
    return (await this.#status)?.code ?? -1;
  }

  /** Asks the API. */
  async get(path: string, init: RequestInit & { client?: Deno.HttpClient } = {}): Promise<Answer> {
    const headers = new Headers(init.headers);
    if (this.token !== undefined && !headers.has("authorization")) {
      headers.set("authorization", `Bearer ${this.token}`);
    }
    const response = await fetch(`${this.url}${path}`, {
      signal: AbortSignal.timeout(10_000),
      ...init,
      headers,
    });
    const text = await response.text();
    const isJson = (response.headers.get("content-type") ?? "").includes("json");
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: isJson ? JSON.parse(text) : undefined,
    };
  }

  /** The ledger, of the gateway or of one device. */
  async ledger(device?: string): Promise<LedgerAnswer> {
    const query = device === undefined ? "" : `?device=${encodeURIComponent(device)}`;
    const { status, text, body } = await this.get(`/api/v1/ledger${query}`);
    if (status !== 200) throw new Error(`The ledger answers ${status}: ${text}`);
    return body;
  }

  /**
   * Waits until a number of messages was received and nothing is on its way any more: no open window, no waiting
   * point.
   */
  async atRest(messages: number, timeout = 60_000): Promise<LedgerAnswer> {
    let last: LedgerAnswer | undefined;
    return await until(`${messages} messages are received and nothing waits`, async () => {
      last = await this.ledger().catch(() => undefined);
      if (last === undefined) return undefined;
      const { messages: m, readings, points } = last;
      const taken = m.received - m.duplicate >= messages;
      return taken && m.waiting + readings.open + readings.waiting + points.waiting === 0 ? last : undefined;
    }, { timeout, every: 100, state: () => last });
  }

  /** Standard output and error as they are by now. */
  async stdout(): Promise<string> {
    return await textOf(`${this.folder}/stdout`);
  }

  /** Standard error. */
  async stderr(): Promise<string> {
    return await textOf(`${this.folder}/stderr`);
  }

  /** Standard error, for the message of a wait that gave up. */
  stderrNow(): string {
    try {
      return Deno.readTextFileSync(`${this.folder}/stderr`) +
        Deno.readTextFileSync(`${this.folder}/stdout`).slice(-2_000);
    } catch {
      return "";
    }
  }

  /** The lines of the log, of all starts. */
  async log(event?: string): Promise<LogLine[]> {
    const lines = (await this.stdout()).split("\n").filter((line) =>
      line.startsWith("{") && line.endsWith("}")
    );
    const parsed = lines.map((line): LogLine => JSON.parse(line));
    return event === undefined ? parsed : parsed.filter((line) => line.event === event);
  }

  /** Waits until the log holds a line of an event that a condition picks. */
  async logged(event: string, which: (line: LogLine) => boolean = () => true): Promise<LogLine> {
    let seen: LogLine[] = [];
    return await until(`the log tells ${event}`, async () => {
      seen = await this.log(event);
      return seen.find(which);
    }, { timeout: 30_000, every: 50, state: () => ({ seen, tail: this.stderrNow() }) });
  }

  /** Kills the process and removes its folder. */
  async remove(): Promise<void> {
    this.signal("SIGKILL");
    await this.#status;
    await Deno.remove(this.folder, { recursive: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.remove();
  }

  async #answers(): Promise<boolean> {
    try {
      return (await this.get("/healthz")).status === 200;
    } catch {
      return false;
    }
  }
}
