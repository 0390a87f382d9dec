import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import mqtt from "mqtt";
import { tokenHash } from "../../src/cli/token.ts";
import { DEPLOY, ROOT, text } from "../support/deploy_files.ts";
import { endProcess } from "../support/end_process.ts";
import { freePort } from "../support/ports.ts";
import { needService } from "../support/services.ts";
import { until } from "../support/until.ts";

/** What `prepare.sh` makes, in a folder of its own. */
async function prepared(folder: string): Promise<{ token: string; hash: string }> {
  await Deno.copyFile(`${DEPLOY}prepare.sh`, `${folder}/prepare.sh`);
  for (let run = 0; run < 2; run++) {
    const { code, stderr } = await new Deno.Command("sh", { args: [`${folder}/prepare.sh`] }).output();
    assertEquals(code, 0, new TextDecoder().decode(stderr));
  }
  const env = await Deno.readTextFile(`${folder}/.env`);
  const hash = /^SLUICE_API_TOKEN_HASH=(.+)\n$/.exec(env)?.[1] ?? "";
  return { token: await Deno.readTextFile(`${folder}/secrets/api-token`), hash };
}

async function copy(from: string, to: string): Promise<void> {
  const { code } = await new Deno.Command("cp", { args: ["-r", from, to] }).output();
  assertEquals(code, 0, `${from} to ${to}`);
}

/** The image's instructions, lines that go on put together. */
async function instructions(): Promise<string[]> {
  const lines = (await text("docker/Dockerfile")).replace(/\\\n/g, "").split("\n");
  return lines.filter((line) => /^[A-Z]+ /.test(line));
}

/** The words of an instruction in the form of a JSON array. */
function words(lines: readonly string[], keyword: string): string[] {
  const line = lines.find((each) => each.startsWith(keyword)) ?? "";
  const found: unknown = JSON.parse(line.slice(line.indexOf("[")));
  return Array.isArray(found) ? found.map(String) : [];
}

