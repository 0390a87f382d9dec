import type { Status } from "../../api/mod.ts";

/** What a tab among many must say. */
export function titleOf(page: string, status: Status | undefined): string {
  const place = page === "" ? "Sluice" : `${page}, Sluice`;
  if (status === undefined) return place;
  const alarm = !status.ledger.balanced
    ? "not balanced: "
    : status.alerts_firing > 0
    ? `${status.alerts_firing} firing: `
    : status.readiness.ready
    ? ""
    : "not ready: ";
  return `${alarm}${place}, ${status.gateway_id}`;
}
