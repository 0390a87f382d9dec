import type { Alert, Answer, Ask, Device, Page, QuarantineEntry, Series } from "../../api/mod.ts";

/** Refusals on a device's page. */
const MOST_REFUSALS = 10;
/** Series that are listed; a device with more shows the first. */
const MOST_SERIES = 200;

/** How far back the charts of a device can look. */
export const RANGES = [
  { name: "1h", words: "1 hour", seconds: 3_600 },
  { name: "6h", words: "6 hours", seconds: 21_600 },
  { name: "1d", words: "1 day", seconds: 86_400 },
  { name: "7d", words: "7 days", seconds: 604_800 },
  { name: "30d", words: "30 days", seconds: 2_592_000 },
] as const;

/** One of them. */
export type Range = typeof RANGES[number];

/** What a device's page shows. */
export interface DeviceData {
  readonly device: Answer<Device>;
  readonly series: Answer<Page<Series>>;
  /** Of all devices; the page picks this one's. */
  readonly alerts: Answer<Page<Alert>>;
  readonly refusals: Answer<Page<QuarantineEntry>>;
  readonly range: Range;
}

/** The range of that name; an hour where there is none. */
export function rangeOf(name: string | null): Range {
  return RANGES.find((range) => range.name === name) ?? RANGES[0];
}

/** Asks for all of it. */
export async function loadDevice(ask: Ask, id: string, range: Range): Promise<DeviceData> {
  const name = encodeURIComponent(id);
  const [device, series, alerts, refusals] = await Promise.all([
    ask<Device>(`/api/v1/devices/${name}`),
    ask<Page<Series>>(`/api/v1/series?device=${name}&limit=${MOST_SERIES}`),
    ask<Page<Alert>>("/api/v1/alerts?state=firing&limit=200"),
    ask<Page<QuarantineEntry>>(`/api/v1/quarantine?device=${name}&limit=${MOST_REFUSALS}`),
  ]);
  return { device, series, alerts, refusals, range };
}
