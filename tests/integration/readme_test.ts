import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { parse, stringify } from "yaml";
import { loadConfig, renderProblem } from "../../src/config/mod.ts";
import { FORMATS } from "../../src/cli/reference/words.ts";
import { denoIo } from "../../src/cli/mod.ts";
import { endProcess } from "../support/end_process.ts";
import type { Section } from "../support/gateway_process.ts";
import { freePort } from "../support/ports.ts";
import { until } from "../support/until.ts";

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
  const known =
    /^(npx -y deno@2\.9\.6|deno) task (sim|test|config|explain|start|schema|agent|verify|permissions|replay)\b/;
  assertEquals((await commands()).filter((command) => !known.test(command)), []);
});

Deno.test("every task that the README and CHANGELOG name exists", async () => {
  const existing = await tasks();
  for (const file of ["README.md", "deploy/README.md", "tests/README.md", "src/ARCHITECTURE.md"]) {
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
  // Another test may be looking for a free port for its own dashboard at this moment.
  const { code, text } = await shell(`${short} --port ${freePort()}`);
  assertStringIncludes(text, "VERDICT: every reading accounted for");
  assertEquals(code, 0);
  assertEquals(form(await sample()), form(summary(text)), "the README shows what is printed");
});

/** What the README says that the run prints at its end. */
async function sample(): Promise<string> {
  return summary(await Deno.readTextFile(new URL("README.md", ROOT)));
}

/** A run's summary, up to its verdict, within a longer text. */
function summary(text: string): string {
  const [found] = /^ {2}published [\s\S]*?accounted for$/m.exec(text) ?? [];
  assert(found !== undefined, `No summary in: ${text}`);
  return found;
}

/** The words of a summary without its numbers and units. */
function form(summary: string): string {
  return summary.replace(/[\d,.]+( (B|KiB|MiB))?/g, "#");
}

Deno.test("the sums of the README's sample run add up", async () => {
  const sums = [...(await sample()).matchAll(/^ {2}\w+ +([\d,]+) \w+ = (.+)$/gm)];
  assertEquals(sums.length, 3);
  const count = (text: string): number => Number(text.replaceAll(",", ""));
  for (const [line, whole = "", parts = ""] of sums) {
    const all = [...parts.matchAll(/[\d,]+/g)].map(([part]) => count(part));
    assertEquals(all.reduce((sum, part) => sum + part, 0), count(whole), line);
  }
});

Deno.test("the README's commands on the sample configuration work", async () => {
  for (const command of await commands()) {
    if (!/ task (config|explain|schema|permissions)\b/.test(command) || command.includes("--probe")) continue;
    const { code, text } = await shell(command.replace(/ > \S+$/, ""));
    assertEquals(code, 0, `${command}\n${text}`);
  }
});

Deno.test("the README's samples of a configuration are valid, each put into the first", async () => {
  const text = await Deno.readTextFile(new URL("README.md", ROOT));
  const samples = [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, sample = ""]) => sample);
  assert(samples.length > 1);
  const folder = await Deno.makeTempDir({ prefix: "sluice_readme_" });
  try {
    // One text that does for every secret there is: a password, a token, 32 bytes of a key.
    for (const [, name] of samples.join().matchAll(/\/run\/secrets\/([\w-]+)/g)) {
      await Deno.writeTextFile(`${folder}/${name}`, "0f".repeat(32));
    }
    const parts = samples.map((sample): Section => parse(sample.replaceAll("/run/secrets", folder)));
    for (const part of parts) {
      const config = { ...parts[0], ...part, profiles_dir: `${ROOT.pathname}devices/profiles` };
      await Deno.writeTextFile(`${folder}/gateway.yaml`, stringify(config));
      const loaded = await loadConfig(`${folder}/gateway.yaml`, denoIo().sources);
      if (!loaded.ok) throw new Error(loaded.problems.map(renderProblem).join("\n"));
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("the README's table of profiles is what lies in devices/profiles, with its measurements", async () => {
  const loaded = await loadConfig(new URL("deploy/gateway.yaml", ROOT).pathname, denoIo().sources);
  if (!loaded.ok) throw new Error(loaded.problems.map(renderProblem).join("\n"));
  const shipped = Object.values(loaded.rules.profiles).map(({ name, measurement }) =>
    `${name} ${measurement}`
  );
  const text = await Deno.readTextFile(new URL("README.md", ROOT));
  const rows = text.matchAll(/^\| \[([a-z-]+)\]\(devices\/profiles\/([a-z-]+)\.yaml\) .*`(\w+)`\s*\|$/gm);
  const said = [...rows].map(([, name, file, measurement]) => {
    assertEquals(file, name);
    return `${name} ${measurement}`;
  });
  assertEquals(said.sort(), shipped.sort());
});

Deno.test("the README names every format", async () => {
  const text = await Deno.readTextFile(new URL("README.md", ROOT));
  const table = /\| format .*\n\|.*\n((?:\|.*\n)+)/.exec(text)?.[1] ?? "";
  const said = [...table.matchAll(/^\| (.*?)\s*\|/gm)].flatMap(([, cell]) =>
    [...(cell ?? "").matchAll(/`(\w+)`/g)].map(([, name]) => name)
  );
  assertEquals(said.sort(), Object.keys(FORMATS).sort());
});

Deno.test("every file that the documents link to exists", async () => {
  for (const file of ["README.md", "deploy/README.md"]) {
    const url = new URL(file, ROOT);
    for (const [, link = ""] of (await Deno.readTextFile(url)).matchAll(/\]\(([^)#]+)\)/g)) {
      if (/^[a-z]+:/.test(link)) continue;
      assert(await Deno.stat(new URL(link, url)).then(() => true, () => false), `${file} links to ${link}`);
    }
  }
});

Deno.test("deno task start runs the sample with that task's own rights, and leaves a sound data folder", async () => {
  // Where that task may write.
  const data = new URL("data", ROOT).pathname;
  await Deno.mkdir(data, { recursive: true });
  const folder = await Deno.makeTempDir({ dir: data, prefix: "readme_" });
  const port = freePort();
  const sample = (await Deno.readTextFile(new URL("deploy/gateway.yaml", ROOT)))
    .replace("data_dir: ../data", `data_dir: ${folder}/data`)
    .replace("profiles_dir: ../", `profiles_dir: ${ROOT.pathname}`)
    .replace("url: mqtt://127.0.0.1:1883", `url: embedded://127.0.0.1:${freePort()}`)
    .replace("#url: http://127.0.0.1:8086", `url: http://127.0.0.1:${freePort()}`)
    .replace("listen: 127.0.0.1:8080", `listen: 127.0.0.1:${port}`);
  await Deno.writeTextFile(`${folder}/gateway.yaml`, sample);
  const start = await task("start");
  const gateway = new Deno.Command(Deno.execPath(), {
    args: [...start.slice(1), "--config", `${folder}/gateway.yaml`],
    cwd: ROOT,
    stdin: "null",
    stdout: "null",
    stderr: "inherit",
  }).spawn();
  try {
    await until("the gateway is ready", async () => {
      return (await shell(`deno task health --ready --url http://127.0.0.1:${port}`)).code === 0;
    }, { timeout: 30_000, every: 100 });
    gateway.kill("SIGTERM");
    assertEquals((await gateway.status).code, 0);
    const { code, text } = await shell(`deno task journal check --data-dir ${folder}/data`);
    assertEquals(code, 0, text);
    const replay = `deno task replay --config ${folder}/gateway.yaml --from ${folder}/data --dry-run`;
    const replayed = await shell(replay);
    assertEquals(replayed.code, 0, replayed.text);
    assertStringIncludes(replayed.text, "0 printed");
  } finally {
    await endProcess(gateway);
    await Deno.remove(folder, { recursive: true });
  }
});

/** A task's command, for a process that takes a signal without a shell in between. */
async function task(name: string): Promise<string[]> {
  const { tasks } = JSON.parse(await Deno.readTextFile(new URL("deno.json", ROOT)));
  return String(tasks[name].command).split(" ");
}

Deno.test("the commands that the README's sentences name work", async () => {
  const text = await Deno.readTextFile(new URL("README.md", ROOT));
  for (
    const command of [
      "deno task token --name grafana --role viewer",
      "deno run -A main.ts key",
      "deno task notify test ops --config deploy/gateway.yaml",
    ]
  ) {
    assertStringIncludes(text, `\`${command}\``);
    const { code, text: said } = await shell(command);
    assertEquals(code, 0, said);
  }
});
