import { type Place, TOPICS } from "./taker.ts";

/** Forms what the "influxdb batch" node takes: an entry a message. `taken` is counted, see `nodeRedSettings`. */
const ENTRY = `
const [, site, device] = msg.topic.split("/");
const { ts, seq, ...fields } = msg.payload;
global.get("taken")();
return { payload: { measurement: "climate", tags: { site, device }, fields, timestamp: ts } };
`;

/**
 * The flow as the editor would save it: mqtt in (QoS 1), json, function, batch (a second), join, influxdb batch.
 * "batch" alone only marks what belongs together; "join" makes the array that the last node takes.
 */
export function nodeRedFlow({ broker, database }: Place): readonly Readonly<Record<string, unknown>>[] {
  const { url, org, bucket } = database.target;
  const node = (id: string, type: string, next: string | undefined, more: Record<string, unknown>) => ({
    ...{ id, type, z: "tab", name: "", x: 0, y: 0 },
    wires: next === undefined ? [] : [[next]],
    ...more,
  });
  return [
    { id: "tab", type: "tab", label: "climate", disabled: false },
    {
      ...{
        id: "broker",
        type: "mqtt-broker",
        broker: "127.0.0.1",
        port: String(broker.port),
        keepalive: "60",
      },
      ...{ clientid: "bench", protocolVersion: "5", cleansession: false, sessionExpiry: "3600" },
      ...{ autoConnect: true, usetls: false },
    },
    {
      ...{ id: "database", type: "influxdb", influxdbVersion: "2.0", url },
      ...{ timeout: "10", rejectUnauthorized: true },
    },
    node("in", "mqtt in", "json", {
      ...{
        topic: TOPICS,
        qos: "1",
        datatype: "utf8",
        broker: "broker",
        nl: false,
        rap: true,
        rh: 0,
        inputs: 0,
      },
    }),
    node("json", "json", "entry", { property: "payload", action: "obj", pretty: false }),
    node("entry", "function", "batch", {
      func: ENTRY,
      outputs: 1,
      noerr: 0,
      initialize: "",
      finalize: "",
      libs: [],
    }),
    node("batch", "batch", "join", { mode: "interval", interval: 1, allowEmptySequence: false, topics: [] }),
    node("join", "join", "out", { mode: "auto" }),
    node("out", "influxdb batch", undefined, {
      ...{ influxdb: "database", precisionV18FluxV20: "ms", org, bucket },
    }),
  ];
}

/** What Node-RED keeps secret, as it stands in the file when it is told not to encrypt it. */
export function nodeRedSecrets({ database }: Place): unknown {
  return { database: { token: database.target.token } };
}

/**
 * Its settings: no editor, no telemetry, no encryption of secrets. The function node's `taken` counts and, at the last
 * message, writes the moment to a file.
 *
 * @param port where it would listen on 127.0.0.1, if it had anything to serve
 */
export function nodeRedSettings({ messages }: Place, folder: string, port: number): string {
  return `const fs = require("node:fs");
let seen = 0;
module.exports = {
  userDir: ${JSON.stringify(folder)},
  flowFile: "flows.json",
  credentialSecret: false,
  uiHost: "127.0.0.1",
  uiPort: ${port},
  httpAdminRoot: false,
  httpNodeRoot: false,
  telemetry: { enabled: false, updateNotification: false },
  diagnostics: { enabled: false },
  runtimeState: { enabled: false },
  logging: { console: { level: "warn", metrics: false, audit: false } },
  functionGlobalContext: {
    taken() {
      if (++seen !== ${messages}) return;
      fs.writeFileSync(${
    JSON.stringify(`${folder}/taken`)
  }, \`\${performance.timeOrigin + performance.now()}\\n\`);
    },
  },
};
`;
}
