import type { Fleet } from "./fleet.ts";
import type { SimGateway } from "./gateway.ts";
import type { SimIo } from "./watch.ts";

/** Longest wait for the gateway to come to rest, beyond what its windows may take, ms. */
const PATIENCE = 60_000;
/** Pause between two looks whether it has. */
const BEAT = 100;

/** Whether nothing is on its way any more. */
function atRest(gateway: SimGateway): boolean {
  const { messages, readings, points } = gateway.ledger();
  return messages.waiting + readings.open + readings.waiting + points.waiting === 0 &&
    gateway.backlog().points === 0;
}

/** Longest time that a window may take to be written after its last reading: idle, then once more, fuller. */
function longestWindow(gateway: SimGateway): number {
  const waits = Object.values(gateway.rules.profiles).flatMap((profile) =>
    profile.fields.map(({ downsample: rule }) => rule.kind === "window" ? rule.every + rule.idleAfter : 0)
  );
  return Math.max(0, ...waits);
}

/** Waits until all that was received is at its place; false if that takes too long. */
export async function comeToRest(gateway: SimGateway, fleet: Fleet, io: SimIo): Promise<boolean> {
  const { clock } = io;
  const until = clock.monotonic() + longestWindow(gateway) + PATIENCE;
  while (clock.monotonic() < until) {
    const { messages } = gateway.ledger();
    if (messages.received >= fleet.counts.acknowledged - fleet.counts.foreign && atRest(gateway)) return true;
    await clock.sleep(BEAT);
  }
  return false;
}
