import type { GatewayViews } from "../../api/mod.ts";
import { redact } from "../../config/mod.ts";
import { rfc3339 } from "../../model/mod.ts";
import type { Parts } from "../parts.ts";
import { alertsView, rulesView } from "./alerts.ts";
import { deliveredView } from "./delivered.ts";
import { devicesView, seriesView } from "./devices.ts";
import { ledgerView } from "./ledger.ts";
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
    alerts: alertsView(parts),
    rules: rulesView(parts),
    notifiers: notifiersView(parts),
    quarantine: quarantineView(parts),
    config: {
      config: () => ({
        file: parts.config.file,
        since: rfc3339(parts.configSince) ?? "",
        config: { ...Object(redact(parts.config)) },
      }),
    },
  };
}
