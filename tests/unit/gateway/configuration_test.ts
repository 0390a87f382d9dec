import { assert, assertEquals, assertRejects } from "@std/assert";
import { loadConfig } from "../../../src/config/mod.ts";
import {
  type Asker,
  type ConfigSource,
  Configuration,
  type Reloaded,
} from "../../../src/gateway/configuration.ts";
import type { AuditNote } from "../../../src/model/mod.ts";
import { memorySources, small } from "../config/memory_sources.ts";

const OPS: Asker = { actor: "ops", role: "admin", address: "10.0.0.9", request_id: "r1" };
const HOT = "alerts: [{ name: hot, field: temperature, above: 80 }]\n";
const WRONG = "alerts: [{ name: hot, field: temperature, abov: 80 }]\n";

/** A configuration whose file a test writes; what is put in force takes as long as the test likes. */
async function rig(change: { source?: undefined; running?: false } = {}) {
  const files: Record<string, string> = { ...small("") };
  const source: ConfigSource = {
    async read(text) {
      const loaded = await loadConfig(
        "gateway.yaml",
        memorySources(text === undefined ? files : { ...files, "gateway.yaml": text }, { SECRET: "hunter2" }),
      );
      return loaded.ok ? loaded : { problems: loaded.problems };
    },
  };
  const begun = await source.read();
  if ("problems" in begun) throw new Error("the test's configuration is wrong");
  const state = { now: begun, applied: 0, atOnce: 0, most: 0, fails: false };
  const notes: AuditNote[] = [];
  const refused: unknown[] = [];
  const configuration = new Configuration({
    now: () => state.now,
    source: "source" in change ? undefined : source,
    running: () => change.running !== false,
    async apply(to) {
      state.most = Math.max(state.most, ++state.atOnce);
      for (let turn = 0; turn < 20; turn++) await Promise.resolve();
      state.atOnce--;
      if (state.fails) throw new Error("no");
      state.applied++;
      state.now = { ...state.now, config: to.config, rules: to.rules };
    },
    onRefused: (facts) => refused.push(facts),
    audit: (note) => notes.push(note),
  });
  const write = (text: string): void => void (files["gateway.yaml"] = `${small("")["gateway.yaml"]}${text}`);
  return { configuration, state, notes, refused, write, files };
}

const paths = (outcome: Reloaded): string[] | string =>
  outcome.kind === "reloaded" ? outcome.differences.map(({ path }) => path) : outcome.kind;

Deno.test("several reloads at once: one at a time, each with the file of its turn", async () => {
  const { configuration, state, write, notes } = await rig();
  write(HOT);
  const outcomes = await Promise.all([1, 2, 3, 4].map(() => configuration.reload(OPS)));
  assertEquals(outcomes.map(paths), [["alerts.hot"], [], [], []]);
  assertEquals([state.applied, state.most], [4, 1]);
  assertEquals(notes.map(({ action, actor, detail }) => [action, actor, detail.differences]), [
    ["config_reloaded", "ops", 1],
    ["config_reloaded", "ops", 0],
    ["config_reloaded", "ops", 0],
    ["config_reloaded", "ops", 0],
  ]);
});

Deno.test("a wrong file is refused with its places, told to log and audit, and changes nothing", async () => {
  const { configuration, state, write, notes, refused } = await rig();
  write(WRONG);
  const outcome = await configuration.reload(OPS);
  assert(outcome.kind === "refused");
  assertEquals(outcome.problems.map(({ file, line, path }) => [file, line, path]), [
    ["gateway.yaml", 3, "alerts[0].abov"],
  ]);
  assertEquals([state.applied, refused.length], [0, 1]);
  assertEquals(notes.map(({ action, role, address, request_id }) => [action, role, address, request_id]), [
    ["config_refused", "admin", "10.0.0.9", "r1"],
  ]);
  write(HOT);
  assertEquals(paths(await configuration.reload(OPS)), ["alerts.hot"]);
});

Deno.test("a reload that fails is said to who asked, and keeps nobody after it waiting", async () => {
  const { configuration, state, write } = await rig();
  write(HOT);
  state.fails = true;
  await assertRejects(() => configuration.reload(OPS), Error, "no");
  state.fails = false;
  assertEquals(paths(await configuration.reload(OPS)), ["alerts.hot"]);
});

Deno.test("what does not run yet, or has no file, takes no other configuration", async () => {
  assertEquals((await (await rig({ running: false })).configuration.reload(OPS)).kind, "unavailable");
  const none = await rig({ source: undefined });
  assertEquals((await none.configuration.reload(OPS)).kind, "unavailable");
  assertEquals(await none.configuration.validate(), undefined);
});

Deno.test("validating says what would change and changes nothing, and runs the examples of profiles", async () => {
  const { configuration, state, write, files } = await rig();
  write(HOT);
  const file = await configuration.validate();
  assert(file?.kind === "valid");
  assertEquals(file.differences.map(({ path }) => path), ["alerts.hot"]);
  const text = await configuration.validate(`${small("")["gateway.yaml"]}${WRONG}`);
  assertEquals(text?.kind, "invalid");
  files["devices/profiles/room.yaml"] += `examples:
  - message: { temperature: 20 }
    readings: { temperature: 21 }
`;
  const failing = await configuration.validate();
  assert(failing?.kind === "invalid");
  assertEquals(failing.problems.map(({ reason, line }) => [reason, line]), [["example_fails", 7]]);
  assertEquals(state.applied, 0);
});

Deno.test("a text that names variables of the environment is judged, and what is in them is told nobody", async () => {
  const { configuration, write } = await rig();
  for (const written of ["${SECRET}", "x ${SECRET}", '"\\x24{SECRET}"']) {
    const text = `${small("")["gateway.yaml"]}gateway: { id: ${
      written.includes('"') ? written : `"${written}"`
    } }\n`;
    const outcome = await configuration.validate(text);
    assert(outcome?.kind === "valid");
    assertEquals(outcome.differences.map(({ path }) => path), ["gateway.id", "mqtt.client_id"]);
    assertEquals(outcome.differences.map(({ after }) => after), ["[as in the text]", "[as in the text]"]);
  }
  // What is in the file on disk was put there by who may read the environment.
  write('gateway: { id: "${SECRET}" }\n');
  const file = await configuration.validate();
  assert(file?.kind === "valid");
  assertEquals(file.differences[0]?.after, "hunter2");
});
