/** A queue at the broker that overflows while the gateway is away: what is lost is told, to the message. */
import { assertEquals, assertGreater } from "@std/assert";
import mqtt from "mqtt";
import type { MosquittoOptions } from "../support/mosquitto.ts";
import { until } from "../support/until.ts";
import { type Row, scenario, WatchedStand } from "./kit/mod.ts";

const DROPPED = "$SYS/broker/publish/messages/dropped";
/** It keeps few messages for who is away. */
const FORGETFUL: MosquittoOptions = { lines: ["max_queued_messages 400", "max_queued_bytes 0"] };

/** The broker's own figure of dropped messages, as anybody can read it. */
class Figure implements AsyncDisposable {
  /** The figure as it was told last. */
  value = 0;
  readonly #client: mqtt.MqttClient;

  private constructor(client: mqtt.MqttClient) {
    this.#client = client;
    client.on("message", (_topic, payload) => this.value = Number(payload.toString()));
  }

  static async read(url: string): Promise<Figure> {
    const client = await mqtt.connectAsync(url, { reconnectPeriod: 0 }, false);
    const figure = new Figure(client);
    await client.subscribeAsync(DROPPED);
    return figure;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.endAsync(true);
  }
}

/** Lets the broker's queue overflow twice while the gateway is away, and compares everybody's figures. */
async function overflows(
  watched: WatchedStand,
  leave: () => Promise<void>,
  comeBack: () => Promise<void>,
): Promise<Row> {
  const { stand, witness } = watched;
  const { load, gateway, broker } = stand;
  await using figure = await Figure.read(broker.url());
  const part = Math.round(stand.share / 4);
  for (let n = 1; n <= 2; n++) {
    // Gently, so that the queue of a gateway that is there does not overflow.
    await load.publish((2 * n - 1) * part);
    await load.settled();
    const before = figure.value;
    await until(
      "the gateway has all that was not dropped",
      () => witness.once === load.sent.length - before,
      {
        timeout: 60_000,
        every: 50,
        state: () => [witness.once, load.sent.length, before, gateway.stderrNow()],
      },
    );
    await leave();
    await load.publish(2 * n * part);
    await load.settled();
    await until("the broker drops messages, and says so", () => figure.value >= before + part - 400, {
      timeout: 30_000,
      state: () => [figure.value, before, part],
    });
    await comeBack();
    await until("the queue is empty", () => witness.once === load.sent.length - figure.value, {
      timeout: 60_000,
      every: 50,
      state: () => [witness.once, load.sent.length, figure.value, gateway.stderrNow()],
    });
  }
  await until("the gateway's figure is the broker's", async () => {
    return (await gateway.ledger()).beside.broker_dropped === figure.value;
  }, {
    timeout: 30_000,
    every: 100,
    state: async () => [(await gateway.ledger()).beside, figure.value, gateway.stderrNow()],
  });
  stand.faultOver();
  const { row, missing } = await watched.accountedButLost();
  const { broker_dropped } = (await gateway.ledger()).beside;
  assertGreater(figure.value, 2 * (part - 400) - 1);
  assertEquals([missing.length, broker_dropped], [figure.value, figure.value]);
  await gateway.logged("mqtt_broker_dropped", ({ level, more }) => level === "error" && Number(more) > 0);
  const told = figure.value.toLocaleString("en-US");
  return { ...row, note: `${told} messages missing = the broker's figure = the gateway's broker_dropped` };
}

scenario("queue of the broker overflows while the line is cut", { shows: ["P2"], always: true }, async () => {
  await using watched = await WatchedStand.open(381, {
    broker: FORGETFUL,
    load: { pace: 1_000, inFlight: 100 },
  });
  if (watched === undefined) return;
  const { brokerLine, gateway } = watched.stand;
  return await overflows(watched, () => {
    brokerLine.set("refuse");
    brokerLine.cut();
    return Promise.resolve();
  }, async () => {
    brokerLine.set("pass");
    await gateway.ready();
  });
});

scenario("queue of the broker overflows while the gateway is stopped, then killed", {
  shows: ["P2"],
}, async () => {
  await using watched = await WatchedStand.open(382, {
    broker: FORGETFUL,
    load: { pace: 1_000, inFlight: 100 },
  });
  if (watched === undefined) return;
  const { gateway } = watched.stand;
  let times = 0;
  return await overflows(watched, async () => {
    if (times++ === 0) assertEquals(await gateway.stop(), 0);
    else await gateway.kill();
  }, async () => {
    await gateway.start();
    await gateway.ready();
  });
});
