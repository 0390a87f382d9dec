import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { parse } from "yaml";
import { V8_FLAGS } from "../../src/cli/mod.ts";
import { describeMetrics } from "../../src/gateway/mod.ts";
import {
  DEPLOY,
  type Document,
  document,
  exists,
  loadInstalled,
  outputs,
  ROOT,
  text,
} from "../support/deploy_files.ts";

const HASH = { SLUICE_API_TOKEN_HASH: `sha256:${"ab".repeat(32)}` };
const PINNED = /^[a-z0-9./-]+:v?\d+\.\d+\.\d+$/;

/** The settings of a mosquitto.conf. */
async function settings(path: string): Promise<Map<string, string>> {
  const lines = (await text(path)).split("\n").filter((line) => /^[a-z]/.test(line));
  return new Map(lines.map((line): [string, string] => [line.split(" ")[0] ?? "", line]));
}

Deno.test("every command that runs the gateway has the heap of a small machine", async () => {
  const service = await text("systemd/sluice.service");
  const dockerfile = await text("docker/Dockerfile");
  const { tasks } = JSON.parse(await Deno.readTextFile(`${ROOT}deno.json`));
  for (const command of [service, dockerfile, tasks.start.command, tasks.dev.command]) {
    assertStringIncludes(command, V8_FLAGS);
  }
});

/** Files below deploy/ with one of some endings. */
async function files(folder: string, endings: RegExp): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(`${DEPLOY}${folder}`)) {
    if (name === "secrets" || name === ".env") continue;
    const path = folder === "" ? name : `${folder}/${name}`;
    if (isDirectory) found.push(...await files(path, endings));
    else if (endings.test(name)) found.push(path);
  }
  return found.sort();
}

Deno.test("every YAML and JSON file of deploy/ parses, no key twice", async () => {
  const found = await files("", /\.(ya?ml|json)$/);
  assert(found.length >= 14, found.join(" "));
  for (const path of found) assertEquals(typeof await document(path), "object", path);
});

Deno.test("compose: images are pinned, ports are on loopback, what is mounted and named exists", async () => {
  const compose = await document("compose.yaml");
  assertEquals(Object.keys(compose.services).sort(), [
    "broker",
    "gateway",
    "grafana",
    "influxdb",
    "prometheus",
  ]);
  for (const [name, service] of Object.entries<Document>(compose.services)) {
    assertMatch(service.image, PINNED, name);
    for (const port of service.ports ?? []) assertMatch(port, /^127\.0\.0\.1:\d+:\d+$/, name);
    for (const volume of service.volumes ?? []) {
      const [source] = String(volume).split(":");
      const there = source?.startsWith("./")
        ? await exists(source)
        : Object.hasOwn(compose.volumes, source ?? "");
      assert(there, `${name} mounts ${volume}`);
    }
    for (const secret of service.secrets ?? []) {
      assert(Object.hasOwn(compose.secrets, secret), `${name}: ${secret}`);
    }
    for (const [key, value] of Object.entries<string>(service.environment ?? {})) {
      const secret = /^\/run\/secrets\/(.+)$/.exec(value)?.[1];
      if (secret !== undefined) assert(service.secrets.includes(secret), `${name} reads ${key}`);
    }
  }
  const { build } = compose.services.gateway;
  assert(await exists(`${build.context}/${build.dockerfile}`));
});

