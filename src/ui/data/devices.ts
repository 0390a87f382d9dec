import type { Answer, Ask, Device, Page, Sparkline } from "../../api/mod.ts";
import { loadSparks, MOST_DEVICES } from "./home.ts";

/** What the page of devices shows. */
export interface DevicesData {
  readonly devices: Answer<Page<Device>>;
  readonly sparks: readonly Sparkline[];
}

/**
 * Asks for all of it.
 *
 * @param query the page's own: `liveness`, `search`, `cursor`
 */
export async function loadDevicesPage(ask: Ask, query: URLSearchParams): Promise<DevicesData> {
  const wanted = new URLSearchParams({ limit: String(MOST_DEVICES) });
  for (const name of ["liveness", "search", "cursor"]) {
    const value = query.get(name)?.trim() ?? "";
    if (value !== "") wanted.set(name, value);
  }
  const devices = await ask<Page<Device>>(`/api/v1/devices?${wanted}`);
  return { devices, sparks: await loadSparks(ask, devices.ok ? devices.value.items : []) };
}
