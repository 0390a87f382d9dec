import { assert } from "@std/assert";
import type { InfluxTarget } from "../../../devices/simulator/mod.ts";
import { siteConfiguration } from "../../../devices/simulator/site.ts";
import { loadConfig, type Loaded, renderProblem } from "../../../src/config/mod.ts";

/** The database of a site that has its own. */
export const OWN: InfluxTarget = {
  version: 2,
  url: "http://127.0.0.1:8086",
  org: "o",
  bucket: "b",
  token: "t",
};

/** The configuration that the simulator writes, loaded as the gateway loads it, with the real profiles. */
export async function loadSite(influx: InfluxTarget, rate = 5): Promise<Extract<Loaded, { ok: true }>> {
  const text = siteConfiguration({
    folder: "/site",
    mqttUrl: "embedded://127.0.0.1:1883",
    influx,
    port: 8080,
    rate,
    run: "seed-1-x",
  });
  const loaded = await loadConfig("/site/gateway.yaml", {
    readText: (path) =>
      path === "/site/gateway.yaml"
        ? Promise.resolve(text)
        : path === "/site/influx.secret"
        ? Promise.resolve("secret")
        : Deno.readTextFile(path),
    listFiles: async (folder) => (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name),
    env: () => undefined,
    hostName: () => "here",
  });
  assert(loaded.ok, loaded.ok ? "" : loaded.problems.map(renderProblem).join("\n"));
  return loaded;
}