Deno.test("compose: the gateway's configuration loads and names the services as they are", async () => {
  const { services } = await document("compose.yaml");
  const yaml = await text("docker/gateway.yaml");
  for (const [, name] of yaml.matchAll(/\$\{([A-Z_]+)/g)) {
    assert(Object.hasOwn(services.gateway.environment, name ?? ""), `${name} is not set for the gateway`);
  }
  const { config } = await loadInstalled(yaml, HASH, { "/run/secrets/influx-token": "token" });
  assert(services.gateway.secrets.includes("influx-token"));
  assertEquals(config.gateway.dataDir, "/data");
  assert(services.gateway.volumes.some((volume: string) => volume.endsWith(":/data")));
  const { influxdb } = config;
  assert(influxdb?.version === 2);
  const init = services.influxdb.environment;
  assertEquals([influxdb.org, influxdb.bucket], [
    init.DOCKER_INFLUXDB_INIT_ORG,
    init.DOCKER_INFLUXDB_INIT_BUCKET,
  ]);
  const hosts = [config.mqtt.url, influxdb.url].map((url) => new URL(url).host);
  const listener = (await settings("mosquitto/container.conf")).get("listener")?.split(" ")[1];
  assertEquals(hosts, [`broker:${listener}`, "influxdb:8086"]);
  const prometheus = await document("prometheus/prometheus.yml");
  const [scrape] = prometheus.scrape_configs;
  assertEquals(scrape.static_configs[0].targets, [`gateway:${config.api.listen.port}`]);
  assert(
    services.prometheus.secrets.includes(scrape.authorization.credentials_file.replace("/run/secrets/", "")),
  );
  assertStringIncludes(await text("docker/Dockerfile"), `EXPOSE ${config.api.listen.port}\n`);
});

Deno.test("the broker in a container keeps what the other one keeps", async () => {
  const container = await settings("mosquitto/container.conf");
  const other = await settings("mosquitto/mosquitto.conf");
  for (const key of ["listener", "persistence_location"]) {
    assert(container.delete(key) && other.delete(key), key);
  }
  assertEquals(container, other);
});

Deno.test("the image's Deno is the one that the README and the check use", async () => {
  const versions = [...(await text("docker/Dockerfile")).matchAll(/^FROM denoland\/deno:(\S+)/gm)].map((
    [, v],
  ) => v);
  const readme = /npx -y deno@(\S+)/.exec(await Deno.readTextFile(`${ROOT}README.md`))?.[1];
  const check = /deno@(\d+\.\d+\.\d+)/.exec(await Deno.readTextFile(`${ROOT}.ci/run`))?.[1];
  assertEquals([...versions, check], [readme, readme, readme]);
});

Deno.test("grafana: data sources are services, dashboards ask for what there is, panels do not overlap", async () => {
  const { services } = await document("compose.yaml");
  const { datasources } = await document("grafana/provisioning/datasources/sluice.yaml");
  const uids = new Map<string, string>();
  for (const { uid, type, url, secureJsonData } of datasources) {
    uids.set(uid, type);
    assert(Object.hasOwn(services, new URL(url).hostname), url);
    const secret = /\/run\/secrets\/([^}]+)/.exec(secureJsonData?.token ?? "")?.[1];
    if (secret !== undefined) assert(services.grafana.secrets.includes(secret), secret);
  }
  const { providers } = await document("grafana/provisioning/dashboards/sluice.yaml");
  assert(services.grafana.volumes.includes(`./grafana/dashboards:${providers[0].options.path}:ro`));

  const { rules } = await loadInstalled(await text("docker/gateway.yaml"), HASH, {
    "/run/secrets/influx-token": "token",
  });
  const fields = outputs(rules);
  const metrics = new Set(describeMetrics().map(({ name }) => name));
  const boards = await files("grafana/dashboards", /\.json$/);
  assertEquals(boards.length, 2);
  for (const path of boards) {
    const board = await document(path);
    const taken = new Set<string>();
    assertEquals(new Set(board.panels.map(({ id }: Document) => id)).size, board.panels.length);
    for (const { title, gridPos, targets } of board.panels) {
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          assert(x < 24 && !taken.has(`${x},${y}`), `${title} at ${x},${y}`);
          taken.add(`${x},${y}`);
        }
      }
      for (const { datasource, query = "", expr = "" } of targets) {
        assertEquals(uids.get(datasource.uid), datasource.type, title);
        const measurement = /r\._measurement == "(\w+)"/.exec(query)?.[1];
        const asked = [...query.matchAll(/r\._field == "(\w+)"/g)].map(([, field]) => field ?? "");
        const known = [...expr.matchAll(/sluice_\w+/g)].map(([name]) => name.replace(/_bucket$/, ""));
        assert(asked.length + known.length > 0, title);
        for (const field of asked) assert(fields.get(measurement ?? "")?.has(field), `${title}: ${field}`);
        for (const name of known) assert(metrics.has(name), `${title}: ${name}`);
      }
    }
  }
});

