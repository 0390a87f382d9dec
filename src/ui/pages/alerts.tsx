import type { JSX } from "hono/jsx/jsx-runtime";
import { loadAlertsPage } from "../data/alerts.ts";
import type { UiPage } from "../page.ts";
import { EndedAlerts, FiringAlerts, PendingAlerts } from "../parts/alert_lists.tsx";
import { may } from "../parts/role.ts";
import { SilenceForm, SilenceList } from "../parts/silences_panel.tsx";

/** What fires, what may, what nobody is told of, what was. */
export const alertsPage: UiPage = {
  name: "alerts",
  path: "/alerts",
  role: "viewer",
  summary: "Alerts: firing, pending, silenced, ended",
  async load({ ask, viewer, query }, status) {
    const data = await loadAlertsPage(ask, query.get("older"));
    const now = status?.now ?? "";
    const body: JSX.Element = (
      <>
        <div class="columns">
          <section class="panel" id="firing" aria-label="Firing">
            <FiringAlerts alerts={data.firing} now={now} viewer={viewer} />
          </section>
          <div class="side">
            <section class="panel" aria-labelledby="pending-title">
              <h2 id="pending-title">Pending</h2>
              <div id="pending">
                <PendingAlerts alerts={data.pending} now={now} viewer={viewer} />
              </div>
            </section>
            <section class="panel" aria-labelledby="silences-title">
              <h2 id="silences-title">Silences</h2>
              <div id="silences">
                <SilenceList silences={data.silences} now={now} viewer={viewer} />
              </div>
              {may(viewer, "operator") && data.silences.ok ? <SilenceForm /> : null}
            </section>
          </div>
        </div>
        <section class="panel" aria-labelledby="ended-title">
          <h2 id="ended-title">Ended</h2>
          <div id="ended" class="scroll" tabindex={0}>
            <EndedAlerts alerts={data.ended} now={now} />
          </div>
        </section>
      </>
    );
    return { title: "Alerts", body, data };
  },
};
