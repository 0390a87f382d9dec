import { derivedKey, keyIdOf, LASTING, type PrivacyRule } from "../../model/mod.ts";
import { Secret } from "../secret.ts";
import type { PrivacyConfig, PrivacyKey } from "../sections/privacy.ts";
import type { Sections } from "../read_sections.ts";
import { beside, type Context, fileOf } from "./files.ts";

/** Fewer characters could be guessed, and every hash with them. */
const SHORTEST = 32;

/** Section `privacy` with its files read. */
export interface Privacy {
  /** The keys. */
  readonly config: PrivacyConfig;
  /** What the rules say of it; `undefined`: the section says nothing. */
  readonly rule: PrivacyRule | undefined;
  /** `key_file` is given, whether it could be read or not. */
  readonly hashes: boolean;
  /** Key of tags that the configuration itself holds; `undefined`: there is none. */
  readonly tagKey: Uint8Array | undefined;
}

/** Reads the keys; each must be long enough not to be guessed. */
export async function resolvePrivacy(context: Context, draft: Sections["privacy"]): Promise<Privacy> {
  const present = await keyOf(context, ["privacy", "key_file"], draft?.key_file);
  const former: PrivacyKey[] = [];
  for (const [index, file] of (draft?.former_key_files ?? []).entries()) {
    const key = await keyOf(context, ["privacy", "former_key_files", index], file);
    if (key !== undefined) former.push(key);
  }
  const rule: PrivacyRule = {
    keyId: present?.id ?? null,
    rotate: draft?.rotate ?? null,
    keepRefusedPayloads: draft?.keep_refused_payloads ?? false,
  };
  if (draft?.rotate !== undefined && draft.key_file === undefined) {
    const { source, report } = context;
    report.add(source, ["privacy", "rotate"], "needs_key", {
      found: "rotate",
      allowed: "key_file beside it",
    });
  }
  return {
    config: { keys: present === undefined ? former : [present, ...former] },
    rule: present === undefined && !rule.keepRefusedPayloads ? undefined : rule,
    hashes: draft?.key_file !== undefined,
    tagKey: present === undefined ? undefined : derivedKey(present.secret.reveal(), LASTING),
  };
}

async function keyOf(
  context: Context,
  path: readonly (string | number)[],
  file: string | undefined,
): Promise<PrivacyKey | undefined> {
  const text = await fileOf(context, [...path], file);
  if (text === undefined || file === undefined) return undefined;
  const secret = new Secret(text, beside(context.source.file, file));
  const { length } = secret.reveal();
  if (length >= SHORTEST) return { id: keyIdOf(secret.reveal()), secret };
  const { source, report } = context;
  if (length === 0) report.add(source, [...path], "empty_secret", { found: file });
  else {
    report.add(source, [...path], "weak_key", {
      found: `${length} characters`,
      allowed: `at least ${SHORTEST}`,
      hint: "openssl rand -hex 32 makes one",
    });
  }
  return undefined;
}
