import type { AlertRule, Limits, Rules, SubscriptionRule } from "../model/mod.ts";
import { checkSubscriptions, type KnownProfiles } from "./checks/subscriptions.ts";
import type { GatewayConfig } from "./config.ts";
import { reportNotAvailable } from "./not_available.ts";
import type { ConfigProblem } from "./problem.ts";
import { readProfiles } from "./read_profiles.ts";
import { readSections, type Sections } from "./read_sections.ts";
import { readSource } from "./read_source.ts";
import { Report } from "./report.ts";
import { resolveAlert } from "./resolve/alert.ts";
import { resolveApi } from "./resolve/api.ts";
import { beside, type Context } from "./resolve/files.ts";
import { resolveInfluxdb } from "./resolve/influxdb.ts";
import { resolveMqtt } from "./resolve/mqtt.ts";
import { resolveNotifier } from "./resolve/notifiers.ts";
import { downsampleSection } from "./sections/downsample.ts";
import type { NotifierConfig } from "./sections/notifiers.ts";
import type { ConfigSources } from "./sources.ts";

/** A configuration, or everything that is wrong with it. */
export type Loaded =
  | {
    readonly ok: true;
    readonly config: GatewayConfig;
    /** What the pipeline obeys: plain data without secrets. */
    readonly rules: Rules;
    /** What deserves a look but stops nothing. */
    readonly warnings: ConfigProblem[];
  }
  | { readonly ok: false; readonly problems: ConfigProblem[] };

/**
 * Reads a configuration with its profiles and secrets, fills in all defaults and judges everything that can
 * be known without running. Every problem of every file is listed; nothing is thrown for a wrong file.
 *
 * @param path the configuration file; relative paths in it start at its folder
 * @param sources where files, environment and host name come from
 */
export async function loadConfig(path: string, sources: ConfigSources): Promise<Loaded> {
  const report = new Report();
  const source = await readSource(path, sources, report);
  if (source.value === undefined && !report.clean(source, [])) {
    return { ok: false, problems: report.problems() };
  }
  const context: Context = { source, report, readText: (file) => sources.readText(file) };
  reportNotAvailable(source, report, "config");
  const sections = readSections(source, report);
  const profiles = await readProfiles(
    source,
    report,
    beside(path, sections.profilesDir ?? "devices/profiles"),
    sections.downsample ?? downsampleSection.parse(undefined),
    sources,
  );
  const rules = resolveRules(context, sections, profiles);
  const config = await resolveConfig(context, sections, sources.hostName());
  const problems = report.problems();
  if (problems.length > 0 || rules === undefined || config === undefined) return { ok: false, problems };
  return { ok: true, config, rules, warnings: report.warnings() };
}

function resolveAlerts(context: Context, sections: Sections, profiles: KnownProfiles): AlertRule[] {
  const { source, report } = context;
  const notifiers = new Set(sections.notifiers.keys());
  const seen = new Set<string>();
  return sections.alerts.flatMap((draft, index) => {
    if (draft === undefined) return [];
    if (seen.has(draft.name)) {
      report.add(source, ["alerts", index, "name"], "duplicate_name", { found: draft.name });
    }
    seen.add(draft.name);
    return resolveAlert(source, report, index, draft, profiles, notifiers) ?? [];
  });
}

function resolveRules(context: Context, sections: Sections, profiles: KnownProfiles): Rules | undefined {
  const alerts = resolveAlerts(context, sections, profiles);
  checkSubscriptions(context.source, context.report, sections.subscriptions, profiles);
  const { limits, mqtt } = sections;
  if (limits === undefined || mqtt === undefined) return undefined;
  return {
    subscriptions: sections.subscriptions.flatMap((one): SubscriptionRule[] =>
      one === undefined ? [] : [one]
    ),
    profiles: Object.fromEntries(profiles.good),
    limits: limits satisfies Limits,
    alerts,
    receiveMaximum: mqtt.receive_maximum,
  };
}

async function resolveConfig(
  context: Context,
  sections: Sections,
  hostName: string,
): Promise<GatewayConfig | undefined> {
  const { source } = context;
  const { gateway, buffer, history, log, profilesDir } = sections;
  const id = gateway?.id ?? (hostName === "" ? "sluice" : hostName);
  const mqtt = sections.mqtt === undefined ? undefined : await resolveMqtt(context, sections.mqtt, id);
  const influxdb = sections.influxdb === undefined
    ? undefined
    : await resolveInfluxdb(context, sections.influxdb);
  const api = sections.api === undefined ? undefined : await resolveApi(context, sections.api);
  const notifiers: [string, NotifierConfig][] = [];
  for (const [name, draft] of sections.notifiers) {
    const one = draft === undefined ? undefined : await resolveNotifier(context, name, draft);
    if (one !== undefined) notifiers.push([name, one]);
  }
  if (
    gateway === undefined || mqtt === undefined || api === undefined || profilesDir === undefined ||
    buffer === undefined || history === undefined || log === undefined
  ) return undefined;
  return {
    file: source.file,
    gateway: { id, dataDir: beside(source.file, gateway.data_dir) },
    mqtt,
    profilesDir: beside(source.file, profilesDir),
    buffer,
    influxdb,
    notifiers: Object.fromEntries(notifiers),
    api,
    history,
    log,
  };
}
