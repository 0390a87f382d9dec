/**
 * Just enough of an MQTT 5 broker to time one subscriber: it sends messages at a steady pace and notes how long each
 * takes until its PUBACK. Says its port, waits for a word, sends, then tells what it saw.
 * @module
 */
import type { Buffer } from "node:buffer";
import net from "node:net";
import { generate, type Packet, parser } from "mqtt-packet";
import { moment, tell, told } from "../../support/child_process.ts";
import { type BrokerReport, type BrokerTask, PROTOCOL } from "./broker.ts";
import { Pace } from "./pace.ts";

/** The client that is timed; the gateway has another one, for messages of its own. */
const TIMED = "bench";

if (import.meta.main) {
  const task: BrokerTask = JSON.parse(Deno.args[0] ?? "");
  const pace = new Pace(task);
  const server = net.createServer({ noDelay: true }, (socket) => serve(socket, pace));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The broker has no port");
  await tell(String(address.port));
  await told();
  const began = moment();
  const { waits, count, alarms } = await pace.run();
  waits.sort();
  const report: BrokerReport = {
    p50: quantile(waits, 0.5),
    p99: quantile(waits, 0.99),
    p999: quantile(waits, 0.999),
    rate: 1_000 * count / (moment() - began),
    alarms,
  };
  await tell(JSON.stringify(report));
}

function serve(socket: net.Socket, pace: Pace): void {
  const reader = parser(PROTOCOL);
  const answer = (packet: Packet): void => void socket.write(generate(packet, PROTOCOL));
  reader.on("packet", (packet: Packet) => {
    switch (packet.cmd) {
      case "connect":
        answer({ cmd: "connack", reasonCode: 0, sessionPresent: false });
        if (packet.clientId === TIMED) {
          pace.attach((bytes) => void socket.write(bytes), packet.properties?.receiveMaximum ?? 65_535);
        }
        break;
      case "subscribe":
        answer({
          cmd: "suback",
          messageId: packet.messageId ?? 0,
          granted: packet.subscriptions.map(({ qos }) => qos),
        });
        break;
      case "publish":
        if (packet.qos === 1) answer({ cmd: "puback", messageId: packet.messageId ?? 0, reasonCode: 0 });
        break;
      case "puback":
        pace.acknowledged(packet.messageId ?? 0);
        break;
      case "pingreq":
        answer({ cmd: "pingresp" });
        break;
    }
  });
  socket.on("data", (bytes: Buffer) => void reader.parse(bytes));
  socket.on("error", () => socket.destroy());
}

function quantile(sorted: Float64Array, part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? NaN;
}