Deno.test("kubernetes: one gateway, its probes, its volume, no right too many, and a configuration that loads", async () => {
  const { resources } = await document("kubernetes/kustomization.yaml");
  const all = await files("kubernetes", /\.yaml$/);
  assertEquals(
    [...resources].sort(),
    all.map((path) => path.slice(11)).filter((name) => name !== "kustomization.yaml"),
  );
  const [config, service, set] = await Promise.all(
    ["configmap", "service", "statefulset"].map((name) => document(`kubernetes/${name}.yaml`)),
  );
  const labels = set.spec.template.metadata.labels;
  assertEquals([set.spec.selector.matchLabels, service.spec.selector], [labels, labels]);
  assertEquals([set.spec.serviceName, set.spec.replicas], [service.metadata.name, 1]);

  const pod = set.spec.template.spec;
  const [gateway] = pod.containers;
  assertMatch(gateway.image, PINNED);
  assertEquals(gateway.image, (await document("compose.yaml")).services.gateway.image);
  const user = /^USER (\d+):(\d+)$/m.exec(await text("docker/Dockerfile"));
  const { runAsUser, runAsGroup, fsGroup, runAsNonRoot } = pod.securityContext;
  assertEquals([runAsNonRoot, `${runAsUser}`, `${runAsGroup}`, `${fsGroup}`], [
    true,
    user?.[1],
    user?.[2],
    user?.[2],
  ]);
  assertEquals(gateway.securityContext, {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
  });
  const { startupProbe, livenessProbe, readinessProbe, ports } = gateway;
  const probes = [startupProbe, livenessProbe, readinessProbe].map(({ httpGet }) => httpGet);
  assertEquals(probes.map(({ path }) => path), ["/healthz", "/healthz", "/readyz"]);
  assertEquals(
    new Set([...probes.map(({ port }) => port), service.spec.ports[0].targetPort]),
    new Set([ports[0].name]),
  );

  const volumes = new Map<string, Document>(pod.volumes.map((volume: Document) => [volume.name, volume]));
  const [claim] = set.spec.volumeClaimTemplates;
  const mounts = new Map<string, string>(gateway.volumeMounts.map((m: Document) => [m.name, m.mountPath]));
  assertEquals([...mounts.keys()].sort(), [...volumes.keys(), claim.metadata.name].sort());
  assertEquals(volumes.get("config").configMap.name, config.metadata.name);
  const [name = ""] = Object.keys(config.data);
  assertEquals(gateway.args, ["run", "--config", `${mounts.get("config")}/${name}`]);

  const secret = volumes.get("secrets").secret;
  const paths = secret.items.map(({ path }: Document) => `${mounts.get("secrets")}/${path}`);
  const env = Object.fromEntries(gateway.env.map(({ name }: Document) => [name, "sluice-0"]));
  const loaded = await loadInstalled(
    config.data[name],
    { ...env, ...HASH },
    Object.fromEntries(paths.map((path: string) => [path, "secret"])),
  );
  const yaml = parse(config.data[name]);
  assertEquals([yaml.mqtt.password_file, yaml.influxdb.token_file].sort(), paths.sort());
  for (const [, wanted] of config.data[name].matchAll(/\$\{([A-Z_]+)/g)) assert(wanted in env, wanted);
  assertEquals(loaded.config.gateway, { id: "sluice-0", dataDir: mounts.get("data") ?? "" });
  assertEquals(loaded.config.api.listen.port, ports[0].containerPort);
  const gibibytes = Number(/^(\d+)Gi$/.exec(claim.spec.resources.requests.storage)?.[1]);
  assert(loaded.config.buffer.maxBytes < gibibytes * 2 ** 30);

  const readme = await text("README.md");
  const keys = [...secret.items.map(({ key }: Document) => key), "api-token-hash"];
  for (const key of keys) assertMatch(readme, new RegExp(`--from-(file|literal)=${key}=`), key);
});
