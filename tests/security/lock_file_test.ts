/**
 * The packages of deno.lock: what they are, and what is known against them.
 * @module
 */
import { assert, assertEquals, assertGreater, assertMatch } from "@std/assert";
import { ROOT } from "../support/gateway_process.ts";

/** One package as the lock file has it. */
interface Locked {
  readonly integrity?: string;
  /** Where it is fetched from, when that is not the registry. */
  readonly tarball?: string;
  readonly scripts?: boolean;
}

interface LockFile {
  readonly version: string;
  readonly specifiers: Readonly<Record<string, string>>;
  readonly npm: Readonly<Record<string, Locked>>;
}

/** Below these are known holes, or missing fixes that the gateway relies on. */
const FLOORS: Readonly<Record<string, readonly [number, number, number]>> = {
  hono: [4, 13, 5],
  mqtt: [5, 16, 0],
  protobufjs: [6, 11, 4],
  ws: [8, 17, 1],
};

/** Packages that have a script for their installation. Deno runs none unless it is told to, and nobody tells it. */
const SCRIPTED = ["protobufjs"];

/** Licences (SPDX) that ask for no more than to be named, and the ones that ask for more, package by package. */
const LICENCES = ["0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MIT-0"];
const OTHER_LICENCES: Readonly<Record<string, string>> = {
  "sparkplug-payload": "EPL-2.0",
  // Of the tests alone.
  "argparse": "PSF-2.0",
  "axe-core": "MPL-2.0",
};

async function lockFile(): Promise<LockFile> {
  return JSON.parse(await Deno.readTextFile(`${ROOT}deno.lock`));
}

/** `@scope/name@1.2.3_peer@1` → its name and version. */
function nameAndVersion(id: string): readonly [name: string, version: string] {
  const [, name = "", version = ""] = /^(@?[^@]+)@([^_]+)/.exec(id) ?? [];
  return [name, version];
}

Deno.test("every locked package comes from the npm registry with its hash, and no script of one is ever run", async () => {
  const lock = await lockFile();
  assertEquals(lock.version, "5");
  const other = Object.keys(lock).filter((key) =>
    !["version", "specifiers", "npm", "workspace"].includes(key)
  );
  assertEquals(other, [], "jsr, remote and redirected modules");
  for (const specifier of Object.keys(lock.specifiers)) assertMatch(specifier, /^npm:/);
  assertGreater(Object.keys(lock.npm).length, 50);
  for (const [id, { integrity, tarball, scripts }] of Object.entries(lock.npm)) {
    // RFC 6234's SHA-512 in the form of W3C's subresource integrity: 64 bytes.
    assertMatch(integrity ?? "", /^sha512-[A-Za-z0-9+/]{86}==$/, id);
    assertEquals(tarball, undefined, id);
    assertEquals(scripts === true, SCRIPTED.includes(nameAndVersion(id)[0]), id);
  }
  const installers = ["deno.json", "deploy/docker/Dockerfile", "deploy/README.md", "README.md", ".ci/run"];
  for (const path of installers) {
    assertEquals((await Deno.readTextFile(`${ROOT}${path}`)).includes("--allow-scripts"), false, path);
  }
});

Deno.test("what deno.json imports is locked, but for the linked @std/assert", async () => {
  const { imports, links }: { imports: Record<string, string>; links: string[] } = JSON.parse(
    await Deno.readTextFile(`${ROOT}deno.json`),
  );
  const { specifiers } = await lockFile();
  const { ["@std/assert"]: linked, ...packages } = imports;
  assertEquals([linked, links], ["jsr:@std/assert@^1", ["./tests/std_assert"]]);
  const missing = Object.values(packages).filter((specifier) => !(withoutPath(specifier) in specifiers));
  assertEquals(missing, []);
});

/** `npm:/@scope/name@^1.2.3/some/file.js` → `npm:@scope/name@^1.2.3`. */
function withoutPath(specifier: string): string {
  return specifier.replace(/^npm:\/?((?:@[^/]+\/)?[^/]+).*$/, "npm:$1");
}

