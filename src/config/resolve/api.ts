import type { z } from "zod";
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
  const cert = await fileOf(context, ["api", "tls", "cert_file"], draft.tls?.cert_file);
  const key = await fileOf(context, ["api", "tls", "key_file"], draft.tls?.key_file);
  return {
    listen: draft.listen,
    tokens: draft.tokens.map(({ name, role, hash }) => ({ name, role, sha256: hash })),
    tls: cert === undefined || key === undefined ? undefined : { cert, key: new Secret(key) },
  };
}
