/**
 * The rights that the tasks of deno.json name.
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { ROOT } from "../support/gateway_process.ts";
import { HttpReceiver } from "../support/http_receiver.ts";
import { freePort } from "../support/ports.ts";
import { probe, REFUSED } from "./probe.ts";

/** The flags of each task that runs the program, by the task's name. */
async function tasks(): Promise<Map<string, string[]>> {
  const { tasks }: { tasks: Record<string, { command: string }> } = JSON.parse(
    await Deno.readTextFile(`${ROOT}deno.json`),
  );
  return new Map(
    Object.entries(tasks).flatMap(([name, { command }]): [string, string[]][] => {
      const flags = /^deno run (.*?) main\.ts\b/.exec(command)?.[1];
      return flags === undefined ? [] : [[name, flags.split(" ")]];
    }),
  );
}

/** Reads the kernel's own accounts of the machine, which Deno gives to a process with all rights only. */
const ALL_RIGHTS = ["agent"];
/** Write: the gateway into its data folder, the simulator into a temp folder and files that it is told. */
const WRITERS = ["dev", "sim", "start"];

Deno.test("no task has a right that it does not use: no programs, no libraries, no rights to everything", async () => {
  const all = await tasks();
  assert(all.size >= 14, `only ${all.size} tasks run the program`);
  for (const [name, flags] of all) {
    assert(flags.includes("--no-prompt"), name);
    if (ALL_RIGHTS.includes(name)) continue;
    const wide = flags.filter((flag) => /^(-A|--allow-(all|run|ffi|import)\b.*|--allow-sys)$/.test(flag));
    assertEquals(wide, [], `${name} ${flags.join(" ")}`);
    const writes = flags.filter((flag) => flag.startsWith("--allow-write"));
    assertEquals(writes.length > 0, WRITERS.includes(name), name);
  }
});

Deno.test("deno task start can read and write nothing but this folder and the usual places, and start nothing", async () => {
  await using stack = new AsyncDisposableStack();
  const rights = (await tasks()).get("start") ?? [];
  await Deno.mkdir(`${ROOT}data`, { recursive: true });
  const inside = await Deno.makeTempDir({ dir: `${ROOT}data`, prefix: "probe_" });
  const outside = await Deno.makeTempDir({ prefix: "sluice_probe_" });
  for (const folder of [inside, outside]) stack.defer(() => Deno.remove(folder, { recursive: true }));
  const stranger = new HttpReceiver();
  stack.defer(() => stranger.close());
  await Deno.writeTextFile(`${outside}/beside`, "secret");
  await Deno.writeTextFile(`${outside}/beside.ts`, "export default 1;");
  const places = { config: `${ROOT}deploy/gateway.yaml`, data: inside, beside: `${outside}/beside` };
  const found = await probe(rights, ROOT, {
    ...places,
    taken: Number(new URL(stranger.url).port),
    free: freePort(),
  });
  const refused = Object.entries(found).filter(([, outcome]) => outcome === REFUSED).map(([name]) => name);
  // Whose addresses a configuration names is not known to a task, nor which variables: `permissions` knows.
  assertEquals(refused, [
    "read beside the configuration",
    "list the configuration's folder",
    "read passwords",
    "read its own environment as the kernel has it",
    "change the configuration",
    "write beside the configuration",
    "write to the temp folder",
    "move a file out of the data folder",
    "link out of the data folder",
    "start a program",
    "start a shell",
    "signal another process",
    "load a library",
    "load a module from elsewhere",
    "ask for the network's addresses",
    "ask for the system's release",
  ]);
  const done = Object.entries(found).filter(([, outcome]) => outcome === "done").map(([name]) => name);
  for (const name of ["read the configuration", "read the data folder", "write into the data folder"]) {
    assert(done.includes(name), name);
  }
});
