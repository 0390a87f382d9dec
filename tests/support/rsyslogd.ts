import type { Certificates, Identity } from "./certificates.ts";
import { type ParsedSyslog, parseSyslog } from "./syslog_parser.ts";
import { freePort } from "./ports.ts";
import { needService } from "./services.ts";
import { until } from "./until.ts";

/** How a test writes to it. */
export type SyslogListener = "udp" | "tcp" | "tls";

/** What the rsyslogd of a test is like. */
export interface RsyslogdOptions {
  /** Listens with TLS, too, and asks for a client certificate of this authority. */
  readonly certificates?: Certificates;
  /** The server certificate; default `certificates.server`. */
  readonly serverIdentity?: Identity;
}

/** A real rsyslogd of one test, on free loopback ports in a temp folder; it writes what it gets to a file as it came. */
export class Rsyslogd implements AsyncDisposable {
  readonly folder: string;
  readonly #program: string;
  readonly #ports: ReadonlyMap<SyslogListener, number>;
  #child: Deno.ChildProcess | undefined;

  private constructor(program: string, folder: string, ports: ReadonlyMap<SyslogListener, number>) {
    this.#program = program;
    this.folder = folder;
    this.#ports = ports;
  }

  /** Starts one; `undefined` where it is not installed (the reason is printed). */
  static async start(options: RsyslogdOptions = {}): Promise<Rsyslogd | undefined> {
    const program = needService("rsyslogd");
    if (program === undefined) return undefined;
    const { certificates } = options;
    if (certificates !== undefined && needService("rsyslog_gnutls") === undefined) return undefined;
    const folder = await Deno.makeTempDir({ prefix: "sluice_rsyslogd_" });
    const kinds: SyslogListener[] = ["udp", "tcp", ...(certificates === undefined ? [] : ["tls"] as const)];
    const ports = new Map(kinds.map((kind) => [kind, freePort()]));
    const server = new Rsyslogd(program, folder, ports);
    await Deno.writeTextFile(`${folder}/rsyslog.conf`, configuration(folder, ports, options));
    await server.start();
    return server;
  }

  /** Port of a listener. */
  port(listener: SyslogListener): number {
    const port = this.#ports.get(listener);
    if (port === undefined) throw new Error(`This rsyslogd has no ${listener} listener`);
    return port;
  }

  /** Starts it (again) on the same ports. */
  async start(): Promise<void> {
    const child = new Deno.Command(this.#program, {
      args: ["-n", "-f", `${this.folder}/rsyslog.conf`, "-i", `${this.folder}/pid`],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    this.#child = child;
    let ended: number | undefined;
    child.status.then((status) => ended = status.code);
    for (const [kind, port] of this.#ports) {
      if (kind === "udp") continue;
      await until(`rsyslogd listens on ${port}`, async () => {
        if (ended !== undefined) throw new Error(`rsyslogd ended with ${ended}: ${await this.#own()}`);
        return await listens(port);
      });
    }
  }

  /** Ends it in order and waits for its end. */
  async stop(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    this.#child = undefined;
    child.kill("SIGTERM");
    await child.status;
  }

  /** Every message that it has written, as it came. */
  async messages(): Promise<ParsedSyslog[]> {
    const bytes = await Deno.readFile(`${this.folder}/messages`).catch(() => new Uint8Array());
    const messages: ParsedSyslog[] = [];
    for (let at = 0; at < bytes.length;) {
      const end = bytes.indexOf(0x0a, at);
      if (end < 0) break;
      messages.push(parseSyslog(bytes.subarray(at, end)));
      at = end + 1;
    }
    return messages;
  }

  /** Waits until it has written so many messages. */
  async has(count: number): Promise<ParsedSyslog[]> {
    let seen: ParsedSyslog[] = [];
    return await until(`rsyslogd has ${count} messages`, async () => {
      seen = await this.messages();
      return seen.length >= count ? seen : undefined;
    }, { every: 20, state: () => seen });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await Deno.remove(this.folder, { recursive: true });
  }

  /** What it says of itself. */
  async #own(): Promise<string> {
    return await Deno.readTextFile(`${this.folder}/own`).catch(() => "");
  }
}

function configuration(
  folder: string,
  ports: ReadonlyMap<SyslogListener, number>,
  { certificates, serverIdentity }: RsyslogdOptions,
): string {
  const own = serverIdentity ?? certificates?.server;
  const tls = certificates === undefined || own === undefined ? [] : [
    `input(type="imtcp" address="127.0.0.1" port="${ports.get("tls")}" ruleset="all"`,
    `  StreamDriver.Name="gtls" StreamDriver.Mode="1" StreamDriver.AuthMode="x509/certvalid"`,
    `  StreamDriver.CAFile="${certificates.ca.certFile}"`,
    `  StreamDriver.CertFile="${own.certFile}" StreamDriver.KeyFile="${own.keyFile}")`,
  ];
  return [
    ...[
      `global(workDirectory="${folder}" maxMessageSize="16k" parser.escapeControlCharactersOnReceive="off")`,
    ],
    ...['module(load="imudp")', 'module(load="imtcp")'],
    ...['template(name="raw" type="string" string="%rawmsg%\\n")'],
    ...['ruleset(name="all") {', `  action(type="omfile" file="${folder}/messages" template="raw")`, "}"],
    `input(type="imudp" address="127.0.0.1" port="${ports.get("udp")}" ruleset="all")`,
    `input(type="imtcp" address="127.0.0.1" port="${ports.get("tcp")}" ruleset="all")`,
    ...tls,
    `syslog.* action(type="omfile" file="${folder}/own")`,
    "",
  ].join("\n");
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
