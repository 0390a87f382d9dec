import { assertEquals, assertStringIncludes } from "@std/assert";
import { findConfig } from "../../../src/cli/find_config.ts";
import { overlaid, underlaid } from "../../../src/cli/overlay.ts";
import { GROWN_PROFILES, makeStarter, starterWords } from "../../../src/cli/starter.ts";
import { type GatewayConfig, loadConfig } from "../../../src/config/mod.ts";
import type { Rules } from "../../../src/model/mod.ts";
import { memorySources, ROOM, small, SUBSCRIPTION } from "../config/memory_sources.ts";

const EVERYTHING_FREE = (): boolean => true;

async function load(isFree: (port: number) => boolean): Promise<{ config: GatewayConfig; rules: Rules }> {
  const { file } = makeStarter(isFree);
  const loaded = await loadConfig(file.path, underlaid(memorySources({}), file, GROWN_PROFILES));
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  assertEquals(loaded.warnings, []);
  return loaded;
}

Deno.test("the starter is a broker, a page and an ear, for this machine alone, all within the data folder", async () => {
  const { config, rules } = await load(EVERYTHING_FREE);
  assertEquals(config.mqtt.embedded, { hostname: "127.0.0.1", port: 1_883 });
  assertEquals(config.api.listen, { hostname: "127.0.0.1", port: 8_080 });
  assertEquals([config.gateway.dataDir, config.profilesDir, config.influxdb], [
    ...["data", "data/profiles", undefined],
  ]);
  assertEquals([rules.learn, rules.subscriptions, rules.profiles], [["#"], [], {}]);
});

Deno.test("a port that is taken gives way to the next that is free, and the words say so", async () => {
  const isFree = (port: number): boolean => ![1_883, 1_884, 8_080].includes(port);
  const { config } = await load(isFree);
  assertEquals([config.mqtt.embedded?.port, config.api.listen.port], [1_885, 8_081]);
  const words = starterWords(makeStarter(isFree), "http://127.0.0.1:8081", config);
  assertStringIncludes(words, "Port 1883 is taken: the broker is on 1885\n");
  assertStringIncludes(words, "Port 8080 is taken: the page is on 8081\n");
  assertStringIncludes(words, "mosquitto_pub -h 127.0.0.1 -p 1885 ");
});

Deno.test("without a name the configuration is here, else in /etc/sluice, else what has grown", async () => {
  const [here, etc, grown] = ["gateway.yaml", "/etc/sluice/gateway.yaml", "data/gateway.yaml"];
  const found = (...paths: string[]): Promise<string | undefined> =>
    findConfig(memorySources(Object.fromEntries(paths.map((path) => [path, ""]))));
  assertEquals(await found(here, etc, grown), here);
  assertEquals(await found(etc, grown), etc);
  assertEquals(await found(grown), grown);
  assertEquals(await found(), undefined);
});

Deno.test("a configuration that is there and cannot be read is not passed over", async () => {
  const readText = (path: string): Promise<string> =>
    Promise.reject(path === "gateway.yaml" ? new Deno.errors.PermissionDenied() : new Deno.errors.NotFound());
  assertEquals(await findConfig({ readText }), "gateway.yaml");
});

Deno.test("files that are laid over the disk hide those there and stand among them; beneath it they give way", async () => {
  const disk = memorySources(small("log: { level: debug }\n"));
  const over = overlaid(disk, [
    { path: "gateway.yaml", text: SUBSCRIPTION },
    { path: "devices/profiles/extra.yaml", text: ROOM.replace("room", "extra") },
    { path: "new/one.yaml", text: "" },
  ]);
  const loaded = await loadConfig("gateway.yaml", over);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  assertEquals([loaded.config.log.level, Object.keys(loaded.rules.profiles)], ["info", ["extra", "room"]]);
  assertEquals(await over.listFiles("new"), ["one.yaml"]);
  const under = underlaid(disk, { path: "gateway.yaml", text: "" }, "nowhere");
  assertEquals((await under.readText("gateway.yaml")).includes("debug"), true);
  assertEquals(await under.listFiles("nowhere"), []);
});
