import type { Certificates, Identity } from "./certificates.ts";
import { freePort } from "./ports.ts";
import { needService } from "./services.ts";
import { textOf } from "./text_of.ts";
import { until } from "./until.ts";

/** What the broker of a test is like. */
export interface MosquittoOptions {
  /** Listeners besides plain MQTT, which is always there. */
  readonly listeners?: readonly ("ws" | "mqtts" | "wss")[];
  /** For `mqtts` and `wss`. */
  readonly certificates?: Certificates;
  /** The server certificate of the TLS listeners; default `certificates.server`. */
  readonly serverIdentity?: Identity;
  /** The TLS listeners ask for a client certificate of `certificates.ca`. */
  readonly requireClientCertificate?: boolean;
  /** User names and passwords; without it anybody may connect. */
  readonly passwords?: Readonly<Record<string, string>>;
  /** Lines of an ACL file. */
  readonly acl?: readonly string[];
  /** Sessions and queues survive a restart. */
  readonly persistence?: boolean;
  /** Any further lines of mosquitto.conf, put before the listeners. */
  readonly lines?: readonly string[];
}

/** A real mosquitto of one test. */
export interface Mosquitto {
  /** Address of a listener, e.g. `mqtt://127.0.0.1:12345`; TLS listeners say `localhost`. */
  url(listener?: "mqtt" | "ws" | "mqtts" | "wss"): string;
  readonly port: number;
  readonly folder: string;
  readonly pid: number | undefined;
  /** Starts it (again) on the same ports, with the same files, and waits until it listens. */
  start(): Promise<void>;
  /** Ends it in order (SIGTERM: it writes its persistence) and waits for its end. */
  stop(): Promise<void>;
  /** Ends it as a power cut would (SIGKILL). */
  kill(): Promise<void>;
  /** `stop`, then `start`. */
  restart(): Promise<void>;
  /** SIGHUP: it reads its ACL and password files again. */
  reload(): void;
  /** SIGSTOP and SIGCONT: the broker is there, but says nothing. */
  freeze(): void;
  thaw(): void;
  /** What it has logged. */
  log(): Promise<string>;
  /** Ends it and removes its folder. */
  remove(): Promise<void>;
}

/**
 * Starts a mosquitto on free loopback ports in a temp folder.
 *
 * @returns the running broker, or `undefined` where mosquitto is not installed (the reason is printed)
 */
export async function startMosquitto(options: MosquittoOptions = {}): Promise<Mosquitto | undefined> {
  const program = needService("mosquitto");
  if (program === undefined) return undefined;
  const folder = await Deno.makeTempDir({ prefix: "sluice_mosquitto_" });
  const kinds = ["mqtt", ...(options.listeners ?? [])] as const;
  const ports = new Map(kinds.map((kind) => [kind, freePort()]));
  await writeConfiguration(folder, ports, options);
  const broker = new Broker(program, folder, ports);
  await broker.start();
  return broker;
}

type Kind = "mqtt" | "ws" | "mqtts" | "wss";

async function writeConfiguration(
  folder: string,
  ports: ReadonlyMap<Kind, number>,
  options: MosquittoOptions,
): Promise<void> {
  const lines = [
    ...["user root", `log_dest file ${folder}/mosquitto.log`, "log_type all", "sys_interval 1"],
    `allow_anonymous ${options.passwords === undefined}`,
    `persistence ${options.persistence === true}`,
  ];
  if (options.persistence) {
    lines.push(`persistence_location ${folder}/`, "autosave_on_changes true", "autosave_interval 1");
  }
  if (options.passwords !== undefined) {
    lines.push(`password_file ${folder}/passwords`);
    await writePasswords(`${folder}/passwords`, options.passwords);
  }
  if (options.acl !== undefined) {
    lines.push(`acl_file ${folder}/acl`);
    await Deno.writeTextFile(`${folder}/acl`, `${options.acl.join("\n")}\n`);
  }
  lines.push(...(options.lines ?? []));
  for (const [kind, port] of ports) {
    lines.push(`listener ${port} 127.0.0.1`);
    if (kind === "ws" || kind === "wss") lines.push("protocol websockets");
    if (kind === "mqtts" || kind === "wss") lines.push(...tlsLines(options));
  }
  await Deno.writeTextFile(`${folder}/mosquitto.conf`, `${lines.join("\n")}\n`);
}

function tlsLines(options: MosquittoOptions): string[] {
  const certificates = options.certificates;
  if (certificates === undefined) throw new Error("A TLS listener needs `certificates`");
  const server = options.serverIdentity ?? certificates.server;
  return [
    ...[`certfile ${server.certFile}`, `keyfile ${server.keyFile}`, `cafile ${certificates.ca.certFile}`],
    `require_certificate ${options.requireClientCertificate === true}`,
  ];
}

/** Writes a password file; a broker that runs reads it at `reload`. */
export async function writePasswords(
  file: string,
  passwords: Readonly<Record<string, string>>,
): Promise<void> {
  const program = needService("mosquitto_passwd");
  if (program === undefined) throw new Error("mosquitto_passwd is not installed: it comes with mosquitto");
  await Deno.writeTextFile(
    file,
    Object.entries(passwords).map(([name, word]) => `${name}:${word}\n`).join(""),
  );
  const result = await new Deno.Command(program, { args: ["-U", file] }).output();
  if (!result.success) throw new Error(new TextDecoder().decode(result.stderr));
}

class Broker implements Mosquitto {
  #child: Deno.ChildProcess | undefined;

  constructor(
    readonly program: string,
    readonly folder: string,
    readonly ports: ReadonlyMap<Kind, number>,
  ) {}

  get port(): number {
    return this.#port("mqtt");
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  url(listener: Kind = "mqtt"): string {
    const host = listener === "mqtts" || listener === "wss" ? "localhost" : "127.0.0.1";
    return `${listener}://${host}:${this.#port(listener)}`;
  }

  async start(): Promise<void> {
    const child = new Deno.Command(this.program, {
      args: ["-c", `${this.folder}/mosquitto.conf`],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    this.#child = child;
    let ended: number | undefined;
    child.status.then((status) => ended = status.code);
    for (const port of this.ports.values()) {
      await until(`mosquitto listens on ${port}`, async () => {
        if (ended !== undefined) {
          throw new Error(`mosquitto ended with ${ended}: ${await this.log()}`);
        }
        return await listens(port);
      });
    }
  }

  async stop(): Promise<void> {
    await this.#end("SIGTERM");
  }

  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  reload(): void {
    this.#child?.kill("SIGHUP");
  }

  freeze(): void {
    this.#child?.kill("SIGSTOP");
  }

  thaw(): void {
    this.#child?.kill("SIGCONT");
  }

  async log(): Promise<string> {
    return await textOf(`${this.folder}/mosquitto.log`);
  }

  async remove(): Promise<void> {
    await this.stop();
    await Deno.remove(this.folder, { recursive: true });
  }

  async #end(signal: Deno.Signal): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    this.#child = undefined;
    child.kill(signal);
    child.kill("SIGCONT");
    await child.status;
  }

  #port(kind: Kind): number {
    const port = this.ports.get(kind);
    if (port === undefined) {
      throw new Error(`This mosquitto has no ${kind} listener: name it in \`listeners\``);
    }
    return port;
  }
}

async function listens(port: number): Promise<boolean> {
  try {
    (await Deno.connect({ hostname: "127.0.0.1", port })).close();
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.ConnectionRefused) return false;
    throw error;
  }
}
