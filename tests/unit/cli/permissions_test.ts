import { assertEquals, assertStringIncludes } from "@std/assert";
import { denoIo, V8_FLAGS } from "../../../src/cli/mod.ts";
import { permissions } from "../../../src/cli/permissions.ts";

const START = "subscriptions: [{ topic: 't/{device}', profile: power-meter }]\n";
const HISTORY = new URL("../../../src/history", import.meta.url).pathname;
const PROFILES = new URL("../../../devices/profiles", import.meta.url).pathname;

/** What `permissions` prints of a configuration: the value of each flag, by its name. */
async function flagsOf(
  yaml: string,
  options: { systemd?: boolean; folder?: string; files?: Readonly<Record<string, string>> } = {},
): Promise<{ code: number; text: string; flags: Record<string, string>; folder: string }> {
  const made = await Deno.makeTempDir({ prefix: "sluice_rights_" });
  const folder = options.folder === undefined ? made : `${made}/${options.folder}`;
  await Deno.mkdir(folder, { recursive: true });
  try {
    const config = `${folder}/gateway.yaml`;
    await Deno.writeTextFile(config, `${START}profiles_dir: ${PROFILES}\n${yaml}`);
    for (const [name, text] of Object.entries(options.files ?? {})) {
      await Deno.writeTextFile(`${folder}/${name}`, text);
    }
    let text = "";
    const io = {
      ...denoIo(),
      stdout: (part: string) => void (text += part),
      stderr: (part: string) => void (text += part),
    };
    const code = await permissions({ config, systemd: options.systemd === true }, io, {
      program: "/opt/sluice/main.ts",
      lookup: (host) => Promise.resolve(host === "edge.local" ? ["10.0.0.7", "fd00::7"] : ["192.0.2.1"]),
    });
    const flags = Object.fromEntries(
      [...text.matchAll(/--(allow-\w+)=('(?:[^']|'\\'')*'|\S+)|'--(allow-\w+)=([^']*)'/g)].map((
        [, name, value, quotedName, quotedValue],
      ) => [name ?? quotedName ?? "", (value ?? quotedValue ?? "").replaceAll(folder, "HERE")]),
    );
    return { code, text, flags, folder };
  } finally {
    await Deno.remove(made, { recursive: true });
  }
}

Deno.test("the least that runs: its configuration, the profiles, the data folder, broker and API", async () => {
  const { code, flags, text, folder } = await flagsOf("");
  assertEquals(code, 0);
  assertEquals(flags, {
    "allow-env": "NO_COLOR,NOTIFY_SOCKET,WATCHDOG_USEC,WATCHDOG_PID",
    "allow-sys": "hostname,statfs",
    "allow-net": "127.0.0.1:8080,127.0.0.1:1883",
    "allow-read": `HERE/gateway.yaml,${PROFILES},HERE/data,${HISTORY}`,
    "allow-write": "HERE/data",
  });
  assertStringIncludes(text, `deno run --no-prompt ${V8_FLAGS} \\\n`);
  assertStringIncludes(text, `/opt/sluice/main.ts run --config ${folder}/gateway.yaml\n`);
});

Deno.test("each other side is named with its port, its scheme's where it says none", async () => {
  const { flags } = await flagsOf(`
mqtt: { url: "mqtts://broker.example" }
influxdb: { url: "https://db.example", org: o, bucket: b, token: t }
notifiers:
  hook: { webhook: { url: "http://[::1]/x" } }
  mail: { email: { smtp: "smtp://mail.example", from: a@b.c, to: [d@e.f] } }
  logs: { syslog: { server: "tls://logs.example" } }
  said: { log: {} }
`);
  assertEquals(
    flags["allow-net"],
    "127.0.0.1:8080,broker.example:8883,db.example:443,[::1]:80,mail.example:587,logs.example:6514",
  );
});

Deno.test("names that are listened on, and where datagrams go, are granted by address as well", async () => {
  const { flags } = await flagsOf(`
mqtt: { url: "embedded://localhost:1883" }
notifiers: { logs: { syslog: { server: "udp://logs.example" } }, six: { syslog: { server: "udp://[fd00::1]:99" } } }
api: { listen: "edge.local:80", tokens: [{ name: a, role: viewer, hash: "sha256:${"0".repeat(64)}" }] }
`);
  assertEquals(
    flags["allow-net"],
    "edge.local,10.0.0.7:80,[fd00::7]:80,127.0.0.1:1883,logs.example,192.0.2.1:514,0.0.0.0:0,[fd00::1]:99,[::]:0",
  );
});

Deno.test("files that it names and variables that it takes are granted, and systemd's program where it is asked for", async () => {
  const { flags } = await flagsOf(
    `
gateway: { data_dir: /var/lib/sluice }
mqtt: { password_file: word, username: "\${MQTT_USER:-nobody}" }
buffer: { encrypt_at_rest: { key_file: key, former_key_files: [old] } }
`,
    { systemd: true, files: { word: "w", key: "0f".repeat(32), old: "1f".repeat(32) } },
  );
  assertEquals(flags["allow-env"], "NO_COLOR,NOTIFY_SOCKET,WATCHDOG_USEC,WATCHDOG_PID,MQTT_USER");
  assertEquals(
    flags["allow-read"]?.split(",").sort(),
    ["HERE/gateway.yaml", "HERE/key", "HERE/old", "HERE/word", "/var/lib/sluice", PROFILES].sort(),
  );
  assertEquals([flags["allow-write"], flags["allow-run"]], ["/var/lib/sluice", "systemd-notify"]);
});

Deno.test("paths with blanks and quotes arrive as they are; one with a comma cannot be granted", async () => {
  const { text } = await flagsOf("gateway: { data_dir: d }\n", { folder: "it's a b" });
  const { stdout } = await new Deno.Command("sh", { args: ["-c", `printf '%s\\n' ${text}`] }).output();
  const words = new TextDecoder().decode(stdout).split("\n");
  const write = words.find((word) => word.startsWith("--allow-write=")) ?? "";
  assertStringIncludes(write, "/it's a b/d");
  assertStringIncludes(words.at(-2) ?? "", "/it's a b/gateway.yaml");

  const { code, text: said } = await flagsOf("gateway: { data_dir: d }\n", { folder: "a,b" });
  assertEquals(code, 1);
  assertStringIncludes(said, "A path cannot be granted");
});

Deno.test("a wrong configuration has no rights", async () => {
  const { code, text, flags } = await flagsOf("nonsense: 1\n");
  assertEquals([code, flags], [2, {}]);
  assertStringIncludes(text, "Unknown key");
});
