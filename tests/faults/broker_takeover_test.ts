/** Another client under the gateway's client id: each throws the other out, and the session goes back and forth. */
import { assert, assertEquals, assertGreater } from "@std/assert";
import { generate } from "mqtt-packet";
import { connect, type Socket } from "node:net";
import { until } from "../support/until.ts";
import { countOf, scenario, WatchedStand } from "./kit/mod.ts";

/**
 * A client that takes over the gateway's session, again and again if it is told to, reads what it is given and acknowledges
 * nothing. It goes as a dead one does: without a word, so that the broker keeps the session.
 */
class Impostor implements AsyncDisposable {
  #socket: Socket | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #ended = false;

  /** @param comesBackIn wait until it connects again, ms; left out: it does not */
  constructor(readonly port: number, readonly comesBackIn?: number) {
    this.#connect();
  }

  #connect(): void {
    const socket = connect({ host: "127.0.0.1", port: this.port, noDelay: true });
    this.#socket = socket;
    socket.on("error", () => {});
    socket.on("data", () => {});
    socket.on("close", () => {
      if (this.#ended || this.comesBackIn === undefined) return;
      this.#timer = setTimeout(() => this.#connect(), this.comesBackIn);
    });
    socket.write(generate(
      {
        cmd: "connect",
        protocolVersion: 5,
        clientId: "sluice-test",
        clean: false,
        keepalive: 60,
        properties: { sessionExpiryInterval: 3_600, receiveMaximum: 500 },
      },
      { protocolVersion: 5 },
    ));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended = true;
    clearTimeout(this.#timer);
    const socket = this.#socket;
    if (socket === undefined || socket.closed) return;
    const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
    socket.destroy();
    await closed;
  }
}

/** Waits until the gateway was thrown out so many times. */
async function thrownOut({ stand }: WatchedStand, times: number): Promise<void> {
  await until(`it is thrown out ${times} times`, async () => {
    return await countOf(stand, "mqtt_disconnected") >= times;
  }, { timeout: 60_000, every: 100, state: () => stand.gateway.stderrNow() });
}

scenario("taken over by another client with its client id, once", {
  shows: ["P1", "P2", "P3"],
  always: true,
}, async () => {
  await using watched = await WatchedStand.open(371);
  if (watched === undefined) return;
  const { stand, witness } = watched;
  const publishing = stand.load.publish(stand.share);
  await until("messages are under way", () => witness.pubacks > 0, { timeout: 30_000, every: 1 });
  await using stack = new AsyncDisposableStack();
  await watched.reconnected(async () => {
    stack.use(new Impostor(stand.broker.port));
    await thrownOut(watched, 1);
  });
  await publishing;
  stand.faultOver();
  const row = await watched.accounted(`${witness.repeated} messages came again`);
  assertGreater(witness.connects, 1);
  return row;
});

scenario("a fight of two clients for one client id, 6 rounds", { shows: ["P1", "P2", "P3"] }, async () => {
  await using watched = await WatchedStand.open(372, { load: { pace: 800 } });
  if (watched === undefined) return;
  const { stand, witness } = watched;
  const publishing = stand.load.publish(stand.share);
  await until("messages are under way", () => witness.pubacks > 0, { timeout: 30_000, every: 1 });
  const rounds = 6;
  {
    await using _ = new Impostor(stand.broker.port, 300);
    await thrownOut(watched, rounds);
  }
  await stand.gateway.ready();
  await publishing;
  stand.faultOver();
  const row = await watched.accounted(`${witness.repeated} messages came again`);
  // No storm: one attempt for each time that it was thrown out, and none sooner than after a second.
  const outs = await countOf(stand, "mqtt_disconnected");
  assertEquals(witness.connects, outs + 1);
  const waits = (await stand.gateway.log("mqtt_disconnected")).map(({ retryIn }) => Number(retryIn));
  assert(waits.every((wait) => wait >= 1_000), waits.join());
  return row;
});
