import { assertEquals } from "@std/assert";
import boundaries from "./lint_boundaries.ts";
import size, { MAX_LINES } from "./lint_file_size.ts";

function messages(plugin: Deno.lint.Plugin, file: string, source: string): string[] {
  return Deno.lint.runPlugin(plugin, file, source).map((diagnostic) => diagnostic.message);
}

Deno.test("the boundary plug-in reports a breach in each kind of import, and nothing where there is none", () => {
  const file = "/x/src/decode/a.ts";
  for (
    const source of [
      'import { a } from "../validate/mod.ts";',
      'export { a } from "../validate/mod.ts";',
      'export * from "../validate/mod.ts";',
      'const a = import("../validate/mod.ts");',
    ]
  ) assertEquals(messages(boundaries, file, source).length, 1, source);
  assertEquals(messages(boundaries, file, 'import { a } from "../model/mod.ts";'), []);
  assertEquals(messages(boundaries, "/x/tests/a.ts", 'import { a } from "../src/decode/json.ts";'), []);
});

Deno.test("the boundary plug-in keeps clocks, dice and waiting out of the pure core", () => {
  const file = "/x/src/downsample/a.ts";
  for (
    const source of ["Date.now();", "Math.random();", "setTimeout(f, 1);", "async () => { await f(); };"]
  ) {
    assertEquals(messages(boundaries, file, source).length, 1, source);
  }
  assertEquals(messages(boundaries, "/x/src/ingest/a.ts", "Date.now();"), []);
});

Deno.test("the size plug-in reports a source file that is too long, and leaves tests alone", () => {
  const long = "a();\n".repeat(MAX_LINES + 1);
  assertEquals(messages(size, "/x/src/a.ts", long).length, 1);
  assertEquals(messages(size, "/x/src/a.ts", "a();\n".repeat(MAX_LINES)), []);
  assertEquals(messages(size, "/x/tests/a.ts", long), []);
});
