import type { z } from "zod";
import { identityProblem } from "../../model/mod.ts";
import { type ApiConfig, apiSection, isLoopback } from "../sections/api.ts";
import { Secret } from "../secret.ts";
import { type Context, fileOf } from "./files.ts";

/** Section `api` with its files read. Listening beyond this machine needs tokens. */
export async function resolveApi(
  context: Context,
  draft: z.output<typeof apiSection>,
): Promise<ApiConfig> {
  const { source, report } = context;
  const { hostname, port } = draft.listen;
  if (!isLoopback(hostname) && draft.tokens.length === 0) {
    report.addAbsence(source, ["api", "listen"], "open_without_tokens", {
      found: hostname.includes(":") ? `[${hostname}]:${port}` : `${hostname}:${port}`,
      allowed: "127.0.0.1, [::1] or localhost",
      hint: "add api.tokens, deno task token makes one",
    });
  }
  draft.tokens.forEach((token, index) => {
    if (draft.tokens.findIndex((other) => other.name === token.name) === index) return;
    report.add(source, ["api", "tokens", index, "name"], "duplicate_name", { found: token.name });
  });
  return {
    listen: draft.listen,
    tokens: draft.tokens.map(({ name, role, hash, expires }) => ({
      name,
      role,
      sha256: hash,
      ...(expires === undefined ? {} : { expires }),
    })),
    tls: await resolveTls(context, draft.tls),
    rate: draft.rate,
  };
}

/** Certificate and key, both or none, and belonging together. */
async function resolveTls(
  context: Context,
  { cert_file, key_file }: z.output<typeof apiSection>["tls"],
): Promise<ApiConfig["tls"]> {
  const { source, report } = context;
  const path = ["api", "tls"];
  if ((cert_file === undefined) !== (key_file === undefined)) {
    const missing = cert_file === undefined ? "cert_file" : "key_file";
    report.addAbsence(source, [...path, missing], "needs_key", {
      allowed: "cert_file and key_file together",
    });
  }
  const cert = await fileOf(context, [...path, "cert_file"], cert_file);
  const key = await fileOf(context, [...path, "key_file"], key_file);
  if (cert === undefined || key === undefined) return undefined;
  const wrong = identityProblem({ cert, key });
  if (wrong === undefined) return { cert, key: new Secret(key) };
  report.add(source, [...path, "cert_file"], "bad_certificate", { found: cert_file, hint: wrong });
  return undefined;
}
