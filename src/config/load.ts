import type { AlertRule, Limits, Rules } from "../model/mod.ts";
import { checkSubscriptions, type KnownProfiles } from "./checks/subscriptions.ts";
import type { GatewayConfig } from "./config.ts";
import type { ProfileExample } from "./examples.ts";
import { reportNotAvailable } from "./not_available.ts";
import type { ConfigProblem } from "./problem.ts";
import { type ReadProfiles, readProfiles } from "./read_profiles.ts";
import { readSections, type Sections } from "./read_sections.ts";
import { readSource } from "./read_source.ts";
import { Report } from "./report.ts";
import { resolveAlert } from "./resolve/alert.ts";
import { resolveApi } from "./resolve/api.ts";
import { resolveBuffer } from "./resolve/buffer.ts";
import { beside, type Context } from "./resolve/files.ts";
import { resolveInfluxdb } from "./resolve/influxdb.ts";
import { resolveMqtt } from "./resolve/mqtt.ts";
import { type Privacy, resolvePrivacy } from "./resolve/privacy.ts";
import { resolveSubscriptions } from "./resolve/subscriptions.ts";
import { resolveNotifier } from "./resolve/notifiers.ts";
import { downsampleSection } from "./sections/downsample.ts";
import type { NotifierConfig } from "./sections/notifiers.ts";
import type { SourceFile } from "./source_file.ts";
import type { ConfigSources } from "./sources.ts";

/** A configuration, or everything that is wrong with it. */
export type Loaded =
  | {
    readonly ok: true;
    readonly config: GatewayConfig;
    /** What the pipeline obeys: plain data without secrets. */
    readonly rules: Rules;
    /** The examples of all profiles, in the order of the files. */
    readonly examples: readonly ProfileExample[];
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
  const privacy = await resolvePrivacy(context, sections.privacy);
  const profiles = await readProfiles(
    source,
    report,
    beside(path, sections.profilesDir ?? "devices/profiles"),
    sections.downsample ?? downsampleSection.parse(undefined),
    sources,
    privacy.hashes,
  );
  const rules = resolveRules(context, sections, profiles, privacy);
  const config = await resolveConfig(context, sections, sources.hostName(), privacy);
  const problems = report.problems();
  if (problems.length > 0 || rules === undefined || config === undefined) return { ok: false, problems };
  return { ok: true, config, rules, examples: profiles.examples, warnings: report.warnings() };
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
    return resolveAlert(source, report, ["alerts", index], draft, profiles, notifiers) ?? [];
  });
}

function resolveRules(
  context: Context,
  sections: Sections,
  profiles: ReadProfiles,
  privacy: Privacy,
): Rules | undefined {
  const alerts = resolveAlerts(context, sections, profiles);
  checkSubscriptions(context.source, context.report, sections.subscriptions, profiles);
  const subscriptions = resolveSubscriptions(context, sections.subscriptions, profiles.redactTags, privacy);
  const { limits, mqtt, learn } = sections;
  if (limits === undefined || mqtt === undefined || learn === undefined) return undefined;
  return {
    subscriptions,
    profiles: Object.fromEntries(profiles.good),
    limits: limits satisfies Limits,
    alerts,
    receiveMaximum: mqtt.receive_maximum,
    ...(learn.length === 0 ? {} : { learn }),
    ...(privacy.rule === undefined ? {} : { privacy: privacy.rule }),
  };
}

async function resolveConfig(
  context: Context,
  sections: Sections,
  hostName: string,
  privacy: Privacy,
): Promise<GatewayConfig | undefined> {
  const { source } = context;
  const { gateway, history, log, profilesDir } = sections;
  const buffer = sections.buffer === undefined ? undefined : await resolveBuffer(context, sections.buffer);
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
    privacy: privacy.config,
    influxdb,
    notifiers: Object.fromEntries(notifiers),
    api,
    // What is encrypted must not lie beside it in clear because nobody said otherwise.
    history: buffer.encryptAtRest !== undefined && leftOut(source, "history") ? false : history,
    log,
  };
}

function leftOut({ value }: SourceFile, section: string): boolean {
  return typeof value !== "object" || value === null || Reflect.get(value, section) === undefined;
}
