import type { JSX } from "hono/jsx/jsx-runtime";
import { type DeviceData, loadDevice, rangeOf } from "../data/device.ts";
import type { Content, UiPage } from "../page.ts";
import { AlertsOf } from "../parts/alerts_of.tsx";
import { ChartPlaces, RangeTabs } from "../parts/device_charts.tsx";
import { DeviceFacts } from "../parts/device_facts.tsx";
import { DeviceRefusals, DeviceValues } from "../parts/device_values.tsx";
import { PastForm } from "../parts/past_form.tsx";
import { unavailableWords } from "../parts/unavailable.tsx";

/** One device: what it says, how it is, what was refused of it. */
export const devicePage: UiPage = {
  name: "device",
  path: "/devices/{id}",
  role: "viewer",
  summary: "One device: charts, values, gaps, clock, refusals",
  async load({ ask, params, query, viewer }, status) {
    const id = params.id ?? "";
    const data = await loadDevice(ask, id, rangeOf(query.get("range")));
    const { device } = data;
    if (!device.ok) return absent(id, data, device);
    const now = status?.now ?? "";
    const body: JSX.Element = (
      <>
        <div class="heading">
          <h1>
            <span id="dot">
              <span class={`dot ${device.value.liveness}`} role="img" aria-label={device.value.liveness}>
              </span>
            </span>
            <span class="code">{id}</span> <small>{device.value.profiles.join(", ")}</small>
          </h1>
          <RangeTabs id={id} here={data.range.name} />
        </div>
        <div id="alerts-of">
          <AlertsOf alerts={data.alerts} device={id} now={now} viewer={viewer} />
        </div>
        <div class="columns">
          <section class="panel charts" id="charts" aria-label="Charts">
            <ChartPlaces series={data.series.ok ? data.series.value.items : []} />
          </section>
          <div class="side">
            <section class="panel" aria-labelledby="values-title">
              <h2 id="values-title">Now</h2>
              <div id="values">
                <DeviceValues device={device.value} now={now} />
              </div>
            </section>
            <section class="panel" aria-labelledby="facts-title">
              <h2 id="facts-title">The device</h2>
              <div id="device-facts">
                <DeviceFacts device={device.value} now={now} />
              </div>
            </section>
            <section class="panel" aria-labelledby="refusals-title">
              <h2 id="refusals-title">Refused lately</h2>
              <div id="refusals">
                <DeviceRefusals refusals={data.refusals} now={now} />
              </div>
            </section>
            <section class="panel" aria-labelledby="past-title">
              <h2 id="past-title">What became of a reading?</h2>
              <PastForm device={id} now={now} />
              <div id="explained"></div>
            </section>
          </div>
        </div>
      </>
    );
    return { title: id, body, data };
  },
};

function absent(id: string, data: DeviceData, answer: { status: number; detail: string }): Content {
  const words = answer.status === 404
    ? "No message of a device with this id has come since the gateway began to count."
    : unavailableWords(answer.status, answer.detail, "This device");
  const body: JSX.Element = (
    <section class="panel">
      <h1>
        <span class="code">{id}</span>
      </h1>
      <p>{words}</p>
      <p>
        <a href="/devices">All devices</a>
      </p>
    </section>
  );
  return { title: id, body, data, ...(answer.status === 404 ? { status: 404 } : {}) };
}
