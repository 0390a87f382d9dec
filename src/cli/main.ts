import { AUDIT } from "./audit_command.ts";
import { parseArgs, textOf, valueOf } from "./args.ts";
import type { Command } from "./command.ts";
import { EXPLAIN } from "./explain_command.ts";
import { configOf } from "./find_config.ts";
import { type CliIo, EXIT } from "./io.ts";
import { REPLAY } from "./replay_command.ts";
import { VERIFY } from "./verify_command.ts";

const dice = (bytes: number): Uint8Array => crypto.getRandomValues(new Uint8Array(bytes));

// Each loads its own file when it is run: the gateway does not wait for the simulator at its start.
const COMMANDS: Readonly<Record<string, Command>> = {
  run: {
    usage: "run [--config gateway.yaml]",
    about:
      "the gateway, with a starter where there is no configuration; SIGTERM ends it in order, SIGHUP loads it again",
    options: { config: "value" },
    run: async (args, io) => {
      const { run } = await import("./run.ts");
      return await run({ config: textOf(args, "config") }, io);
    },
  },
  check: {
    usage: "check [--config gateway.yaml] [--probe]",
    about: "validates a configuration; --probe also tries the broker and the database",
    options: { config: "value", probe: "flag" },
    run: async (args, io) => {
      const { check } = await import("./check.ts");
      const { probe } = await import("./probe.ts");
      return await check(
        { config: await configOf(textOf(args, "config"), io.sources), probe: args.options.has("probe") },
        io,
        probe,
      );
    },
  },
  explain: EXPLAIN,
  replay: REPLAY,
  verify: VERIFY,
  journal: {
    usage:
      "journal check|inspect|export --data-dir DIR [--journal inbox|outbox|quarantine] [--key-file FILE]",
    about: "reads a data folder, also beside a running gateway; several key files with commas between them",
    options: { "data-dir": "value", journal: "value", "key-file": "value" },
    run: async (args, io) => {
      const { journal } = await import("./journal.ts");
      return await journal({
        action: args.words[0] ?? "",
        dataDir: valueOf(args, "data-dir", "data"),
        only: textOf(args, "journal"),
        keyFile: textOf(args, "key-file"),
      }, io);
    },
  },
  audit: AUDIT,
  notify: {
    usage: "notify test NAME [--config gateway.yaml]",
    about: "sends one test notification through a notifier and tells what became of it",
    options: { config: "value" },
    run: async (args, io) => {
      const { notify } = await import("./notify.ts");
      return await notify({
        action: args.words[0] ?? "",
        name: args.words[1] ?? "",
        config: await configOf(textOf(args, "config"), io.sources),
      }, io);
    },
  },
  permissions: {
    usage: "permissions [--config gateway.yaml] [--systemd]",
    about: "prints the command that runs the gateway with exactly the rights that its configuration needs",
    options: { config: "value", systemd: "flag" },
    run: async (args, io) => {
      const { permissions, thisProgram } = await import("./permissions.ts");
      return await permissions(
        { config: await configOf(textOf(args, "config"), io.sources), systemd: args.options.has("systemd") },
        io,
        thisProgram,
      );
    },
  },
  token: {
    usage: "token --name NAME --role viewer|operator|admin [--expires 2027-01-01]",
    about: "makes an API token and prints it once with its hash",
    options: { name: "value", role: "value", expires: "value" },
    run: async (args, io) => {
      const { token } = await import("./token.ts");
      const given = { name: valueOf(args, "name", ""), role: valueOf(args, "role", "") };
      return await token({ ...given, expires: textOf(args, "expires") }, io, dice, Date.now());
    },
  },
  key: {
    usage: "key",
    about: "makes a key for buffer.encrypt_at_rest, one line to be kept in a file",
    options: {},
    run: async (_args, io) => {
      const { key } = await import("./key.ts");
      return await key(io, dice);
    },
  },
  health: {
    usage: "health [--url http://127.0.0.1:8080] [--ready]",
    about: "asks a running gateway whether it lives, or whether it is ready: exit 0 or 1",
    options: { url: "value", ready: "flag" },
    run: async (args, io) => {
      const { health } = await import("./health.ts");
      return await health({
        url: valueOf(args, "url", "http://127.0.0.1:8080"),
        ready: args.options.has("ready"),
      }, io);
    },
  },
  docs: {
    usage: "docs",
    about:
      "prints the reference of every key, reason, metric and exit code; deno task docs writes deploy/REFERENCE.md",
    options: {},
    run: async (_args, io) => {
      const { docs } = await import("./docs.ts");
      return await docs(io, Object.values(COMMANDS));
    },
  },
  schema: {
    usage: "schema [--profile]",
    about: "prints the JSON Schema of the configuration, or of a device profile",
    options: { profile: "flag" },
    run: async (args, io) => {
      const { schema } = await import("./schema.ts");
      return await schema({ profile: args.options.has("profile") }, io);
    },
  },
  agent: {
    usage:
      "agent --broker URL [--site local] [--name HOST] [--every 10s] [--username --password-file --ca-file]",
    about:
      "reports on this machine: processors, memory, disk, network, failed sign-ins; SIGTERM ends it in order",
    options: {
      broker: "value",
      site: "value",
      name: "value",
      every: "value",
      username: "value",
      "password-file": "value",
      "ca-file": "value",
    },
    run: async (args, io) => {
      const { agent } = await import("./agent.ts");
      return await agent({
        broker: valueOf(args, "broker", ""),
        site: valueOf(args, "site", "local"),
        name: valueOf(args, "name", ""),
        every: valueOf(args, "every", "10s"),
        username: valueOf(args, "username", ""),
        passwordFile: valueOf(args, "password-file", ""),
        caFile: valueOf(args, "ca-file", ""),
      }, io);
    },
  },
  sim: {
    usage: "sim [--devices 50] [--rate 1] [--minutes 5] [--outage 30s] [--seed N] …",
    about: "a whole site in one process, with a verdict at its end; --help lists all options",
    options: {},
    run: () => EXIT.usage,
  },
};

