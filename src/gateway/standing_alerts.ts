import type { NotifierConfig } from "../config/mod.ts";
import type { AlertEvent } from "../model/mod.ts";

/** The events of the alerts that fire now: what has to be said again where it was forgotten. */
export class StandingAlerts {
  readonly #events: Map<string, AlertEvent>;

  /**
   * Begins empty, or with what a checkpoint held.
   *
   * @param events what an earlier process kept
   */
  constructor(events: readonly AlertEvent[] = []) {
    this.#events = new Map(events.map((event) => [event.alert, event]));
  }

  /** One event for each alert that fires, in the order of firing. */
  get events(): readonly AlertEvent[] {
    return [...this.#events.values()];
  }

  /** Notes an event. */
  add(event: AlertEvent): void {
    this.#events.delete(event.alert);
    if (event.transition === "firing") this.#events.set(event.alert, event);
  }

  /**
   * What a broker without a memory has to be told when it begins: the broker inside this process forgets retained
   * messages with the process. Each is the same news under the same key as before.
   */
  retained(notifiers: Readonly<Record<string, NotifierConfig>>): [notifier: string, event: AlertEvent][] {
    return this.events.flatMap((event) =>
      event.notify.flatMap((name): [string, AlertEvent][] => {
        const config = notifiers[name];
        return config?.kind === "mqtt" && config.retain ? [[name, event]] : [];
      })
    );
  }
}
