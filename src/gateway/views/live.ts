import type { Alert, LiveView, ReadingTold } from "../../api/mod.ts";
import type { Clock } from "../../clock.ts";
import { type AlertEvent, rfc3339 } from "../../model/mod.ts";
import type { Device, Registry, Stream } from "../../pipeline/mod.ts";
import type { Core } from "../core.ts";
import { LiveFeed } from "../live.ts";
import type { Parts } from "../parts.ts";
import { ended, standing } from "./alerts.ts";
import { livenessOf } from "./devices.ts";

/** Readings that one look tells of at most. */
const MOST_READINGS = 200;
/** Series that one look looks at, at most: some ms, whatever their number is. */
const MOST_LOOKED_AT = 50_000;

/** What happens, as it happens. */
export function liveView(parts: Parts): LiveView {
  return {
    began: parts.startedAt,
    subscribe: (listener) => parts.live.subscribe(listener),
    watch: (device) => new NewReadings(parts.core.driver.river.registry, device),
  };
}

/** The feed of what the core does. */
export function liveFeedOf(core: Core, clock: Pick<Clock, "wall">): LiveFeed {
  const feed = new LiveFeed({
    devices: () => core.driver.river.registry.devices,
    liveness: (device: Device) => livenessOf(device, clock.wall()),
    alerts: (events) => asAlerts(core, events),
  });
  core.onAlert = (event) => feed.alert(event);
  return feed;
}

function asAlerts({ driver }: Core, events: readonly AlertEvent[]): Alert[] {
  const fires = events.some(({ transition }) => transition === "firing");
  const active = new Map(fires ? driver.river.alerts.active().map((alert) => [alert.id, alert]) : []);
  return events.flatMap((event): Alert[] => {
    if (event.transition === "resolved") return [ended(event)];
    const alert = active.get(event.alert);
    // One that has ended since is told of by its end.
    return alert === undefined ? [] : [standing(alert)];
  });
}

/**
 * Follows the newest value of each series: a series whose value has another time than at the last look has a new
 * reading. So nothing has to be done, or kept, for a reading when it comes.
 */
export class NewReadings {
  readonly #registry: Pick<Registry, "streams">;
  readonly #device: string | null;
  /** The streams that are followed, of the first `#known` of all. */
  readonly #streams: Stream[] = [];
  #known = 0;
  /** Event time of the value that was told last, by the number of its series. */
  readonly #told = new Map<number, number>();
  /** Where the next look begins, so that each stream has its turn. */
  #next = 0;

  /**
   * @param registry every series
   * @param device only this one's; `null`: everyone's
   */
  constructor(registry: Pick<Registry, "streams">, device: string | null) {
    this.#registry = registry;
    this.#device = device;
    this.#meet();
    for (const { slots } of this.#streams) {
      for (const { series, at } of slots.values()) this.#told.set(series.index, at);
    }
  }

  /** What is new since the last call. */
  next(): readonly ReadingTold[] {
    this.#meet();
    const { length } = this.#streams;
    const found: ReadingTold[] = [];
    const first = this.#next;
    let looked = 0;
    for (let step = 0; step < length && looked < MOST_LOOKED_AT; step++) {
      const stream = this.#streams[this.#next = (first + step) % length];
      looked += stream?.slots.size ?? 0;
      if (stream !== undefined && !this.#take(stream, found)) break;
    }
    return found;
  }

  /** Streams are only ever added. */
  #meet(): void {
    const { streams } = this.#registry;
    for (; this.#known < streams.length; this.#known++) {
      const stream = streams[this.#known];
      if (stream === undefined) continue;
      if (this.#device === null || stream.device.id === this.#device) this.#streams.push(stream);
    }
  }

  /** @returns whether there is room for more */
  #take(stream: Stream, found: ReadingTold[]): boolean {
    const { device, tags } = stream.windows.identity;
    for (const { series, unit, value, at } of stream.slots.values()) {
      if (value === undefined || this.#told.get(series.index) === at) continue;
      if (found.length >= MOST_READINGS) return false;
      this.#told.set(series.index, at);
      const { field } = series;
      found.push({ device, field, tags: Object.fromEntries(tags), value, unit, time: rfc3339(at) ?? "" });
    }
    return true;
  }
}