/** Runs an installation's command in a folder that stands for its root, and looks whether the gateway works. */
async function works(
  folder: string,
  command: readonly string[],
  health: readonly string[] | undefined,
  app: string,
): Promise<void> {
  const { token, hash } = await prepared(folder);
  const [port, broker] = [freePort(), freePort()];
  const yaml = (await text("docker/gateway.yaml"))
    .replace("mqtt://broker:1883", `embedded://127.0.0.1:${broker}`)
    .replace("http://influxdb:8086", `http://127.0.0.1:${freePort()}`)
    .replace("0.0.0.0:8080", `127.0.0.1:${port}`)
    .replace("/data\n", `${folder}/data\n`)
    .replace("/app/", `${app}/`)
    .replace("/run/secrets/", `${folder}/secrets/`);
  await Deno.mkdir(`${folder}/etc`);
  await Deno.writeTextFile(`${folder}/etc/gateway.yaml`, yaml);
  await Deno.mkdir(`${folder}/data`);
  const spawn = (argv: readonly string[]): Deno.ChildProcess =>
    new Deno.Command(Deno.execPath(), {
      args: argv.slice(1).map((word) => word.replace("127.0.0.1:8080", `127.0.0.1:${port}`)),
      cwd: app,
      env: { NO_COLOR: "1", SLUICE_API_TOKEN_HASH: hash },
      stdin: "null",
      stdout: "null",
      stderr: "inherit",
    }).spawn();
  const gateway = spawn(command);
  try {
    const url = `http://127.0.0.1:${port}`;
    await until("the gateway is ready", async () => {
      const answer = await fetch(`${url}/readyz`).catch(() => undefined);
      await answer?.body?.cancel();
      return answer?.status === 200;
    }, { timeout: 30_000, every: 50 });
    if (health !== undefined) assertEquals((await spawn(health).status).code, 0, "HEALTHCHECK");
    // The acknowledgement says that it may write and sync.
    const device = await mqtt.connectAsync(`mqtt://127.0.0.1:${broker}`);
    await device.publishAsync("site/a/d1/telemetry", '{"temperature":21.5,"ts":1}', { qos: 1 });
    await device.endAsync();
    const refused = await fetch(`${url}/metrics`);
    assertEquals([refused.status, await refused.body?.cancel()], [401, undefined]);
    const metrics = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${token}` } });
    assertStringIncludes(await metrics.text(), "sluice_messages_received_total 1\n");
    gateway.kill("SIGTERM");
    assertEquals((await gateway.status).code, 0);
    if (health !== undefined) assertEquals((await spawn(health).status).code, 1, "HEALTHCHECK of a dead one");
  } finally {
    await endProcess(gateway);
  }
}

async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "sluice_deploy_" });
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("prepare.sh makes each secret once, and the hash that belongs to the token", async () => {
  await inFolder(async (folder) => {
    const first = await prepared(folder);
    const again = await prepared(folder);
    assertEquals(again, first);
    assertMatch(first.token, /^sluice_[A-Za-z0-9_-]{43}$/);
    assertEquals(first.hash, tokenHash(first.token));
    const { mode } = await Deno.stat(`${folder}/secrets`);
    assertEquals((mode ?? 0) & 0o777, 0o700);
  });
});

Deno.test("the image: what is copied is enough, and so are the rights of its command and its health check", async () => {
  await inFolder(async (folder) => {
    const lines = await instructions();
    const app = `${folder}/app`;
    await Deno.mkdir(`${app}/tests`, { recursive: true });
    const allowed = (await text("docker/Dockerfile.dockerignore")).split("\n");
    for (const line of lines) {
      if (!line.startsWith("COPY ") || line.includes("--from")) continue;
      const paths = line.split(" ").slice(1, -1);
      for (const path of paths) {
        assert(allowed.includes(`!${path}`), `the ignore file leaves out ${path}`);
        await copy(`${ROOT}${path}`, `${app}/${path}`);
      }
    }
    const here = (word: string): string =>
      word.startsWith("--allow-") || word.startsWith("/etc/sluice")
        ? word.replaceAll(/(?<=[=,])\/app/g, app)
          .replaceAll(/(?<=[=,])\/data/g, `${folder}/data`)
          .replaceAll("/etc/sluice", `${folder}/etc`)
          .replaceAll("/run/secrets", `${folder}/secrets`)
        : word;
    const command = [...words(lines, "ENTRYPOINT"), ...words(lines, "CMD ")].map(here);
    const health = words(lines, "HEALTHCHECK").map(here);
    await works(folder, command, health, app);
  });
});

/** The unit's settings; lines that go on are put together. */
async function unit(): Promise<Map<string, string>> {
  const lines = (await text("systemd/sluice.service")).replace(/\\\n\s*/g, "").split("\n");
  return new Map(lines.flatMap((line): [string, string][] => {
    const [, key, value] = /^([A-Za-z]+)=(.*)$/.exec(line) ?? [];
    return key === undefined ? [] : [[key, value ?? ""]];
  }));
}

Deno.test("the unit: the rights of its command are enough, and its folders are those it may use", async () => {
  await inFolder(async (folder) => {
    const settings = await unit();
    const command = settings.get("ExecStart")?.split(" ") ?? [];
    const here = command.map((word) =>
      word.replaceAll("/opt/sluice", ROOT.slice(0, -1))
        .replaceAll("/etc/sluice", `${folder}/etc`)
        .replaceAll("/var/lib/sluice", `${folder}/data`)
        .replaceAll("/run/credentials/sluice.service", `${folder}/secrets`)
    );
    await works(folder, here, undefined, ROOT.slice(0, -1));
    assertEquals(settings.get("WorkingDirectory"), "/opt/sluice");
    assertEquals([settings.get("StateDirectory"), settings.get("ConfigurationDirectory")], [
      "sluice",
      "sluice",
    ]);
    assertEquals([settings.get("Type"), settings.get("NotifyAccess")], ["notify", "all"]);
    assertEquals(settings.get("RestartPreventExitStatus"), "2 3");
  });
});

Deno.test("the unit: systemd reads it and finds it hardened", async () => {
  const analyze = needService("systemd-analyze");
  if (analyze === undefined) return;
  await inFolder(async (folder) => {
    const path = `${folder}/sluice.service`;
    // Deno need not be where the unit expects it on the machine that tests.
    await Deno.writeTextFile(
      path,
      (await text("systemd/sluice.service")).replace("/usr/local/bin/deno", "/bin/true"),
    );
    for (
      const args of [["verify", "--man=no"], ["security", "--offline=true", "--threshold=20", "--no-pager"]]
    ) {
      const { code, stdout, stderr } = await new Deno.Command(analyze, { args: [...args, path] }).output();
      const said = new TextDecoder().decode(stderr) + new TextDecoder().decode(stdout).slice(-2_000);
      assertEquals(code, 0, said);
      if (args[0] === "security") {
        assertMatch(said, /Overall exposure level for sluice\.service: [01]\.\d OK/);
      }
    }
  });
});
