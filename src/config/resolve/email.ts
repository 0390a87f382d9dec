import type { KeyPath } from "../key_path.ts";
import type { EmailConfig, EmailDraft } from "../sections/email.ts";
import { type Context, fileOf, secretOf } from "./files.ts";

/** Ports of RFC 6409 (submission), RFC 8314 (submissions) and RFC 5321 (relay). */
const PORTS = { starttls: 587, tls: 465, none: 25 } as const;

/** One notifier that sends mail, with its files read. */
export async function resolveEmail(context: Context, path: KeyPath, draft: EmailDraft): Promise<EmailConfig> {
  const { source, report } = context;
  const { hostname, port } = new URL(draft.smtp);
  const host = hostname.replace(/^\[|\]$/g, "");
  const password = await secretOf(context, path, "password", draft.password, draft.password_file);
  const hasPassword = draft.password !== undefined || draft.password_file !== undefined;
  if (hasPassword !== (draft.username !== undefined)) {
    const missing = hasPassword ? "username" : "password_file";
    report.addAbsence(source, [...path, missing], "needs_key", {
      allowed: "username together with password or password_file",
    });
  }
  if (draft.tls === "none" && draft.ca_file !== undefined) {
    const hint = "give tls: starttls or tls: tls";
    report.add(source, [...path, "ca_file"], "not_with", { found: "ca_file", hint }, "key");
  }
  if (draft.tls === "none" && hasPassword && !isLoopback(host)) {
    report.warn(source, [...path, "tls"], "password_in_clear", {
      found: "none",
      allowed: "starttls or tls beyond this machine",
    });
  }
  return {
    kind: "email",
    host,
    port: port === "" ? PORTS[draft.tls] : Number(port),
    tls: draft.tls,
    ca: await fileOf(context, [...path, "ca_file"], draft.ca_file),
    from: draft.from,
    to: draft.to,
    username: draft.username,
    password,
  };
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127\./.test(host);
}
