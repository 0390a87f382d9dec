import type { GatewayViews } from "../../api/mod.ts";
import type { Parts } from "../parts.ts";
import { alertActionsView } from "./alert_actions.ts";
import { alertsView, rulesView } from "./alerts.ts";
import { auditView } from "./audit.ts";
import { configView } from "./config.ts";
import { deliveredView } from "./delivered.ts";
import { devicesView, seriesView } from "./devices.ts";
import { explainView } from "./explain.ts";
import { learnedView } from "./learned.ts";
import { historyView } from "./history.ts";
import { ledgerView } from "./ledger.ts";
import { liveView } from "./live.ts";
import { notifiersView } from "./notifiers.ts";
import { quarantineView } from "./quarantine.ts";
import { readiness } from "./readiness.ts";
import { statusView } from "./status.ts";

/** The gateway as the API sees it. */
export function makeViews(parts: Parts): GatewayViews {
  return {
    readiness: { readiness: () => readiness(parts) },
    metrics: parts.telemetry.metrics,
    status: statusView(parts),
    ledger: ledgerView(parts),
    delivered: deliveredView(parts),
    devices: devicesView(parts),
    series: seriesView(parts),
    history: historyView(parts),
    alerts: alertsView(parts),
    alertActions: alertActionsView(parts),
    rules: rulesView(parts),
    notifiers: notifiersView(parts),
    quarantine: quarantineView(parts),
    explain: explainView(parts),
    audit: auditView(parts),
    learned: learnedView(parts),
    live: liveView(parts),
    config: configView(parts),
  };
}