Deno.test("packages below which there are known holes are locked above them", async () => {
  const { npm } = await lockFile();
  const versions = Object.keys(npm).map(nameAndVersion);
  for (const [name, floor] of Object.entries(FLOORS)) {
    const locked = versions.filter(([each]) => each === name).map(([, version]) => version);
    assertGreater(locked.length, 0, name);
    for (const version of locked) {
      const numbers = version.split(".").map(Number);
      const at = floor.findIndex((number, index) => numbers[index] !== number);
      assert(
        at < 0 || (numbers[at] ?? 0) > (floor[at] ?? 0),
        `${name} is ${version}, below ${floor.join(".")}`,
      );
    }
  }
});

Deno.test("every locked package has a licence that an MIT licensed program may be shipped with", async () => {
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json"], cwd: ROOT })
    .output();
  const { npmCache }: { npmCache: string } = JSON.parse(new TextDecoder().decode(stdout));
  const registries = await Array.fromAsync(Deno.readDir(npmCache), (entry) => entry.name);
  let found = 0;
  for (const [name, version] of Object.keys((await lockFile()).npm).map(nameAndVersion)) {
    // What this machine does not need, e.g. types, is not in its cache.
    const text = await firstOf(
      registries.map((each) => `${npmCache}/${each}/${name}/${version}/package.json`),
    );
    if (text === undefined) continue;
    const { license }: { license?: string } = JSON.parse(text);
    const allowed = name in OTHER_LICENCES ? [OTHER_LICENCES[name]] : LICENCES;
    assert(allowed.includes(license), `${name} ${version} has the licence "${license}"`);
    found++;
  }
  assertGreater(found, 50);
});

/** The text of the first file that there is. */
async function firstOf(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    const text = await Deno.readTextFile(path).catch(() => undefined);
    if (text !== undefined) return text;
  }
  return undefined;
}

/** `deno audit` on the lock file; exit 0 also where the registry gives no answer, which its words tell. */
async function audit(env: Record<string, string> = {}): Promise<{ code: number; text: string }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["audit", "--ignore-registry-errors"],
    cwd: ROOT,
    env: { NO_COLOR: "1", ...env },
    stdin: "null",
    signal: AbortSignal.timeout(60_000),
  }).output();
  return { code, text: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) };
}

Deno.test("no locked package has a known vulnerability, as far as the registry tells", async () => {
  const { code, text } = await audit();
  const unknown = /^Failed to get data from the registry: (.*)$/m.exec(text)?.[1];
  if (code === 0 && unknown !== undefined) {
    // Not every registry has the route that advisories are asked at, and not every machine reaches one.
    await Deno.stderr.write(
      new TextEncoder().encode(
        `skipped: the registry tells no advisories (${unknown.replaceAll(/https?:\S+/g, "…")})\n`,
      ),
    );
    return;
  }
  assertEquals(code, 0, text);
});

/** A registry that knows of what a test tells it. */
class Advisories implements AsyncDisposable {
  /** Packages that were asked about, with their versions. */
  readonly asked = new Map<string, readonly string[]>();
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  constructor(known: Readonly<Record<string, unknown>>) {
    this.#server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
      const body: Record<string, string[]> = await request.json();
      for (const [name, versions] of Object.entries(body)) this.asked.set(name, versions);
      return Response.json(known);
    });
  }

  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}

Deno.test("the audit asks about every locked package, and fails where one has a known hole", async () => {
  await using none = new Advisories({});
  const clean = await audit({ NPM_CONFIG_REGISTRY: none.url });
  assertEquals(clean.code, 0, clean.text);
  const locked = new Set(Object.keys((await lockFile()).npm).map((id) => nameAndVersion(id).join("@")));
  const asked = [...none.asked].flatMap(([name, versions]) =>
    versions.map((version) => `${name}@${version}`)
  );
  assertEquals(new Set(asked), locked);

  const hole = {
    id: 1,
    url: "https://example.org/advisory",
    title: "Planted",
    severity: "high",
    vulnerable_versions: "<5.0.0",
    cwe: [],
    cvss: { score: 7.5, vectorString: null },
  };
  await using some = new Advisories({ hono: [hole] });
  const holed = await audit({ NPM_CONFIG_REGISTRY: some.url });
  assertEquals(holed.code, 1);
  assertMatch(holed.text, /Planted[\s\S]*hono/);
});
