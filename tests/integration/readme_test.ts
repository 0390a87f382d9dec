import { assert, assertEquals, assertStringIncludes } from "@std/assert";

/** The README's commands, run as they stand there; what takes long is made shorter, never left out unsaid. */
const ROOT = new URL("../../", import.meta.url);

async function commands(): Promise<string[]> {
  const text = await Deno.readTextFile(new URL("README.md", ROOT));
  return [...text.matchAll(/```sh\n([\s\S]*?)```/g)]
    .flatMap(([, block]) => (block ?? "").split("\n"))
    .map((line) => line.replace(/\s+#.*$/, "").trim())
    .filter((line) => line !== "");
}

async function shell(command: string): Promise<{ code: number; text: string }> {
  const { code, stdout, stderr } = await new Deno.Command("bash", {
    args: ["-c", command],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  return { code, text: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) };
}

async function tasks(): Promise<Record<string, unknown>> {
  return JSON.parse(await Deno.readTextFile(new URL("deno.json", ROOT))).tasks;
}

Deno.test("every command of the README is one that the tests know how to run", async () => {
  const known = /^(npx -y deno@2\.9\.6|deno) task (sim|test|config|explain|start|schema)\b/;
  assertEquals((await commands()).filter((command) => !known.test(command)), []);
});

Deno.test("every task that the README and CHANGELOG name exists", async () => {
  const existing = await tasks();
  for (const file of ["README.md", "tests/README.md", "src/ARCHITECTURE.md"]) {
    const text = await Deno.readTextFile(new URL(file, ROOT));
    for (const [, name] of text.matchAll(/`?deno task ([a-z:]+)/g)) {
      assert(
        name === undefined || name in existing,
        `${file} names the task "${name}", which deno.json does not have`,
      );
    }
  }
});

Deno.test("the README's sim ends with its verdict and exit 0 (shortened to six seconds)", async () => {
  const sim = (await commands()).find((command) => command.startsWith("deno task sim"));
  assert(sim !== undefined);
  const short = sim.replace("--minutes 1", "--seconds 6").replace("--outage 20s", "--outage 2s");
  const { code, text } = await shell(short);
  assertStringIncludes(text, "VERDICT: every reading accounted for");
  assertEquals(code, 0);
});

Deno.test("the README's commands on the sample configuration work", async () => {
  for (const command of await commands()) {
    if (!/ task (config|explain|schema)\b/.test(command) || command.includes("--probe")) continue;
    const { code, text } = await shell(command.replace(/ > \S+$/, ""));
    assertEquals(code, 0, `${command}\n${text}`);
  }
});
