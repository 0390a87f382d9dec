import { assertEquals } from "@std/assert";
import { parse } from "yaml";
import {
  configJsonSchema,
  type ConfigSources,
  loadConfig,
  type Loaded,
  renderProblem,
} from "../../../src/config/mod.ts";

const ROOT = new URL("../../../", import.meta.url).pathname;
const SAMPLE = `${ROOT}deploy/gateway.yaml`;

/** The repository's own files, with another text for the sample. */
function sources(text: string): ConfigSources {
  return {
    readText: (path) => path === SAMPLE ? Promise.resolve(text) : Deno.readTextFile(path),
    listFiles: (folder) => Array.fromAsync(Deno.readDir(folder), (entry) => entry.name),
    env: () => undefined,
    hostName: () => "edge-7",
  };
}

function good(loaded: Loaded): unknown {
  if (!loaded.ok) throw new Error(loaded.problems.map(renderProblem).join("\n"));
  return [JSON.parse(JSON.stringify(loaded.config)), loaded.rules];
}

const OPTION = /^( *)#([^#\s].*)$/;

Deno.test("the sample loads as it stands, with the profiles that come along and without a warning", async () => {
  const loaded = await loadConfig(SAMPLE, sources(await Deno.readTextFile(SAMPLE)));
  good(loaded);
  assertEquals(loaded.ok && loaded.warnings, []);
  const files = await Array.fromAsync(Deno.readDir(`${ROOT}devices/profiles`), ({ name }) => name);
  const names = files.map((file) => file.replace(/\.yaml$/, "")).sort();
  assertEquals(loaded.ok && Object.keys(loaded.rules.profiles), names);
});

Deno.test("every # option of the sample, its # taken away, changes nothing: it is the default", async () => {
  const text = await Deno.readTextFile(SAMPLE);
  const asItStands = good(await loadConfig(SAMPLE, sources(text)));
  const lines = text.split("\n");
  const options = lines.flatMap((line, index) => OPTION.test(line) ? [index] : []);
  assertEquals(options.length > 40, true, `${options.length} options`);
  for (const option of options) {
    const one = lines.map((line, index) => index === option ? line.replace(OPTION, "$1$2") : line).join("\n");
    assertEquals(good(await loadConfig(SAMPLE, sources(one))), asItStands, lines[option]);
  }
});

Deno.test("the sample names every key there is", async () => {
  const text = (await Deno.readTextFile(SAMPLE)).split("\n").map((line) => line.replace(OPTION, "$1$2"));
  const sample: Record<string, unknown> = parse(text.join("\n"));
  const schema: Record<string, unknown> = { ...configJsonSchema() };
  const sections = Object.entries(schema.properties as Record<string, { properties?: object }>);
  assertEquals(sections.length > 10, true);
  for (const [name, section] of sections) {
    assertEquals(Object.hasOwn(sample, name), true, name);
    for (const key of Object.keys(section.properties ?? {})) {
      assertEquals(Object.hasOwn(sample[name] as object, key), true, `${name}.${key}`);
    }
  }
});
