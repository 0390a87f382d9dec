import type { NotReady, Readiness } from "../../api/mod.ts";
import type { Parts } from "../parts.ts";

/** Whether messages are taken in durably, and every reason against it. A database out of reach is none. */
export function readiness(parts: Parts): Readiness {
  const reasons: NotReady[] = [];
  const say = (reason: string, detail: string): void => void reasons.push({ reason, detail });
  const { core, intake, forwarder, housekeeping } = parts;
  if (parts.phase === "replaying") say("replaying", "What the inbox held at the start is being processed");
  if (parts.phase === "stopping") say("stopping", "The gateway is on its way out");
  if (parts.phase === "running" && intake?.status.connected !== true) {
    say("mqtt_disconnected", intake?.status.reason ?? "There is no connection to the broker");
  }
  for (const { filter, code } of intake?.status.refusedFilters ?? []) {
    say("subscription_refused", `The broker refuses the subscription "${filter}" with code ${code}`);
  }
  const journals = [core.folder.inboxJournal, core.folder.outboxJournal, core.folder.quarantineJournal];
  for (const trouble of new Set(journals.flatMap(({ trouble }) => trouble === undefined ? [] : [trouble]))) {
    const full = trouble.reason === "ENOSPC" || trouble.reason === "EDQUOT";
    say(full ? "disk_full" : "disk_failing", `The disk takes nothing: ${trouble.detail}`);
  }
  if (housekeeping.blocked) {
    say("buffer_full", "The buffer is full and when_full is block: the broker keeps the messages");
  }
  const doubt = core.time.doubt;
  if (doubt !== undefined) {
    const detail = doubt === "stepped"
      ? "The wall clock has just stepped"
      : "The wall clock is before the build date";
    say("clock_implausible", detail);
  }
  if (forwarder?.status.reason === "unauthorised") {
    say("influxdb_unauthorised", forwarder.status.text ?? "The database refuses the token");
  }
  return { ready: reasons.length === 0, reasons };
}
