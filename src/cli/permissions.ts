import { lookup } from "node:dns/promises";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type ConfigSources, loadConfig } from "../config/mod.ts";
import { type Lookup, permissionsOf } from "../gateway/mod.ts";
import { type CliIo, EXIT } from "./io.ts";
import { reportProblems } from "./report_problems.ts";
import { V8_FLAGS } from "./v8_flags.ts";

/** Where this program stands, and who resolves names. */
export interface PermissionPorts {
  /** Absolute path of main.ts. */
  readonly program: string;
  /** Addresses of a name. */
  readonly lookup: Lookup;
}

/** This checkout, and the resolver of this machine. */
export const thisProgram: PermissionPorts = {
  program: fileURLToPath(new URL("../../main.ts", import.meta.url)),
  lookup: async (host) => (await lookup(host, { all: true })).map(({ address }) => address),
};

/** Environment that the gateway looks into, whatever its configuration names: colours, and what systemd tells. */
const ENVIRONMENT = ["NO_COLOR", "NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"];

/**
 * `permissions`: prints the command that runs the gateway with exactly the rights that its configuration needs: the
 * files that it names and the data folder, the addresses of broker, database and notifiers, the variables that it
 * takes from the environment. The rest of the environment looks empty, everything else is refused.
 *
 * @returns 0 · 1 a path cannot be granted · 2 the configuration is wrong
 */
export async function permissions(
  args: { readonly config: string; readonly systemd: boolean },
  io: CliIo,
  ports: PermissionPorts,
): Promise<number> {
  const { sources, files, folders, variables } = watched(io.sources);
  const loaded = await loadConfig(args.config, sources);
  if (!loaded.ok) {
    reportProblems(loaded.problems, io);
    return EXIT.usage;
  }
  const within = (file: string): boolean => [...folders].some((folder) => file.startsWith(`${folder}/`));
  const reads = [...[...files].filter((file) => !within(file)), ...folders];
  const { net, read, write, sys } = await permissionsOf(loaded.config, reads, ports.lookup);
  const absolute = (paths: readonly string[]): string[] => [...new Set(paths.map((path) => resolve(path)))];
  const unnameable = [...absolute(read), ...absolute(write)].find((path) => path.includes(","));
  if (unnameable !== undefined) {
    io.stderr(
      `A path cannot be granted, found "${unnameable}", Deno's flags have no way to write a comma in one, move it\n`,
    );
    return EXIT.failed;
  }
  const lines = [
    ["deno", "run", "--no-prompt", V8_FLAGS],
    ["--ignore-env", flag("env", [...ENVIRONMENT, ...variables])],
    [flag("sys", sys)],
    [flag("net", net)],
    [flag("read", absolute(read))],
    [flag("write", absolute(write))],
    ...(args.systemd ? [[flag("run", ["systemd-notify"])]] : []),
    [ports.program, "run", "--config", resolve(args.config)],
  ];
  io.stdout(`${lines.map((words) => words.map(quoted).join(" ")).join(" \\\n  ")}\n`);
  return EXIT.done;
}

/** Sources that remember what was asked of them. */
function watched(inner: ConfigSources): {
  readonly sources: ConfigSources;
  readonly files: ReadonlySet<string>;
  readonly folders: ReadonlySet<string>;
  readonly variables: ReadonlySet<string>;
} {
  const [files, folders, variables] = [new Set<string>(), new Set<string>(), new Set<string>()];
  const sources: ConfigSources = {
    readText: (path) => (files.add(resolve(path)), inner.readText(path)),
    listFiles: (folder) => (folders.add(resolve(folder)), inner.listFiles(folder)),
    env: (name) => (variables.add(name), inner.env(name)),
    hostName: () => inner.hostName(),
  };
  return { sources, files, folders, variables };
}

function flag(name: string, values: readonly string[]): string {
  return `--allow-${name}=${values.join(",")}`;
}

/** As a shell takes it for one word; systemd does, too. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
