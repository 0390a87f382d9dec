import type { Clock } from "../clock.ts";
import type { DeviceRequest } from "../model/mod.ts";
import type { Observer } from "../observe/mod.ts";
import type { Publisher } from "./publisher.ts";

/** How long one request may take, ms; after it, what asked for it will ask again. */
const PATIENCE = 5_000;

/** Publishes what the river asks of devices, with QoS 0. Nothing waits for it, and nothing is lost with it. */
export class DeviceRequests {
  readonly #publisher: Publisher;
  readonly #observer: Observer;
  readonly #clock: Clock;
  #live = false;

  /** Publishes nothing before `begin`. */
  constructor(publisher: Publisher, observer: Observer, clock: Clock) {
    this.#publisher = publisher;
    this.#observer = observer;
    this.#clock = clock;
  }

  /** From now on requests are of this moment; what a replay asked for was asked long ago. */
  begin(): void {
    this.#live = true;
  }

  /** Publishes a request; a failure is a line in the log. */
  send({ topic, payload }: DeviceRequest): void {
    if (!this.#live) return;
    const how = { qos: 0, retain: false } as const;
    const patience = new AbortController();
    const timer = this.#clock.after(PATIENCE, () => patience.abort());
    this.#publisher.publish(topic, payload, how, patience.signal).then(
      () => this.#observer.event("device_asked", "info", { topic }),
      (error) => {
        const words = error instanceof Error ? error.message : String(error);
        this.#observer.event("device_not_asked", "warning", { topic, words });
      },
    ).finally(() => timer.cancel());
  }
}
