/**
 * Tries what a process may not do, and prints what became of each attempt: `done`, or the name of the error. Run under
 * the rights of a gateway; it stands for whatever a hole in one of its packages would try.
 * @module
 */

/** What the attempts are about. */
export interface ProbePlaces {
  /** The configuration, and a folder that it names. */
  readonly config: string;
  readonly data: string;
  /** A file beside the configuration that it does not name. */
  readonly beside: string;
  /** A port of loopback at which somebody listens, and one that is free. */
  readonly taken: number;
  readonly free: number;
}

type Attempt = (places: ProbePlaces) => unknown;

const ATTEMPTS: Readonly<Record<string, Attempt>> = {
  "read the configuration": ({ config }) => Deno.readTextFile(config),
  "read the data folder": ({ data }) => Array.fromAsync(Deno.readDir(data)),
  "write into the data folder": ({ data }) => Deno.writeTextFile(`${data}/probe`, "1"),
  "read beside the configuration": ({ beside }) => Deno.readTextFile(beside),
  "list the configuration's folder": ({ beside }) => Array.fromAsync(Deno.readDir(`${beside}/..`)),
  "leave the data folder by its parent": ({ data, beside }) =>
    Deno.readTextFile(`${data}/../${beside.split("/").at(-1)}`),
  "read passwords": () => Deno.readTextFile("/etc/passwd"),
  "read its own environment as the kernel has it": () => Deno.readTextFile("/proc/self/environ"),
  "change the configuration": ({ config }) => Deno.writeTextFile(config, "", { append: true }),
  "write beside the configuration": ({ beside }) => Deno.writeTextFile(`${beside}.new`, "1"),
  "write to the temp folder": () => Deno.makeTempFile(),
  "move a file out of the data folder": ({ data, beside }) => Deno.rename(`${data}/probe`, `${beside}.moved`),
  "link out of the data folder": ({ data }) => Deno.symlink("/etc/passwd", `${data}/link`),
  "connect elsewhere": async ({ taken }) =>
    (await Deno.connect({ hostname: "127.0.0.1", port: taken })).close(),
  "fetch elsewhere": ({ taken }) => fetch(`http://127.0.0.1:${taken}/`),
  "resolve a name": () => Deno.resolveDns("example.org", "A"),
  "listen elsewhere": ({ free }) => Deno.listen({ hostname: "127.0.0.1", port: free }).close(),
  "listen on every address": ({ free }) => Deno.listen({ hostname: "0.0.0.0", port: free }).close(),
  "start a program": () => new Deno.Command("/bin/true").output(),
  "start a shell": () => new Deno.Command("/bin/sh", { args: ["-c", "true"] }).output(),
  "signal another process": () => Deno.kill(Deno.ppid, "SIGCONT"),
  "load a library": () => Deno.dlopen("/lib/x86_64-linux-gnu/libc.so.6", {}).close(),
  "load a module from elsewhere": ({ beside }) => import(`${beside}.ts`),
  "ask for the network's addresses": () => Deno.networkInterfaces(),
  "ask for the system's release": () => Deno.osRelease(),
};

async function outcomes(places: ProbePlaces): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const [name, attempt] of Object.entries(ATTEMPTS)) {
    try {
      await attempt(places);
      found[name] = "done";
    } catch (error) {
      // A module is refused in these words under another name.
      const isRefusal = error instanceof Error && /^Requires \w+ access to/.test(error.message);
      found[name] = isRefusal ? "NotCapable" : error instanceof Error ? error.name : String(error);
    }
  }
  const seen = Deno.env.toObject();
  found["see the environment"] = Object.keys(seen).sort().join(" ");
  return found;
}

if (import.meta.main) {
  const places: ProbePlaces = JSON.parse(Deno.args[0] ?? "{}");
  await Deno.stdout.write(new TextEncoder().encode(`${JSON.stringify(await outcomes(places))}\n`));
}
