/**
 * The guard over src/ingest/deferred_acks.ts: it fails when a new MQTT.js no longer does what that file leans on.
 * MQTT.js alone, against a broker made of a socket, so that each packet is seen.
 * @module
 */
import { assertEquals } from "@std/assert";
import mqtt, { type MqttClient } from "mqtt";
import { generate, type Packet, parser } from "mqtt-packet";
import { Buffer } from "node:buffer";
import { createServer, type Socket } from "node:net";
import { deferAcks, type HeldMessage, pubacks } from "../../src/ingest/deferred_acks.ts";
import { until } from "../support/until.ts";

interface Wire extends AsyncDisposable {
  readonly client: MqttClient;
  readonly taken: number[];
  readonly errors: Error[];
  readonly held: HeldMessage;
  /** What the broker has had from the client since the CONNECT. */
  readonly seen: Packet[];
  send(packet: Packet): void;
}

async function wire(protocolVersion: 4 | 5, take: (id: number) => boolean): Promise<Wire> {
  const seen: Packet[] = [];
  let socket: Socket | undefined;
  const server = createServer((accepted) => {
    socket = accepted;
    const read = parser({ protocolVersion });
    read.on("packet", (packet) => {
      if (packet.cmd !== "connect") return void seen.push(packet);
      const codes = protocolVersion === 5 ? { reasonCode: 0 } : { returnCode: 0 };
      accepted.write(generate({ cmd: "connack", sessionPresent: false, ...codes }, { protocolVersion }));
    });
    accepted.on("data", (bytes) => read.parse(Buffer.from(bytes)));
    accepted.on("error", () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const errors: Error[] = [];
  const taken: number[] = [];
  const client = mqtt.connect({
    protocol: "mqtt",
    host: "127.0.0.1",
    port,
    protocolVersion,
    reconnectPeriod: 0,
  });
  client.on("error", (error) => errors.push(error));
  const held = deferAcks(client, (packet) => {
    taken.push(packet.messageId ?? 0);
    return take(packet.messageId ?? 0);
  });
  await until("MQTT.js is connected", () => client.connected);
  return {
    client,
    taken,
    errors,
    held,
    seen,
    send: (packet) => void socket?.write(generate(packet, { protocolVersion })),
    async [Symbol.asyncDispose](): Promise<void> {
      await client.endAsync(true);
      socket?.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function message(messageId: number): Packet {
  return { cmd: "publish", topic: "t", payload: "x", qos: 1, dup: false, retain: false, messageId };
}

for (const version of [4, 5] as const) {
  Deno.test(`MQTT.js, protocol ${version}: called back with an error it sends no PUBACK and goes on`, async () => {
    await using line = await wire(version, () => true);
    for (const id of [1, 2, 3]) line.send(message(id));
    await until("all three are taken", () => line.taken.length === 3);
    // A PINGREQ behind them shows that nothing was sent before it.
    line.client.sendPing();
    await until("the ping has arrived", () => line.seen.length > 0);
    assertEquals(line.seen.map((packet) => packet.cmd), ["pingreq"]);
    assertEquals(line.errors, []);
  });

  Deno.test(`MQTT.js, protocol ${version}: PUBACKs written to its stream later arrive in their order`, async () => {
    await using line = await wire(version, () => true);
    for (const id of [1, 2, 3]) line.send(message(id));
    await until("all three are taken", () => line.taken.length === 3);
    line.client.stream.write(pubacks(Uint16Array.of(2, 1, 3)));
    await until("three packets have arrived", () => line.seen.length === 3);
    const found = line.seen.map((packet) => [packet.cmd, "messageId" in packet ? packet.messageId : 0]);
    assertEquals(found, [["puback", 2], ["puback", 1], ["puback", 3]]);
    assertEquals([line.errors, line.client.connected], [[], true]);
  });

  Deno.test(`MQTT.js, protocol ${version}: a held message stops what is behind it until it is released`, async () => {
    await using line = await wire(version, (id) => id !== 1);
    line.send(message(1));
    line.send(message(2));
    await until("the first is offered", () => line.taken.length === 1);
    line.client.sendPing();
    await until("the ping has arrived", () => line.seen.length === 1);
    assertEquals(line.taken, [1]);
    line.held.release();
    await until("the second is taken", () => line.taken.length === 2);
    assertEquals(line.seen.map((packet) => packet.cmd), ["pingreq"]);
  });
}
