import type { NotReady, Readiness } from "../../api/mod.ts";
import type { Parts } from "../parts.ts";

/** What the system says where there is no space. */
const FULL: ReadonlySet<unknown> = new Set(["ENOSPC", "EDQUOT"]);

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
  // Of what is published before the broker has answered, nothing comes, and nobody would ever miss it.
  if (parts.phase === "running" && intake?.status.connected === true) {
    for (const filter of intake.status.pendingFilters) {
      say("subscription_pending", `The broker has not answered the subscription "${filter}" yet`);
    }
  }
  for (const { filter, code } of intake?.status.refusedFilters ?? []) {
    say("subscription_refused", `The broker refuses the subscription "${filter}" with code ${code}`);
  }
  const journals = [core.folder.inboxJournal, core.folder.outboxJournal, core.folder.quarantineJournal];
  for (const trouble of new Set(journals.flatMap(({ trouble }) => trouble === undefined ? [] : [trouble]))) {
    say(FULL.has(trouble.reason) ? "disk_full" : "disk_failing", `The disk takes nothing: ${trouble.detail}`);
  }
  const { trouble: unwritten } = core.audit;
  if (unwritten !== undefined) {
    const { detail, waiting, lost } = unwritten;
    const words = `${waiting} entries wait in memory, ${lost} were dropped`;
    say("audit_unwritable", `What people do is not on disk (${detail}): ${words}`);
  }
  const failure = core.driver.checkpointFailure;
  if (failure !== undefined) {
    const words = failure instanceof Error ? failure.message : String(failure);
    say(isFull(failure) ? "disk_full" : "disk_failing", `No checkpoint can be written: ${words}`);
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

function isFull(error: unknown): boolean {
  return error instanceof Error && "code" in error && FULL.has(error.code);
}
