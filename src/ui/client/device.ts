/// <reference lib="dom" />
import type { Answer, Device, ReadingTold, Status } from "../../api/mod.ts";
import { type DeviceData, loadDevice, type Range } from "../data/device.ts";
import { AlertsOf } from "../parts/alerts_of.tsx";
import { DeviceFacts } from "../parts/device_facts.tsx";
import { DeviceRefusals, DeviceValues } from "../parts/device_values.tsx";
import { startAlertActs } from "./alert_acts.ts";
import { ask, newer } from "./api.ts";
import { type BandChart, bandChart, type BandPoint } from "./chart.ts";
import { startExplainForm } from "./explain.ts";
import { withReadings } from "./fresh_values.ts";
import { show } from "./mount.tsx";
import type { LivePage, PageStart } from "./start.ts";

/** How often charts and refusals are asked for anew, ms. */
const EVERY = 10_000;
/** Points of one chart: more than it is wide in pixels on a phone, fewer than cost anything. */
const POINTS = 500;

/** A device's page, live. */
export function startDevice(start: PageStart): LivePage {
  let data = start.page as DeviceData;
  if (!data.device.ok) return { topics: [] };
  const { id } = data.device.value;
  const { viewer } = start;
  let status: Status | null = start.status;
  let readings: ReadingTold[] = [];
  const charts = chartsOf(data.range, () => endOf(data));

  const draw = (): void => {
    if (status === null || !data.device.ok) return;
    const { now } = status;
    const device = data.device.value;
    show("values", DeviceValues, { device, now });
    show("device-facts", DeviceFacts, { device, now });
    show("refusals", DeviceRefusals, { refusals: data.refusals, now });
    show("alerts-of", AlertsOf, { alerts: data.alerts, device: id, now, viewer });
  };
  const refresh = async (): Promise<void> => {
    const fresh = await loadDevice(ask, id, data.range);
    data = {
      ...fresh,
      device: newer(fresh.device, data.device),
      alerts: newer(fresh.alerts, data.alerts),
      series: newer(fresh.series, data.series),
      refusals: newer(fresh.refusals, data.refusals),
    };
    draw();
    await charts.refresh();
  };

  startAlertActs(refresh);
  startExplainForm();
  draw();
  void charts.refresh();
  return {
    topics: ["alerts", "devices", "readings"],
    only: id,
    every: EVERY,
    refresh,
    status(now) {
      status = now;
      if (data.device.ok && readings.length > 0) {
        const [device] = withReadings([data.device.value], readings, now.now);
        if (device !== undefined) data = { ...data, device: { ok: true, value: device } };
        readings = [];
      }
      draw();
    },
    reading: (reading) => void readings.push(reading),
    alert: () => void refresh(),
    device(change) {
      if (!data.device.ok || change.id !== id) return;
      const value: Device = { ...data.device.value, ...change };
      data = { ...data, device: { ok: true, value } };
      const dot = document.querySelector("#dot .dot");
      if (dot === null) return;
      dot.className = `dot ${change.liveness}`;
      dot.setAttribute("aria-label", change.liveness);
    },
  };
}

/** What `/api/v1/series/{id}/history` answers, as far as a chart needs it. */
interface History {
  readonly series: { readonly unit: string | null };
  readonly points: readonly BandPoint[];
}

/** Event time of the newest reading: the charts end there, so that of a device that fell silent its last hours show. */
function endOf({ series }: DeviceData): number {
  const times = series.ok ? series.value.items.map(({ last_at }) => Date.parse(last_at ?? "")) : [];
  return Math.max(...times.filter((time) => !Number.isNaN(time)), 0) || Date.now();
}

function chartsOf(range: Range, end: () => number): { refresh(): Promise<void> } {
  const drawn = new Map<Element, BandChart>();
  const one = async (figure: HTMLElement): Promise<void> => {
    const to = end();
    const span = new URLSearchParams({
      from: new Date(to - 1_000 * range.seconds).toISOString(),
      to: new Date(to).toISOString(),
      points: String(POINTS),
    });
    const path = `/api/v1/series/${encodeURIComponent(figure.dataset.series ?? "")}/history`;
    const answer: Answer<History> = await ask(`${path}?${span}`);
    const place = figure.querySelector<HTMLElement>(".plot");
    const words = figure.querySelector<HTMLElement>("p.quiet");
    if (place === null || words === null) return;
    const points = answer.ok ? answer.value.points : [];
    words.textContent = wordsFor(answer);
    words.hidden = points.length > 0 || drawn.has(figure);
    if (!answer.ok || points.length === 0) return;
    const chart = drawn.get(figure);
    if (chart === undefined) drawn.set(figure, bandChart(place, points, { unit: answer.value.series.unit }));
    else chart.set(points);
  };
  return {
    async refresh() {
      await Promise.all([...document.querySelectorAll<HTMLElement>("figure.chart")].map(one));
    },
  };
}

function wordsFor(answer: Answer<History>): string {
  if (answer.ok) return "Nothing was measured in this time.";
  return answer.status === 404 ? "The gateway keeps no local history." : `No chart: ${answer.detail}.`;
}
