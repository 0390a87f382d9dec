import { html, raw } from "hono/html";
import type { JSX } from "hono/jsx/jsx-runtime";
import type { Status } from "../schemas/status.ts";
import { DevicesPanel } from "./devices_panel.tsx";
import { LedgerSection } from "./ledger_section.tsx";
import type { PageData } from "./page_data.ts";
import { RiverSection } from "./river_section.tsx";
import { AlertsPanel, NotifiersPanel, QuarantinePanel } from "./side_panels.tsx";
import { STYLE } from "./style.ts";
import { duration, percent } from "./words.ts";

/** How often the page renews itself, s. */
const RENEWAL = 5;

/** Two waves in a square. */
const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath d='M1 6q3.5-4 7 0t7 0M1 11q3.5-4 7 0t7 0' fill='none' stroke='%230b7382' stroke-width='2'/%3E%3C/svg%3E";

/** The whole page. Needs no script and loads nothing. */
export function statusPage(data: PageData): ReturnType<typeof html> {
  const { status } = data;
  return html`<!doctype html>${(
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="refresh" content={String(RENEWAL)} />
        <title>{title(status)}</title>
        <link rel="icon" href={ICON} />
        <style>{raw(STYLE)}</style>
      </head>
      <body>
        <Head status={status} />
        <main>
          <LedgerSection ledger={status.ledger} now={status.now} />
          <RiverSection status={status} />
          <div class="columns">
            <DevicesPanel devices={data.devices} status={status} />
            <div class="side">
              <AlertsPanel alerts={data.alerts} status={status} />
              {data.failing.length === 0 ? null : <NotifiersPanel failing={data.failing} now={status.now} />}
              <QuarantinePanel refused={data.refused} status={status} />
            </div>
          </div>
        </main>
        <footer>
          <span>
            {data.local
              ? "No tokens are configured: everyone on this machine may look and operate, nobody else gets in."
              : ""}
          </span>
          <span>Sluice {status.version}</span>
          <span>renewed every {RENEWAL} s</span>
          <a href="/openapi.json">API</a>
        </footer>
      </body>
    </html>
  )}`;
}

/** What a tab among many must say. */
function title(status: Status): string {
  const alarm = !status.ledger.balanced
    ? "not balanced"
    : status.alerts_firing > 0
    ? `${status.alerts_firing} firing`
    : status.readiness.ready
    ? ""
    : "not ready";
  return `${alarm === "" ? "" : `${alarm}: `}Sluice, ${status.gateway_id}`;
}

function Head({ status }: { status: Status }): JSX.Element {
  const notices = [
    ...(status.state === "running" ? [] : [status.state]),
    ...status.readiness.reasons.map((reason) => reason.detail),
    ...(status.clock_plausible ? [] : ["The clock of this machine cannot be believed"]),
    ...(status.durability.mode === "fsync" ? [] : ["A power cut can cost acknowledged messages"]),
  ];
  return (
    <header>
      <b>Sluice</b>
      <span class="code">{status.gateway_id}</span>
      <span>{status.now.slice(11, 19)} UTC</span>
      <span>up {duration(status.uptime_seconds)}</span>
      <span>MQTT {status.mqtt.address}</span>
      <span>disk {percent(status.disk.used_bytes, status.disk.max_bytes)}</span>
      {notices.map((notice) => <span key={notice} class="look">{notice}</span>)}
    </header>
  );
}
