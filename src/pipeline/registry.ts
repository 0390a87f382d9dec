import { openSeries, openStream, takeOver } from "../downsample/mod.ts";
import type { StreamIdentity, Tags } from "../model/mod.ts";
import type { River } from "./river.ts";
import type { Route } from "./routes.ts";
import { type Device, type FieldFacts, type FieldSlot, noCounts, slotKey, type Stream } from "./state.ts";

/** Every device, stream and series that was seen, numbered in order of first sight. */
export class Registry {
  /** Every device, by its number. */
  readonly devices: Device[] = [];
  /** Every stream, by its number. */
  readonly streams: Stream[] = [];
  /** Series opened so far; numbers them. */
  seriesCount = 0;
  readonly #deviceById = new Map<string, Device>();
  readonly #streamByKey = new Map<string, Stream>();
  readonly #river: River;

  /**
   * Knows nothing yet.
   *
   * @param river the river whose memory this is
   */
  constructor(river: River) {
    this.#river = river;
  }

  /** A device that is known. */
  device(id: string): Device | undefined {
    return this.#deviceById.get(id);
  }

  /** The device, made known if there is room; `undefined`: there is none. */
  openDevice(id: string, receivedAt: number): Device | undefined {
    const known = this.#deviceById.get(id);
    if (known !== undefined) return known;
    const { devices, deviceRate } = this.#river.rules.limits;
    if (this.devices.length >= devices) return undefined;
    return this.addDevice({
      index: this.devices.length,
      id,
      counts: noCounts(),
      errors: new Map(),
      firstSeen: receivedAt,
      lastSeen: 0,
      dead: false,
      skew: null,
      interval: null,
      expectEvery: null,
      tokens: Math.max(1, deviceRate),
      tokensAt: this.#river.elapsed,
    });
  }

  /** Adds a device as it is, as after a restart. */
  addDevice(device: Device): Device {
    this.devices.push(device);
    this.#deviceById.set(device.id, device);
    return device;
  }

  /**
   * The stream of a route under these tags, made known if there is room; `undefined`: there is none. A stream has a
   * series or waits for one, so that their limit is one.
   */
  openStream(route: Route, device: Device, tags: Tags): Stream | undefined {
    const { profile } = route;
    const known = this.#streamByKey.get(streamKey(profile.name, profile.measurement, tags));
    if (known !== undefined) return known;
    if (this.streams.length >= this.#river.rules.limits.series) return undefined;
    const identity: StreamIdentity = {
      deviceIndex: device.index,
      device: device.id,
      profile: profile.name,
      measurement: profile.measurement,
      tags,
    };
    return this.addStream({
      index: this.streams.length,
      device,
      windows: openStream(identity),
      topic: route.topic,
      slots: new Map(),
      byIndex: [],
      sequence: undefined,
      deadmen: this.#river.alerts.deadmenFor(identity, route.topic),
      newestOf: new Map(),
      receiptMs: -1,
      receiptNs: 0,
    });
  }

  /** Adds a stream as it is, as after a restart. */
  addStream(stream: Stream): Stream {
    const { profile, measurement, tags } = stream.windows.identity;
    this.streams.push(stream);
    this.#streamByKey.set(streamKey(profile, measurement, tags), stream);
    return stream;
  }

  /** The slot of a field of a stream, made known if there is room; `undefined`: there is none. */
  openSlot(stream: Stream, field: FieldFacts): FieldSlot | undefined {
    const key = slotKey(field.name, field.type);
    const known = stream.slots.get(key);
    const { rules, plans, alerts } = this.#river;
    if (known !== undefined) {
      // A field that no profile names has its definition from the profile's default, which a reload may change.
      takeOver(plans, known.series, field.downsample);
      return known;
    }
    if (this.seriesCount >= rules.limits.series) return undefined;
    const { name, type, unit, downsample } = field;
    const slot: FieldSlot = {
      series: openSeries(plans, stream.windows, this.seriesCount++, name, type, downsample),
      watchers: alerts.watchersFor(stream.windows.identity, stream.topic, name, unit),
      unit,
      value: undefined,
      at: -Infinity,
    };
    stream.slots.set(key, slot);
    return slot;
  }
}

function streamKey(profile: string, measurement: string, tags: StreamIdentity["tags"]): string {
  return JSON.stringify([profile, measurement, tags]);
}
