import type { Clock } from "../../src/clock.ts";
import { type Machine, Observer } from "./figures.ts";
import { Link, type LinkOptions } from "./link.ts";

/** What an agent is told. */
export interface AgentOptions {
  /** The broker, and how the agent signs in. */
  readonly link: Omit<LinkOptions, "clientId" | "reconnect">;
  /** Level of the topic: where the machine stands. */
  readonly site: string;
  /** Level of the topic: the device id. */
  readonly name: string;
  /** Time between two messages, ms. */
  readonly every: number;
}

/** What an agent needs of the world. */
export interface AgentIo {
  readonly machine: Machine;
  readonly clock: Clock;
  /** Ends the agent. */
  readonly signal: AbortSignal;
  /** Tells people; `event` is for programs. */
  say(event: "connected" | "disconnected" | "left_out" | "refused" | "gave_up" | "ended", text: string): void;
}

/** Pause before a broken connection is opened again, ms. */
const RECONNECT = 2_000;

/** How long the end waits for the broker to take what is still here, ms. */
const LAST_WORDS = 3_000;

/** The first message comes after this, ms: so long is needed to tell how busy the processors are. */
const FIRST = 1_000;

/**
 * Reports on a machine until the signal ends it.
 *
 * @returns how many messages the broker has acknowledged, and how many it has not
 */
export async function runAgent(
  options: AgentOptions,
  io: AgentIo,
): Promise<{ readonly acknowledged: number; readonly lost: number }> {
  const { clock, signal } = io;
  const { site, name, every } = options;
  const topic = `site/${site}/host/${name}`;
  const observer = new Observer(
    io.machine,
    (figure, why) => io.say("left_out", `The figure "${figure}" is left out: ${why}`),
  );
  const link = new Link({ ...options.link, clientId: `sluice-agent-${site}-${name}`, reconnect: RECONNECT }, {
    connected: () => io.say("connected", `Connected to ${options.link.url}, publishing on ${topic}`),
    disconnected: (why) =>
      io.say("disconnected", `No connection to ${options.link.url}: ${why}; trying again`),
    refused: (why) => io.say("refused", `The broker refused a message on ${topic}: ${why}`),
    gaveUp: (waiting) => io.say("gave_up", `${waiting} messages wait for the broker: the oldest is given up`),
  });
  await observer.look();
  let due = clock.monotonic() + Math.min(FIRST, every);
  for (let seq = 0;; seq++) {
    await clock.sleep(due - clock.monotonic(), signal);
    if (signal.aborted) break;
    const figures = await observer.look();
    // Stamped behind the look, which may take a while on a busy machine.
    link.publish(topic, JSON.stringify({ ts: clock.wall(), seq, ...figures }));
    // A machine that slept does not make up for the messages that it missed.
    due = Math.max(due + every, clock.monotonic());
  }
  const patience = new AbortController();
  await Promise.race([link.drained(), clock.sleep(LAST_WORDS, patience.signal)]);
  patience.abort();
  const { acknowledged } = link;
  const lost = link.lost + link.waiting;
  await link.close();
  io.say("ended", `${acknowledged} messages published and acknowledged, ${lost} lost`);
  return { acknowledged, lost };
}
