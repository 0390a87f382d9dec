import type { Device, ReadingTold } from "../../api/mod.ts";

/**
 * The devices with the values that went by since they were listed.
 *
 * @param now the gateway's time: what went by was received just before it
 */
export function withReadings(
  devices: readonly Device[],
  readings: readonly ReadingTold[],
  now: string,
): readonly Device[] {
  const byDevice = Map.groupBy(readings, (reading) => reading.device);
  return devices.map((device) => {
    const fresh = byDevice.get(device.id);
    if (fresh === undefined) return device;
    const bySeries = new Map(fresh.map((reading) => [seriesOf(reading), reading]));
    return {
      ...device,
      last_seen_at: now,
      values: device.values.map((last) => {
        const reading = bySeries.get(seriesOf(last));
        if (reading === undefined || reading.time <= last.time) return last;
        return { ...last, value: reading.value, unit: reading.unit, time: reading.time };
      }),
    };
  });
}

function seriesOf({ field, tags }: { field: string; tags: Readonly<Record<string, string>> }): string {
  return JSON.stringify([field, Object.entries(tags).sort()]);
}
