import { flatDifferences, type FlatSettings, flatSettings } from "../config/mod.ts";
import type { Lifecycle } from "../lifecycle.ts";
import type { AuditAction, AuditDetail } from "../model/mod.ts";
import type { Parts } from "./parts.ts";
import { readWhole, writeWhole } from "./whole_file.ts";
import { VERSION } from "./version.ts";

/** Differences that one entry names; the rest is counted. */
const MOST_DIFFERENCES = 50;
/** Characters of a value in an entry. */
const MOST_CHARACTERS = 100;

/** Records that the gateway starts, and with what; and at its end that it stops. */
export async function beginAudit(parts: Parts, lifecycle: Lifecycle): Promise<void> {
  const { audit, folder } = parts.core;
  parts.telemetry.observer.event("audit_opened", "info", { ...audit.head });
  const { tornBytes, damages } = folder.auditJournal.recovery;
  const { file } = parts.config;
  record(parts, "started", file, { version: VERSION, torn_bytes: tornBytes, damages: damages.length });
  await auditConfiguration(parts);
  lifecycle.began("audit", async () => {
    record(parts, "stopped", null, { version: VERSION });
    await audit.settled();
  });
}

/** Records where the configuration in force differs from the last one that ran, and remembers it as the last. */
export async function auditConfiguration(parts: Parts): Promise<void> {
  const { config, rules, core, ports, telemetry } = parts;
  const path = `${core.folder.path}/audit/configuration.json`;
  const now = flatSettings({ config, rules });
  const before = asFlat(await readWhole(ports.files, path));
  const differences = before === undefined ? [] : flatDifferences(before, now);
  if (differences.length > 0) record(parts, "config_changed", config.file, detailOf(differences));
  // First the entry: where the process ends in between, it is recorded twice rather than never.
  await core.audit.settled();
  if (before !== undefined && differences.length === 0) return;
  await writeWhole(ports.files, path, JSON.stringify(now)).catch((error) => {
    const words = error instanceof Error ? error.message : String(error);
    telemetry.observer.event("audit_configuration_not_kept", "error", { words });
  });
}

function record(parts: Parts, action: AuditAction, target: string | null, detail: AuditDetail): void {
  const gateway = { actor: "gateway", role: null, address: null, request_id: null };
  parts.core.audit.record({ action, ...gateway, target, detail });
}

/** Paths with what they were and are; no secret is in them. */
function detailOf(differences: ReturnType<typeof flatDifferences>): AuditDetail {
  const detail: Record<string, string | number> = {};
  for (const { path, before, after } of differences.slice(0, MOST_DIFFERENCES)) {
    detail[path] = `${short(before)} → ${short(after)}`;
  }
  if (differences.length > MOST_DIFFERENCES) detail.more = differences.length - MOST_DIFFERENCES;
  return detail;
}

function short(value: string | null): string {
  if (value === null) return "nothing";
  return value.length > MOST_CHARACTERS ? `${value.slice(0, MOST_CHARACTERS - 1)}…` : value;
}

/** What the file says; `undefined` where there is none, or it cannot be read: then nothing is compared. */
function asFlat(text: string | undefined): FlatSettings | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null) return undefined;
    return Object.fromEntries(
      Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
    );
  } catch {
    return undefined;
  }
}
