/// <reference lib="dom" />
import { type AlertsData, loadAlertsPage } from "../data/alerts.ts";
import { EndedAlerts, FiringAlerts, PendingAlerts } from "../parts/alert_lists.tsx";
import { SilenceList } from "../parts/silences_panel.tsx";
import { say } from "./actions.ts";
import { startAlertActs } from "./alert_acts.ts";
import { ask, newer, send } from "./api.ts";
import { lastStatus } from "./frame.ts";
import { show } from "./mount.tsx";
import type { LivePage, PageStart } from "./start.ts";

/** Silences end by themselves, which is no event: so often all is asked for anew, ms. */
const EVERY = 10_000;

/** The page of alerts, live. */
export function startAlerts(start: PageStart): LivePage {
  let data = start.page as AlertsData;
  const { viewer } = start;
  const older = new URLSearchParams(location.search).get("older");

  const draw = (): void => {
    const now = lastStatus()?.now;
    if (now === undefined) return;
    show("firing", FiringAlerts, { alerts: data.firing, now, viewer });
    show("pending", PendingAlerts, { alerts: data.pending, now, viewer });
    show("silences", SilenceList, { silences: data.silences, now, viewer });
    show("ended", EndedAlerts, { alerts: data.ended, now });
  };
  const refresh = async (): Promise<void> => {
    const fresh = await loadAlertsPage(ask, older);
    data = {
      firing: newer(fresh.firing, data.firing),
      pending: newer(fresh.pending, data.pending),
      ended: newer(fresh.ended, data.ended),
      silences: newer(fresh.silences, data.silences),
    };
    draw();
  };

  startAlertActs(refresh);
  const form = document.getElementById("silence-form");
  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    if (form instanceof HTMLFormElement) void silence(form, refresh);
  });
  draw();
  return { topics: ["alerts", "config"], every: EVERY, refresh, status: draw, alert: () => void refresh() };
}

async function silence(form: HTMLFormElement, changed: () => Promise<void>): Promise<void> {
  const fields = new FormData(form);
  const text = (name: string): string => String(fields.get(name) ?? "").trim();
  const given = ["rule", "device", "reason"].filter((name) => text(name) !== "").map((
    name,
  ) => [name, text(name)]);
  const body = { ...Object.fromEntries(given), minutes: Number(text("minutes")) };
  const answer = await send("POST", "/api/v1/silences", body);
  if (!answer.ok) return say(`It was not silenced: ${answer.detail}`, true);
  say("Silenced");
  form.reset();
  form.closest("details")?.removeAttribute("open");
  await changed();
}
