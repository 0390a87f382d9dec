import type { InfluxCommon, InfluxConfig, InfluxDraft } from "../sections/influxdb.ts";
import { type Context, secretOf } from "./files.ts";

/** Keys that belong to one version alone. */
const OF_VERSION = {
  1: ["database", "retention_policy", "username", "password", "password_file"],
  2: ["org", "bucket", "token", "token_file"],
} as const;

/** Section `influxdb` for the version it names, with its secret read; `undefined` where something is wrong. */
export async function resolveInfluxdb(
  context: Context,
  draft: InfluxDraft,
): Promise<InfluxConfig | undefined> {
  const { source, report } = context;
  const { version } = draft;
  for (const key of OF_VERSION[version === 1 ? 2 : 1]) {
    if (draft[key] === undefined) continue;
    const hint = `version ${version} takes ${OF_VERSION[version].join(", ")}`;
    report.add(source, ["influxdb", key], "not_with", { found: key, hint }, "key");
  }
  if (draft.retry.initial > draft.retry.max) {
    report.add(source, ["influxdb", "retry"], "range_order", { allowed: "initial up to max" });
  }
  const need = (key: string, value: unknown): void => {
    if (value !== undefined) return;
    const hint = `version ${version} needs it`;
    report.addAbsence(source, ["influxdb", key], "missing_key", { allowed: "a text", hint });
  };
  const common: InfluxCommon = {
    url: draft.url,
    batch: draft.batch,
    timeout: draft.timeout,
    retry: draft.retry,
  };
  if (version === 1) {
    need("database", draft.database);
    const password = await secretOf(context, ["influxdb"], "password", draft.password, draft.password_file);
    if (draft.database === undefined) return undefined;
    return {
      ...common,
      version,
      database: draft.database,
      retentionPolicy: draft.retention_policy,
      username: draft.username,
      password,
    };
  }
  need("org", draft.org);
  need("bucket", draft.bucket);
  need("token", draft.token ?? draft.token_file);
  const token = await secretOf(context, ["influxdb"], "token", draft.token, draft.token_file);
  if (draft.org === undefined || draft.bucket === undefined || token === undefined) return undefined;
  return { ...common, version, org: draft.org, bucket: draft.bucket, token };
}
