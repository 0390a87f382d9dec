import { assertEquals } from "@std/assert";
import { namesIn } from "./kit/readme.ts";

const HERE = new URL(".", import.meta.url).pathname;

/** The names that the sources of this folder give to `scenario`, as they stand there. */
async function namesInSources(): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of Deno.readDir(HERE)) {
    if (!name.endsWith("_test.ts") || name === "table_test.ts") continue;
    const text = await Deno.readTextFile(`${HERE}${name}`);
    for (const [, found] of text.matchAll(/\bscenario\(\s*"([^"]+)"/g)) {
      if (found !== undefined) names.push(found);
    }
  }
  return names.sort();
}

Deno.test("the table of README.md names every scenario there is, each once", async () => {
  const names = await namesInSources();
  assertEquals(names, [...new Set(names)], "two scenarios share a name");
  assertEquals(namesIn(await Deno.readTextFile(`${HERE}README.md`)).sort(), names);
});
