import type { Parts } from "./parts.ts";

/** How the river flows at one moment. */
export interface Flow {
  /** Messages are taken in; before and after it nothing is expected to move. */
  readonly running: boolean;
  /** A stage has failed for good. */
  readonly failed: boolean;
  /** The newest record that the river has taken in. */
  readonly position: number;
  /** The newest record that is on disk. */
  readonly durable: number;
  /** One line for people. */
  readonly text: string;
}

/** What a supervisor needs to know of the gateway at one moment. */
export interface Beat {
  /** Whether the driver takes in what is durable; a gateway for which this is not so is better started again. */
  readonly healthy: boolean;
  /** One line for people. */
  readonly text: string;
}

/**
 * Looks now and then at whether the river flows. That it can look at all shows that the event loop turns; a broker
 * or a database out of reach, or a full disk, is no reason to be started again.
 */
export class Heartbeat {
  readonly #flow: () => Flow;
  #position = -1;

  /** Looks at nothing before it is asked. */
  constructor(flow: () => Flow) {
    this.#flow = flow;
  }

  /** One look. Records that waited at the last look, too, while none was taken in since, are a stuck driver. */
  look(): Beat {
    const { running, failed, position, durable, text } = this.#flow();
    const stuck = running && position < durable && position === this.#position;
    this.#position = position;
    if (failed) return { healthy: false, text: "A stage failed" };
    if (stuck) return { healthy: false, text: `The driver stands at record ${position} of ${durable}` };
    return { healthy: true, text };
  }
}

/** The flow of a gateway that has started. */
export function flowOf({ core, received, delivered, intake, phase }: Parts): Flow {
  const { driver, inbox, outbox } = core;
  const broker = intake?.status.connected === true ? "" : ", the broker is out of reach";
  const waiting = outbox.counts.total.waiting.points;
  const rates = `${received.rate.toFixed(1)} msg/s in, ${delivered.rate.toFixed(1)} points/s out`;
  return {
    running: phase === "running",
    failed: driver.failed,
    position: driver.river.position,
    durable: inbox.durable,
    text: `${rates}, ${waiting} points wait${broker}`,
  };
}
