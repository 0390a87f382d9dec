/// <reference lib="dom" />
import type { ReadingTold, Status } from "../../api/mod.ts";
import { type DevicesData, loadDevicesPage } from "../data/devices.ts";
import { AllDevices, LivenessTabs } from "../parts/all_devices.tsx";
import type { Order } from "../parts/devices_table.tsx";
import { ask, newer } from "./api.ts";
import { startDeviceOrder } from "./device_order.ts";
import { withReadings } from "./fresh_values.ts";
import { show } from "./mount.tsx";
import type { LivePage, PageStart } from "./start.ts";

/** How often the list is asked for anew; values come as events in between, ms. */
const EVERY = 5_000;

/** The page of all devices, live. */
export function startDevices(start: PageStart): LivePage {
  let data = start.page as DevicesData;
  let status: Status | null = start.status;
  let order: Order = { by: "id", down: false };
  let readings: ReadingTold[] = [];
  const search = new URLSearchParams(location.search);
  const query = Object.fromEntries([...search].filter(([, value]) => value.trim() !== ""));

  const draw = (): void => {
    if (status === null) return;
    show("tabs", LivenessTabs, { status, query });
    show("devices", AllDevices, { ...data, status, order, query });
  };
  const refresh = async (): Promise<void> => {
    const fresh = await loadDevicesPage(ask, search);
    data = { sparks: fresh.sparks, devices: newer(fresh.devices, data.devices) };
    draw();
  };

  startDeviceOrder((next) => {
    order = next;
    draw();
  }, order);
  draw();
  return {
    topics: ["devices", "readings"],
    every: EVERY,
    refresh,
    status(now) {
      status = now;
      if (data.devices.ok && readings.length > 0) {
        const { value } = data.devices;
        data = {
          ...data,
          devices: { ok: true, value: { ...value, items: withReadings(value.items, readings, now.now) } },
        };
        readings = [];
      }
      draw();
    },
    device: () => void refresh(),
    reading: (reading) => readings.push(reading),
  };
}
