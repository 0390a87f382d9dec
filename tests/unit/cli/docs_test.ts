import { assert, assertEquals } from "@std/assert";
import { docs } from "../../../src/cli/docs.ts";
import { keyLines } from "../../../src/cli/reference/key_lines.ts";
import type { CliIo } from "../../../src/cli/io.ts";
import { main } from "../../../src/cli/main.ts";
import { configJsonSchema, profileJsonSchema } from "../../../src/config/mod.ts";
import { memorySources } from "../config/memory_sources.ts";

const ROOT = new URL("../../../", import.meta.url).pathname;

function run(): { io: CliIo; out: () => string } {
  const out: string[] = [];
  const io: CliIo = {
    stdout: (text) => void out.push(text),
    stderr: (text) => void out.push(text),
    isTerminal: false,
    color: false,
    env: () => undefined,
    readBytes: (path) => Promise.reject(new Deno.errors.NotFound(path)),
    sources: memorySources({}),
  };
  return { io, out: () => out.join("") };
}

/** Formatted as the file is. */
async function formatted(text: string): Promise<string> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--ext", "md", "-"],
    cwd: ROOT,
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const output = child.output();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(text));
  await writer.close();
  return new TextDecoder().decode((await output).stdout);
}

Deno.test("the reference is what the program says now: run deno task docs", async () => {
  const { io, out } = run();
  assertEquals(await main(["docs"], io), 0);
  const fresh = (await formatted(out())).split("\n");
  const kept = (await Deno.readTextFile(`${ROOT}deploy/REFERENCE.md`)).split("\n");
  const line = fresh.findIndex((each, index) => each !== kept[index]);
  assert(
    line < 0 && fresh.length === kept.length,
    `deploy/REFERENCE.md is stale from line ${line + 1} on ("${fresh[line]}"): run deno task docs`,
  );
});

Deno.test("every key of both schemas is in the reference with its description", () => {
  const { io, out } = run();
  docs(io, []);
  const undescribed = [...keyLines({ ...configJsonSchema() }), ...keyLines({ ...profileJsonSchema() })]
    .filter((line) => !/\): \S/.test(line));
  assertEquals(undescribed, []);
  for (
    const key of [
      "mqtt.tls.ca_file",
      "alerts[].above",
      "notifiers.*.webhook.url",
      "fields.*.downsample.every",
    ]
  ) {
    assert(out().includes(`- **\`${key}\`** (`), key);
  }
});

Deno.test("a key's line says its type, default and whether it is required", () => {
  const schema = {
    properties: {
      every: { type: "string", pattern: "^[0-9]+(ms|s|m|h|d)$", default: "10s", description: "How often." },
      mode: { enum: ["fast", "safe"], type: "string", description: "Which *." },
      list: {
        type: "array",
        items: { type: "object", properties: { port: { type: "integer", minimum: 1, maximum: 9 } } },
      },
    },
    required: ["mode"],
  };
  assertEquals(keyLines(schema), [
    "- **`every`** (duration, default `10s`): How often.",
    "- **`mode`** (`fast` `safe`, required): Which \\*.",
    "- **`list`** (list of section)",
    "- **`list[].port`** (whole number 1 to 9)",
  ]);
});
