import { assert } from "@std/assert";
import type { InfluxTarget } from "../../../devices/simulator/mod.ts";
import { siteFiles, type SiteParts } from "../../../devices/simulator/site.ts";
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
export async function loadSite(
  influx: InfluxTarget,
  rate = 5,
  more: Partial<SiteParts> = {},
): Promise<Extract<Loaded, { ok: true }>> {
  const files = await siteFiles({
    folder: "/site",
    mqttUrl: "embedded://127.0.0.1:1883",
    influx,
    port: 8080,
    rate,
    run: "seed-1-x",
    ...more,
  });
  const loaded = await loadConfig("/site/gateway.yaml", {
    readText(path): Promise<string> {
      const text = files.get(path.slice("/site/".length));
      return text === undefined ? Promise.reject(new Deno.errors.NotFound(path)) : Promise.resolve(text);
    },
    listFiles: () =>
      Promise.resolve(
        [...files.keys()].flatMap((name) =>
          name.startsWith("profiles/") ? [name.slice("profiles/".length)] : []
        ),
      ),
    env: () => undefined,
    hostName: () => "here",
  });
  assert(loaded.ok, loaded.ok ? "" : loaded.problems.map(renderProblem).join("\n"));
  return loaded;
}
