import { assert, assertEquals } from "@std/assert";
import { flatDifferences, type FlatSettings, flatSettings, loadConfig } from "../../../src/config/mod.ts";
import { memorySources, small } from "./memory_sources.ts";

async function flat(more: string): Promise<FlatSettings> {
  const loaded = await loadConfig("gateway.yaml", memorySources(small(more)));
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return flatSettings(loaded);
}

Deno.test("two configurations differ where their paths do, and no secret is in what may be kept", async () => {
  const before = await flat("mqtt: { username: u, password: hunter2 }\nbuffer: { max_bytes: 64MiB }\n");
  const after = await flat("mqtt: { username: v, password: hunter3 }\nlog: { level: warn }\n");
  assertEquals(flatDifferences(before, after), [
    { path: "mqtt.username", change: "changed", before: "u", after: "v" },
    { path: "buffer.max_bytes", change: "changed", before: "64MiB", after: "1GiB" },
    { path: "log.level", change: "changed", before: "info", after: "warn" },
  ]);
  assertEquals(flatDifferences(before, before), []);
  for (const secret of ["hunter2", "hunter3"]) {
    assert(!JSON.stringify([before, after]).includes(secret), secret);
  }
});

Deno.test("what one of two lacks is added or removed", async () => {
  const [without, withAlert] = [
    await flat(""),
    await flat("alerts: [{ name: silent, silent_for: 1m }]\n"),
  ];
  const added = flatDifferences(without, withAlert).filter(({ change }) => change === "added");
  assert(added.some(({ path, after }) => path.includes("silent") && after === "1m"), JSON.stringify(added));
  const removed = flatDifferences(withAlert, without).filter(({ change }) => change === "removed");
  assertEquals(removed.map(({ path }) => path), added.map(({ path }) => path));
});
