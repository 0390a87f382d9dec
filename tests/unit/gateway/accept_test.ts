import { assertEquals, assertMatch } from "@std/assert";
import { overlaid } from "../../../src/cli/overlay.ts";
import { loadConfig } from "../../../src/config/mod.ts";
import type { AcceptResult, ConfigFiles, Reloaded } from "../../../src/gateway/mod.ts";
import { Acceptance, type AcceptParts } from "../../../src/gateway/learning/accept.ts";
import { memorySources, ROOM } from "../config/memory_sources.ts";

const BY = { actor: "local", role: "operator", address: "127.0.0.1", request_id: "r1" } as const;
const CONFIG = `# mine
subscriptions:
  - { topic: "site/{device}/telemetry", profile: room } # the old one
`;
const OVEN = {
  profileYaml: "profile: oven\nfields:\n  heat: { type: float }\n",
  subscriptionYaml: '- topic: "hall/{device}"\n  profile: oven\n',
};

const ROOM_LOADED = await loadConfig(
  "gateway.yaml",
  memorySources({ "gateway.yaml": CONFIG, "devices/profiles/room.yaml": ROOM }),
);
const loadedProfiles = ROOM_LOADED.ok ? ROOM_LOADED.rules.profiles : {};

interface World {
  readonly files: Map<string, string>;
  readonly acceptance: Acceptance;
  readonly reloads: string[];
}

/** A gateway whose configuration is in memory. */
function world(change: Partial<ConfigFiles> = {}, phase: AcceptParts["phase"] = "running"): World {
  const files = new Map([["gateway.yaml", CONFIG], ["devices/profiles/room.yaml", ROOM]]);
  const reloads: string[] = [];
  const sources = (): ReturnType<typeof memorySources> => memorySources(Object.fromEntries(files));
  const configFiles: ConfigFiles = {
    text: () => sources().readText("gateway.yaml"),
    has: (path) => Promise.resolve(files.has(path)),
    async read(over): ReturnType<ConfigFiles["read"]> {
      const loaded = await loadConfig("gateway.yaml", overlaid(sources(), over));
      return loaded.ok ? loaded : { problems: loaded.problems };
    },
    write(written): Promise<void> {
      for (const { path, text } of written) files.set(path, text);
      return Promise.resolve();
    },
    ...change,
  };
  const reload = (): Promise<Reloaded> => {
    reloads.push(files.get("gateway.yaml") ?? "");
    return Promise.resolve({ kind: "reloaded", differences: [], warnings: [] });
  };
  const acceptance = new Acceptance(() => ({
    phase,
    ports: { configFiles },
    config: { file: "gateway.yaml", profilesDir: "devices/profiles" },
    rules: { subscriptions: [], profiles: loadedProfiles },
    configuration: { reload },
  }));
  return { files, acceptance, reloads };
}

/** What is said against it; fails where it was taken. */
function against(result: AcceptResult): string {
  if (result.kind === "accepted") throw new Error("It was accepted");
  if (result.kind !== "refused") return `${result.kind}: ${result.detail}`;
  return result.problems.map(({ file, line, message }) => `${file}:${line} ${message}`).join("\n");
}

Deno.test("what is accepted is written, profile first, and then put in force", async () => {
  const { files, acceptance, reloads } = world();
  const result = await acceptance.accept(OVEN, BY);
  assertEquals(result, {
    kind: "accepted",
    profile: "oven",
    topics: ["site/{device}/telemetry", "hall/{device}"],
    files: ["devices/profiles/oven.yaml", "gateway.yaml"],
  });
  assertEquals(files.get("devices/profiles/oven.yaml"), OVEN.profileYaml);
  assertEquals(files.get("gateway.yaml"), `${CONFIG}  - topic: "hall/{device}"\n    profile: oven\n`);
  assertEquals(reloads, [files.get("gateway.yaml")]);
});

