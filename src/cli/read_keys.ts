import { parseEncryptionKey } from "../config/mod.ts";
import { KeyRing } from "../journal/mod.ts";
import type { CliIo } from "./io.ts";

/**
 * The keys that `--key-file` names, to read with.
 *
 * @param files paths with commas between them; `undefined`: none
 * @returns the keys, or the sentence that says what is wrong
 */
export async function readKeys(
  files: string | undefined,
  io: CliIo,
): Promise<{ readonly keys: KeyRing | undefined } | { readonly problem: string }> {
  if (files === undefined) return { keys: undefined };
  const former: Uint8Array[] = [];
  for (const file of files.split(",")) {
    let text: string;
    try {
      text = await io.sources.readText(file);
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      return { problem: `The key file "${file}" cannot be read: ${words}` };
    }
    const bytes = parseEncryptionKey(text);
    if (bytes === undefined) {
      return {
        problem:
          `The file "${file}" holds no encryption key; allowed are 32 random bytes on one line, as base64 or ` +
          "64 hexadecimal digits",
      };
    }
    former.push(bytes);
  }
  return { keys: await KeyRing.of(undefined, former) };
}
