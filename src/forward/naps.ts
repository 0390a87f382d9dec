import type { Clock } from "../clock.ts";

/** What ended a nap: its time, new data, or a call to `wake`. */
export type NapEnd = "time" | "data" | "woken";

/**
 * Waiting that can be cut short. A wake-up that comes while nobody sleeps is kept for the next nap, so none is
 * lost between looking for work and lying down.
 */
export class Naps {
  readonly #clock: Clock;
  #controller: AbortController | undefined;
  #pending = { data: false, always: false };
  #mindsData = false;

  /** @param clock for the length of naps */
  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Sleeps.
   *
   * @param ms how long; `Infinity` until woken
   * @param mindsData whether new data ends the nap
   */
  async sleep(ms: number, mindsData: boolean): Promise<NapEnd> {
    const { data, always } = this.#pending;
    this.#pending = { data: data && !mindsData, always: false };
    if (always) return "woken";
    if (data && mindsData) return "data";
    this.#mindsData = mindsData;
    const controller = new AbortController();
    this.#controller = controller;
    if (ms === Infinity) {
      await new Promise<void>((resolve) => controller.signal.addEventListener("abort", () => resolve()));
    } else {
      await this.#clock.sleep(ms, controller.signal);
    }
    this.#controller = undefined;
    if (!controller.signal.aborted) return "time";
    return controller.signal.reason === "data" ? "data" : "woken";
  }

  /** New data waits. */
  wakeForData(): void {
    if (this.#controller === undefined || !this.#mindsData) this.#pending.data = true;
    else this.#controller.abort("data");
  }

  /** Something that ends every nap: the end, a reload. */
  wake(): void {
    if (this.#controller === undefined) this.#pending.always = true;
    else this.#controller.abort("woken");
  }
}
