import type { JSX } from "hono/jsx/jsx-runtime";
import { loadDevicesPage } from "../data/devices.ts";
import type { UiPage } from "../page.ts";
import { AllDevices, LivenessTabs } from "../parts/all_devices.tsx";

/** All devices, a hundred at a time. */
export const devicesPage: UiPage = {
  name: "devices",
  path: "/devices",
  role: "viewer",
  summary: "All devices: searched, filtered, a hundred at a time",
  async load({ ask, query }, status) {
    const data = await loadDevicesPage(ask, query);
    const asked = Object.fromEntries([...query].filter(([, value]) => value.trim() !== ""));
    const body: JSX.Element = (
      <section class="panel" aria-labelledby="devices-title">
        <div class="heading">
          <h1 id="devices-title">Devices</h1>
          <form action="/devices" role="search" class="row">
            {asked.liveness === undefined
              ? null
              : <input type="hidden" name="liveness" value={asked.liveness} />}
            <input
              type="search"
              name="search"
              value={asked.search ?? ""}
              placeholder="part of an id or a profile"
              aria-label="Search devices"
              autocomplete="off"
            />
            <button type="submit">Search</button>
          </form>
        </div>
        {status === undefined ? null : (
          <>
            <div id="tabs">
              <LivenessTabs status={status} query={asked} />
            </div>
            <div id="devices" class="scroll">
              <AllDevices
                devices={data.devices}
                sparks={data.sparks}
                status={status}
                order={{ by: "id", down: false }}
                query={asked}
              />
            </div>
          </>
        )}
      </section>
    );
    return { title: "Devices", body, data };
  },
};
