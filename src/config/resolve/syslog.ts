import type { KeyPath } from "../key_path.ts";
import { Secret } from "../secret.ts";
import { FACILITIES, type SyslogConfig, type SyslogDraft } from "../sections/syslog.ts";
import { type Context, fileOf } from "./files.ts";

/** Ports of RFC 5426 and RFC 5425; plain TCP has none of its own, and this is where servers listen. */
const PORTS = { udp: 514, tcp: 514, tls: 6514 } as const;

/** One notifier that writes syslog, with its files read. */
export async function resolveSyslog(
  context: Context,
  path: KeyPath,
  draft: SyslogDraft,
): Promise<SyslogConfig> {
  const { source, report } = context;
  const { ca_file, cert_file, key_file, server_name } = draft;
  const { protocol: scheme, hostname, port } = new URL(draft.server);
  const protocol = scheme === "tls:" ? "tls" : scheme === "tcp:" ? "tcp" : "udp";
  const given = Object.entries({ ca_file, cert_file, key_file, server_name })
    .find(([, value]) => value !== undefined)?.[0];
  if (protocol !== "tls" && given !== undefined) {
    report.add(
      source,
      [...path, given],
      "not_with",
      { found: given, hint: "give server with tls://" },
      "key",
    );
  }
  if ((cert_file === undefined) !== (key_file === undefined)) {
    const missing = cert_file === undefined ? "cert_file" : "key_file";
    report.addAbsence(source, [...path, missing], "needs_key", {
      allowed: "cert_file and key_file together",
    });
  }
  const key = await fileOf(context, [...path, "key_file"], key_file);
  return {
    kind: "syslog",
    protocol,
    host: hostname.replace(/^\[|\]$/g, ""),
    port: port === "" ? PORTS[protocol] : Number(port),
    facility: FACILITIES.indexOf(draft.facility),
    appName: draft.app_name,
    ca: await fileOf(context, [...path, "ca_file"], ca_file),
    cert: await fileOf(context, [...path, "cert_file"], cert_file),
    key: key === undefined ? undefined : new Secret(key),
    serverName: server_name,
  };
}
