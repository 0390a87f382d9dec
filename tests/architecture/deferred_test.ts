import { assertEquals } from "@std/assert";

const SRC = new URL("../../src/", import.meta.url);

/** Packages that only some configurations need, and that take long to load. */
const SELDOM = ["aedes", "@msgpack/msgpack", "sparkplug-payload", "nodemailer"];

/** `import … from "…"` and `export … from "…"`: what stands between, and where it comes from. */
const IMPORT = /^(?:import|export) (?<what>[^;"]*?) from "(?<from>[^"]+)";$/gms;

async function importsOf(path: string): Promise<{ readonly what: string; readonly from: string }[]> {
  const text = await Deno.readTextFile(new URL(path, SRC));
  return [...text.matchAll(IMPORT)].map(({ groups }) => ({
    what: groups?.what ?? "",
    from: groups?.from ?? "",
  }));
}

Deno.test("a package that few configurations need is imported deferred, so no start waits for it", async () => {
  const eager: string[] = [];
  const found = new Set<string>();
  for await (const room of Deno.readDir(SRC)) {
    if (!room.isDirectory) continue;
    for await (const { name } of Deno.readDir(new URL(`${room.name}/`, SRC))) {
      if (!name.endsWith(".ts")) continue;
      for (const { what, from } of await importsOf(`${room.name}/${name}`)) {
        const seldom = SELDOM.find((each) => from === each || from.startsWith(`${each}/`));
        if (seldom === undefined || what.startsWith("type ")) continue;
        found.add(seldom);
        if (!what.startsWith("defer ")) eager.push(`${room.name}/${name}: ${from}`);
      }
    }
  }
  assertEquals(eager, []);
  assertEquals([...found].sort(), [...SELDOM].sort());
});

Deno.test("the command line loads a command's file when the command is run", async () => {
  const commands = ["audit", "explain", "replay", "verify"].map((name) => `${name}_command.ts`);
  const allowed = [
    "./args.ts",
    "./command.ts",
    "./find_config.ts",
    "./io.ts",
    ...commands.map((file) => `./${file}`),
  ];
  for (const path of ["cli/main.ts", ...commands.map((file) => `cli/${file}`)]) {
    const from = (await importsOf(path)).map((each) => each.from);
    assertEquals(from.filter((each) => !allowed.includes(each)), [], path);
  }
});
