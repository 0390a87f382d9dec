import type { JSX } from "hono/jsx/jsx-runtime";
import { loadHome } from "../data/home.ts";
import { NO_HISTORY } from "../data/river_history.ts";
import type { UiPage } from "../page.ts";
import { AlertsPanel } from "../parts/alerts_panel.tsx";
import { DevicesBody } from "../parts/devices_panel.tsx";
import { LedgerSection } from "../parts/ledger.tsx";
import { NotifiersPanel } from "../parts/notifiers_panel.tsx";
import { QuarantinePanel } from "../parts/quarantine_panel.tsx";
import { River } from "../parts/river.tsx";

/** The first page: the account, the river, and what needs attention. */
export const homePage: UiPage = {
  name: "home",
  path: "/",
  role: "viewer",
  summary: "The first page: ledger, river, alerts, devices, quarantine",
  async load({ ask, viewer }, status) {
    const data = await loadHome(ask);
    if (status === undefined) {
      return { title: "", body: <p class="quiet">Nothing can be shown now.</p>, data };
    }
    const body: JSX.Element = (
      <>
        <div id="ledger">
          <LedgerSection ledger={status.ledger} now={status.now} />
        </div>
        <section id="river" aria-label="The river">
          <River status={status} history={NO_HISTORY} />
        </section>
        <div class="columns">
          <section class="panel wide-panel" aria-labelledby="devices-title">
            <div class="heading">
              <h2 id="devices-title">Devices</h2>
              <form action="/devices" role="search">
                <input
                  type="search"
                  name="search"
                  id="device-filter"
                  placeholder="kiln, late, temperature>80"
                  aria-label="Filter devices"
                  autocomplete="off"
                />
              </form>
            </div>
            <div id="devices" class="scroll">
              <DevicesBody
                devices={data.devices}
                sparks={data.sparks}
                status={status}
                order={{ by: "attention", down: false }}
                howTo={data.howTo}
                filter=""
              />
            </div>
          </section>
          <div class="side">
            <div id="alerts">
              <AlertsPanel alerts={data.alerts} status={status} viewer={viewer} />
            </div>
            <div id="notifiers">
              <NotifiersPanel
                notifiers={data.notifiers.ok ? data.notifiers.value.items : []}
                now={status.now}
              />
            </div>
            <div id="quarantine">
              <QuarantinePanel groups={data.groups} status={status} />
            </div>
          </div>
        </div>
      </>
    );
    return { title: "", body, data };
  },
};
