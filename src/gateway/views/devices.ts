import type { Device, DevicesView, LastValue, Liveness, Series, SeriesView } from "../../api/mod.ts";
import { rfc3339 } from "../../model/mod.ts";
import type { Device as KnownDevice, FieldSlot, Stream } from "../../pipeline/mod.ts";
import type { Parts } from "../parts.ts";
import { pageOf } from "./page.ts";

/** A device is late after twice the time in which it is expected, offline after five times. */
const LATE = 2;
const OFFLINE = 5;

/** Whether a device reports as it is expected to. */
export function livenessOf(device: KnownDevice, wall: number): Liveness {
  if (device.dead) return "offline";
  if (device.expectEvery === null || device.lastSeen === 0) return "unknown";
  const silent = wall - device.lastSeen;
  if (silent <= LATE * device.expectEvery) return "online";
  return silent <= OFFLINE * device.expectEvery ? "late" : "offline";
}

/** The devices seen, with their last values. */
export function devicesView(parts: Parts): DevicesView {
  const byId = (a: KnownDevice, b: KnownDevice): number => a.id < b.id ? -1 : 1;
  return {
    devices(query): ReturnType<DevicesView["devices"]> {
      const { devices } = parts.core.driver.river.registry;
      const wall = parts.ports.clock.wall();
      const found = query.search === null ? undefined : matching(parts, query.search.toLowerCase());
      const wanted = devices.filter((each) =>
        (query.liveness === null || livenessOf(each, wall) === query.liveness) &&
        (found === undefined || found.has(each))
      );
      const page = pageOf(wanted.sort(byId), (each) => each.id, query);
      const streams = streamsByDevice(parts, new Set(page.items));
      const items = page.items.map((each) => describe(each, streams.get(each) ?? [], wall));
      return { items, next_cursor: page.next_cursor };
    },
    device(id): Device | undefined {
      const known = parts.core.driver.river.registry.device(id);
      if (known === undefined) return undefined;
      const streams = streamsByDevice(parts, new Set([known])).get(known) ?? [];
      return describe(known, streams, parts.ports.clock.wall());
    },
  };
}

/** The series known. */
export function seriesView(parts: Parts): SeriesView {
  return {
    series(query): ReturnType<SeriesView["series"]> {
      const found: Series[] = [];
      for (const stream of parts.core.driver.river.registry.streams) {
        if (query.device !== null && stream.device.id !== query.device) continue;
        for (const slot of stream.slots.values()) found.push(describeSeries(stream, slot));
      }
      return pageOf(found.sort((a, b) => a.id < b.id ? -1 : 1), (each) => each.id, query);
    },
  };
}

/** A series as the API shows it. */
export function describeSeries({ windows }: Stream, { series, unit, at }: FieldSlot): Series {
  const { profile, measurement, tags, device } = windows.identity;
  const { field, type, index } = series;
  return {
    // The number of a series never changes; the field makes it readable.
    id: `${String(index).padStart(8, "0")}-${field}`,
    device,
    profile,
    measurement,
    tags: Object.fromEntries(tags),
    field,
    type,
    unit,
    last_at: rfc3339(at),
  };
}

/** The devices whose id, or one of whose profiles, has a text in it. */
function matching(parts: Parts, text: string): ReadonlySet<KnownDevice> {
  const { devices, streams } = parts.core.driver.river.registry;
  const found = new Set(devices.filter((device) => device.id.toLowerCase().includes(text)));
  for (const { device, windows } of streams) {
    if (windows.identity.profile.toLowerCase().includes(text)) found.add(device);
  }
  return found;
}

function streamsByDevice(parts: Parts, wanted: ReadonlySet<KnownDevice>): Map<KnownDevice, Stream[]> {
  const found = new Map<KnownDevice, Stream[]>();
  for (const stream of parts.core.driver.river.registry.streams) {
    if (!wanted.has(stream.device)) continue;
    const known = found.get(stream.device);
    if (known === undefined) found.set(stream.device, [stream]);
    else known.push(stream);
  }
  return found;
}

/** Messages a second lately; one that has fallen silent sends no faster than its silence says. */
export function rateOf(
  { interval, lastSeen }: Pick<KnownDevice, "interval" | "lastSeen">,
  wall: number,
): number {
  if (interval === null || interval === 0) return 0;
  return 1_000 / Math.max(interval, wall - lastSeen);
}

function describe(device: KnownDevice, streams: readonly Stream[], wall: number): Device {
  const liveness = livenessOf(device, wall);
  const stale = liveness === "late" || liveness === "offline";
  const values: LastValue[] = streams.flatMap((stream) =>
    [...stream.slots.values()].flatMap(({ series, unit, value, at }): LastValue[] =>
      value === undefined ? [] : [{
        field: series.field,
        tags: Object.fromEntries(stream.windows.identity.tags),
        value,
        unit,
        time: rfc3339(at) ?? "",
        quality: stale ? "stale" : "good",
      }]
    )
  );
  const { counts } = device;
  return {
    id: device.id,
    profiles: [...new Set(streams.map((stream) => stream.windows.identity.profile))],
    liveness,
    first_seen_at: rfc3339(device.firstSeen) ?? "",
    last_seen_at: rfc3339(device.lastSeen === 0 ? device.firstSeen : device.lastSeen) ?? "",
    messages_per_second: rateOf(device, wall),
    messages: counts.received,
    values: values.sort((a, b) => a.field < b.field ? -1 : 1),
    errors: Object.fromEntries(device.errors),
    sequence_gaps: Math.max(0, counts.sequence_gaps),
    clock_skew_seconds: device.skew === null ? null : -device.skew / 1_000,
    expect_every_seconds: device.expectEvery === null ? null : device.expectEvery / 1_000,
  };
}
