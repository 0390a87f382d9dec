/// <reference lib="dom" />
import type { Device, ReadingTold, Status } from "../../api/mod.ts";
import { type HomeData, loadGroups, loadQuick, loadSparks } from "../data/home.ts";
import { AlertsPanel } from "../parts/alerts_panel.tsx";
import { DevicesBody } from "../parts/devices_panel.tsx";
import type { Order } from "../parts/devices_table.tsx";
import { NotifiersPanel } from "../parts/notifiers_panel.tsx";
import { QuarantinePanel } from "../parts/quarantine_panel.tsx";
import { startAlertActs } from "./alert_acts.ts";
import { ask, newer } from "./api.ts";
import { startDeviceOrder } from "./device_order.ts";
import { withReadings } from "./fresh_values.ts";
import { show } from "./mount.tsx";
import { showRiver } from "./river.ts";
import type { LivePage, PageStart } from "./start.ts";

/** How often lists are asked for anew; values and liveness come as events in between, ms. */
const EVERY = 5_000;
/** How soon it is asked for again where the quarantine grows, ms. */
const SOON = 10_000;
/** How often what the gateway reads from its disk is asked for anew, ms. */
const SELDOM = 30_000;

/** The first page: everything in it, live. */
export function startHome(start: PageStart): LivePage {
  let data = start.page as HomeData;
  let status: Status | null = start.status;
  let order: Order = { by: "attention", down: false };
  let readings: ReadingTold[] = [];
  let seldomAt = performance.now();
  let counted = status?.quarantine.entries ?? 0;
  const filter = document.getElementById("device-filter");
  const { viewer } = start;

  const draw = (): void => {
    if (status === null) return;
    const text = filter instanceof HTMLInputElement ? filter.value : "";
    const { devices, sparks, howTo } = data;
    show("devices", DevicesBody, { devices, sparks, howTo, status, order, filter: text });
    show("alerts", AlertsPanel, { alerts: data.alerts, status, viewer });
    const notifiers = data.notifiers.ok ? data.notifiers.value.items : [];
    show("notifiers", NotifiersPanel, { notifiers, now: status.now });
    show("quarantine", QuarantinePanel, { groups: data.groups, status });
  };
  const seldom = async (): Promise<void> => {
    seldomAt = performance.now();
    const devices = data.devices.ok ? data.devices.value : [];
    const [sparks, groups] = await Promise.all([loadSparks(ask, devices), loadGroups(ask)]);
    data = { ...data, sparks: sparks.length > 0 ? sparks : data.sparks, groups: newer(groups, data.groups) };
    draw();
  };
  const refresh = async (): Promise<void> => {
    const fresh = await loadQuick(ask);
    data = {
      ...data,
      alerts: newer(fresh.alerts, data.alerts),
      devices: newer(fresh.devices, data.devices),
      notifiers: newer(fresh.notifiers, data.notifiers),
    };
    draw();
    if (performance.now() - seldomAt > SELDOM) await seldom();
  };

  filter?.addEventListener("input", draw);
  startDeviceOrder((next) => {
    order = next;
    draw();
  }, order);
  startAlertActs(refresh);
  if (status !== null) showRiver(status);
  draw();
  return {
    topics: ["alerts", "devices", "readings", "config"],
    every: EVERY,
    refresh,
    status(now) {
      status = now;
      if (data.devices.ok && readings.length > 0) {
        data = { ...data, devices: { ok: true, value: withReadings(data.devices.value, readings, now.now) } };
        readings = [];
      }
      showRiver(now);
      draw();
      const known = data.groups.ok && data.groups.value.items.length > 0;
      const grows = now.quarantine.entries !== counted;
      if (grows && performance.now() - seldomAt > (known ? SOON : 0)) {
        counted = now.quarantine.entries;
        void seldom();
      }
    },
    alert: () => void refresh(),
    device(change) {
      if (!data.devices.ok) return;
      const value = data.devices.value.map((device): Device =>
        device.id === change.id ? { ...device, ...change } : device
      );
      data = { ...data, devices: { ok: true, value } };
    },
    reading: (reading) => readings.push(reading),
    config: () => void refresh(),
  };
}
