import { assert, assertEquals } from "@std/assert";
import { breach, roomOf, ROOMS } from "./rooms.ts";

const SRC = new URL("../../src/", import.meta.url);

async function* sources(folder: URL, prefix = ""): AsyncGenerator<string> {
  for await (const entry of Deno.readDir(folder)) {
    if (entry.isDirectory) yield* sources(new URL(`${entry.name}/`, folder), `${prefix}${entry.name}/`);
    else if (/\.tsx?$/.test(entry.name)) yield prefix + entry.name;
  }
}

/** Every relative import and re-export of a file, resolved against src/. */
function importsOf(path: string, text: string): string[] {
  const found = text.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g);
  return [...found].flatMap(([, specifier]) => {
    const url = new URL(specifier ?? "", `file:///src/${path}`);
    return url.pathname.startsWith("/src/") ? [url.pathname.slice(5)] : [];
  });
}

Deno.test("no file of src/ imports what its room may not import", async () => {
  const breaches: string[] = [];
  for await (const path of sources(SRC)) {
    const text = await Deno.readTextFile(new URL(path, SRC));
    for (const imported of importsOf(path, text)) {
      const message = breach(path, imported);
      if (message !== undefined) breaches.push(`${path}: ${message}`);
    }
  }
  assertEquals(breaches, []);
});

Deno.test("ui/ takes nothing of api/ but types: its pages are made of answers", async () => {
  const taken: string[] = [];
  for await (const path of sources(new URL("ui/", SRC))) {
    const text = await Deno.readTextFile(new URL(`ui/${path}`, SRC));
    for (const [statement] of text.matchAll(/^(?:import|export)[^;]*from "[./]*\/api\/mod\.ts";/gm)) {
      if (!/^(?:import|export) type /.test(statement)) taken.push(`ui/${path}: ${statement}`);
    }
  }
  assertEquals(taken, []);
});

Deno.test("every room of src/ is in the table and every room of the table exists", async () => {
  const found = new Set<string>();
  for await (const path of sources(SRC)) found.add(roomOf(path));
  assertEquals([...found].filter((room) => ROOMS[room] === undefined), []);
  assertEquals(Object.keys(ROOMS).filter((room) => !found.has(room)), []);
});

Deno.test("every room has its contract in mod.ts, at most 60 lines, beginning with a module comment", async () => {
  const rooms = Object.keys(ROOMS).filter((room) => !room.endsWith(".ts"));
  for (const room of rooms) {
    const text = await Deno.readTextFile(new URL(`${room}/mod.ts`, SRC));
    assert(text.startsWith("/**"), `${room}/mod.ts has no module comment`);
    assert(text.includes("@module"), `${room}/mod.ts does not say @module`);
    assert(text.split("\n").length <= 61, `${room}/mod.ts is longer than 60 lines`);
  }
});

Deno.test("the rule refuses an upward import, a sideways one, and a private file", () => {
  assert(breach("model/a.ts", "journal/mod.ts") !== undefined);
  assert(breach("decode/a.ts", "validate/mod.ts") !== undefined);
  assert(breach("pipeline/a.ts", "journal/segment.ts") !== undefined);
  assert(breach("notify/a.ts", "api/mod.ts") !== undefined);
  assert(breach("api/a.ts", "ui/mod.ts") !== undefined);
  assert(breach("replay/a.ts", "ui/mod.ts") !== undefined);
  assertEquals(breach("pipeline/a.ts", "decode/mod.ts"), undefined);
  assertEquals(breach("buffer/a.ts", "journal/mod.ts"), undefined);
  assertEquals(breach("ui/a.ts", "api/mod.ts"), undefined);
  assertEquals(breach("gateway/a.ts", "ui/mod.ts"), undefined);
});
