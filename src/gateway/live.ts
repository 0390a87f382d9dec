import type { Alert, DeviceTold, LiveEvent, Liveness } from "../api/mod.ts";
import { type AlertEvent, rfc3339 } from "../model/mod.ts";
import type { Device } from "../pipeline/mod.ts";

/** What is told one by one between two looks; what is more is told as "ask anew". */
const MOST_TOLD = 200;

/** What the feed looks at. */
export interface LiveSources {
  /** Every device, in order of first sight. */
  devices(): readonly Device[];
  /** Whether a device reports as it is expected to, now. */
  liveness(device: Device): Liveness;
  /** The alerts as these events have left them, oldest first. */
  alerts(events: readonly AlertEvent[]): readonly Alert[];
}

/**
 * Tells what happens to whoever listens. Alerts are noted as they come, which costs the river one push; once a second
 * they are told, and the devices are looked at. Nothing is done for a message.
 */
export class LiveFeed {
  readonly #sources: LiveSources;
  readonly #listeners = new Set<(event: LiveEvent) => void>();
  /** Liveness at the last look, in the devices' order; `undefined`: there was none. */
  #liveness: Liveness[] | undefined;
  #alerts: AlertEvent[] = [];
  #told = 0;
  /** More has happened than was told. */
  #overrun = false;

  /** Has told nothing yet. */
  constructor(sources: LiveSources) {
    this.#sources = sources;
  }

  /** Calls `listener` with what happens from now on. @returns ends it */
  subscribe(listener: (event: LiveEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** An alert has fired or ended. */
  alert(event: AlertEvent): void {
    if (this.#alerts.length < MOST_TOLD) this.#alerts.push(event);
    else this.#overrun = true;
  }

  /** Something happened that is known at once: another configuration, something learned, an alert acknowledged. */
  tell(event: LiveEvent): void {
    if (++this.#told > MOST_TOLD) {
      this.#overrun = true;
      return;
    }
    for (const listener of this.#listeners) listener(event);
  }

  /** Looks at alerts and devices; to be called once a second. */
  look(): void {
    const events = this.#alerts;
    this.#alerts = [];
    if (events.length > 0) {
      for (const data of this.#sources.alerts(events)) this.tell({ kind: "alert", data });
    }
    for (const data of this.#changed()) this.tell({ kind: "device", data });
    this.#told = 0;
    if (!this.#overrun) return;
    this.#overrun = false;
    for (const listener of this.#listeners) listener({ kind: "reset" });
  }

  *#changed(): Generator<DeviceTold> {
    const before = this.#liveness;
    const devices = this.#sources.devices();
    const now = this.#liveness = devices.map((device) => this.#sources.liveness(device));
    // What is true at the start is no change.
    if (before === undefined) return;
    for (const [index, liveness] of now.entries()) {
      const device = devices[index];
      if (device === undefined || before[index] === liveness) continue;
      const { id, lastSeen, firstSeen } = device;
      yield { id, liveness, last_seen_at: rfc3339(lastSeen === 0 ? firstSeen : lastSeen) ?? "" };
    }
  }
}
