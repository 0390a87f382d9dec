import { type EncryptionConfig, parseEncryptionKey } from "../config/mod.ts";
import { type FilePort, type KeyId, KeyRing, missingKeys } from "../journal/mod.ts";
import { GatewayProblem } from "./problem.ts";

/** The keys of the data folder; `undefined` where the configuration names none. */
export async function keyRingOf(encryption: EncryptionConfig | undefined): Promise<KeyRing | undefined> {
  if (encryption === undefined) return undefined;
  const { key, formerKeys } = encryption;
  // The configuration was refused if one of them did not parse.
  const bytes = (text: string): Uint8Array => parseEncryptionKey(text) ?? new Uint8Array(0);
  return await KeyRing.of(
    key === undefined ? undefined : bytes(key.reveal()),
    formerKeys.map((former) => bytes(former.reveal())),
  );
}

/**
 * Refuses a folder whose journals need a key that is not at hand, before anything in it is touched.
 *
 * @throws {GatewayProblem} which says the names of the keys
 */
export async function refuseWithoutKeys(
  files: FilePort,
  path: string,
  journals: readonly string[],
  keys: KeyRing | undefined,
): Promise<void> {
  const missing = new Set<KeyId>();
  for (const name of journals) {
    for (const id of await missingKeys(files, `${path}/${name}`, keys)) missing.add(id);
  }
  if (missing.size > 0) throw withoutKeys(path, [...missing], keys);
}

/** The problem of a folder that is encrypted with other keys than those at hand. */
export function withoutKeys(
  path: string,
  missing: readonly KeyId[],
  keys: KeyRing | undefined,
): GatewayProblem {
  const quoted = (ids: readonly KeyId[]): string => ids.map((id) => `"${id}"`).join(", ");
  const given = keys === undefined
    ? "buffer.encrypt_at_rest names no key"
    : `buffer.encrypt_at_rest names ${quoted(keys.ids)}`;
  return new GatewayProblem(
    1,
    `The data folder "${path}" is encrypted with the key ${
      quoted(missing)
    }, and ${given}; give the file of that ` +
      "key as key_file, or under former_key_files. Nothing in the folder was changed",
  );
}