Deno.test("two acceptances at once follow one another: neither undoes the other", async () => {
  const { files, acceptance } = world();
  const kiln = {
    profileYaml: OVEN.profileYaml.replace("oven", "kiln"),
    subscriptionYaml: '- topic: "yard/{device}"\n  profile: kiln\n',
  };
  const results = await Promise.all([acceptance.accept(OVEN, BY), acceptance.accept(kiln, BY)]);
  assertEquals(results.map(({ kind }) => kind), ["accepted", "accepted"]);
  const text = files.get("gateway.yaml") ?? "";
  assertEquals([text.includes("hall/"), text.includes("yard/")], [true, true]);
});

Deno.test("a profile's file is named by a plain word, and never takes another's place", async () => {
  const { files, acceptance } = world();
  files.set("devices/profiles/etc-passwd.yaml", ROOM.replace("room", "other"));
  const named = { ...OVEN, profileYaml: OVEN.profileYaml.replace("oven", "../../etc/passwd") };
  const subscriptionYaml = '- topic: "hall/{device}"\n  profile: ../../etc/passwd\n';
  assertEquals((await acceptance.accept({ ...named, subscriptionYaml }, BY)).kind, "accepted");
  assertEquals([...files.keys()].sort(), [
    ...[
      "devices/profiles/etc-passwd-2.yaml",
      "devices/profiles/etc-passwd.yaml",
      "devices/profiles/room.yaml",
    ],
    "gateway.yaml",
  ]);
});

const refused: readonly [what: string, wanted: Partial<typeof OVEN>, words: RegExp][] = [
  ["a profile that is no YAML", { profileYaml: "profile: {" }, /^profile_yaml:\d+ It is no YAML$/],
  [
    "a profile without a name",
    { profileYaml: "fields: {}\n" },
    /^profile_yaml:1 It is no profile: the key profile/,
  ],
  [
    "a profile with an unknown type",
    { profileYaml: "profile: oven\nfields:\n  heat: { type: flot }\n" },
    /oven\.yaml:3 /,
  ],
  [
    "a profile of a name that is taken",
    { profileYaml: ROOM },
    /^profile_yaml:1 There is a profile "room" already; give this one another name$/,
  ],
  [
    "a profile whose example fails",
    { profileYaml: `${OVEN.profileYaml}examples:\n  - message: { heat: 1 }\n    readings: { heat: 2 }\n` },
    /oven\.yaml:\d+ .*example/,
  ],
  [
    "a variable in the profile",
    { profileYaml: "profile: oven\ndescription: ${TOKEN}\n" },
    /^profile_yaml:2 Variables/,
  ],
  [
    "a variable in the subscription",
    { subscriptionYaml: "- topic: ${TOKEN}\n" },
    /^subscription_yaml:1 Variables/,
  ],
  [
    "a subscription to nowhere",
    { subscriptionYaml: "- topic: a/{device}\n  profile: gone\n" },
    /gateway\.yaml:5 There is no such profile/,
  ],
  ["a bomb of aliases", { profileYaml: "profile: &a oven\nfields: [*a, *a]\n" }, /^profile_yaml:1 Anchors/],
];

for (const [what, wanted, words] of refused) {
  Deno.test(`nothing is written for ${what}`, async () => {
    const { files, acceptance, reloads } = world();
    const before = [...files];
    assertMatch(against(await acceptance.accept({ ...OVEN, ...wanted }, BY)), words);
    assertEquals([[...files], reloads], [before, []]);
  });
}

Deno.test("a file that may not be written is said, with what to do", async () => {
  const write = (): Promise<void> => Promise.reject(new Deno.errors.NotCapable("Requires write access"));
  assertMatch(
    against(await world({ write }).acceptance.accept(OVEN, BY)),
    /^not_writable: This process cannot write "devices\/profiles\/oven\.yaml" and "gateway\.yaml": Requires write access; write them by hand/,
  );
});

Deno.test("a gateway that does not run yet, or has no file, accepts nothing", async () => {
  assertEquals(
    against(await world({}, "replaying").acceptance.accept(OVEN, BY)),
    "unavailable: The gateway is replaying",
  );
  const text = (): Promise<string> => Promise.reject(new Deno.errors.NotFound("gone"));
  assertMatch(
    against(await world({ text }).acceptance.accept(OVEN, BY)),
    /^not_writable: The file "gateway.yaml" cannot be read/,
  );
});