/** Words without dashes that a command takes; the others take none. */
const WORDS: Readonly<Record<string, number>> = { audit: 1, journal: 1, notify: 2 };

/**
 * The command line: argv to a command to its exit code.
 *
 * @param argv what stands behind `main.ts`
 * @returns 0 done · 1 failed · 2 wrong usage or configuration · 3 data folder in use
 */
export async function main(argv: readonly string[], io: CliIo): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined || name === "help" || name === "--help" || name === "-h") {
    io.stdout(usage(await version()));
    return name === undefined ? EXIT.usage : EXIT.done;
  }
  if (name === "--version") {
    io.stdout(`sluice ${await version()}\n`);
    return EXIT.done;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    return wrong(`The command was "${name}"; allowed are ${Object.keys(COMMANDS).join(", ")}`, io);
  }
  // The simulator lives outside src/ and reads its own options.
  if (name === "sim") {
    const { sim } = await import("./sim.ts");
    return await sim(rest, io);
  }
  if (rest.includes("--help")) {
    io.stdout(`${command.usage}\n  ${command.about}\n${command.help ?? ""}`);
    return EXIT.done;
  }
  const args = parseArgs(rest, command.options);
  if (typeof args === "string") return wrong(`${args}\n${command.usage}`, io);
  if (args.words.length > (WORDS[name] ?? 0)) {
    return wrong(`The word "${args.words.at(-1)}" is not expected\n${command.usage}`, io);
  }
  return await command.run(args, io);
}

function wrong(text: string, io: CliIo): number {
  io.stderr(`${text}\n`);
  return EXIT.usage;
}

async function version(): Promise<string> {
  const { VERSION } = await import("../gateway/mod.ts");
  return VERSION;
}

function usage(version: string): string {
  const lines = Object.values(COMMANDS).map((command) => `  ${command.usage}\n      ${command.about}\n`);
  return `Sluice ${version}: an edge telemetry gateway that accounts for every reading\n\n${lines.join("")}`;
}
