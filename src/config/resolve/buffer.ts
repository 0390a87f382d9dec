import type { z } from "zod";
import { KEY_TEXT, parseEncryptionKey } from "../encryption_key.ts";
import type { KeyPath } from "../key_path.ts";
import { Secret } from "../secret.ts";
import type { BufferConfig, bufferSection, EncryptionConfig } from "../sections/buffer.ts";
import { beside, type Context, fileOf } from "./files.ts";

type Draft = z.output<typeof bufferSection>;

const SECTION = ["buffer", "encrypt_at_rest"];

/** Section `buffer` with its key files read. */
export async function resolveBuffer(context: Context, draft: Draft): Promise<BufferConfig> {
  const { encryptAtRest, ...buffer } = draft;
  if (encryptAtRest === false) return { ...buffer, encryptAtRest: undefined };
  return { ...buffer, encryptAtRest: await resolveEncryption(context, encryptAtRest) };
}

async function resolveEncryption(
  context: Context,
  { key_file, former_key_files }: Exclude<Draft["encryptAtRest"], false>,
): Promise<EncryptionConfig> {
  if (key_file === undefined && former_key_files.length === 0) {
    context.report.addAbsence(context.source, [...SECTION, "key_file"], "needs_key", {
      allowed: "key_file, or former_key_files to read what was encrypted before",
      hint: "main.ts key makes a key",
    });
  }
  const key = await keyOf(context, [...SECTION, "key_file"], key_file);
  const formerKeys: Secret[] = [];
  for (const [index, file] of former_key_files.entries()) {
    const former = await keyOf(context, [...SECTION, "former_key_files", index], file);
    if (former !== undefined) formerKeys.push(former);
  }
  return { key, formerKeys };
}

/** The key in a file; what is wrong with it is told without showing any of it. */
async function keyOf(context: Context, path: KeyPath, file: string | undefined): Promise<Secret | undefined> {
  const text = await fileOf(context, path, file);
  if (text === undefined || file === undefined) return undefined;
  const { source, report } = context;
  const secret = new Secret(text, beside(source.file, file));
  if (parseEncryptionKey(secret.reveal()) !== undefined) return secret;
  if (secret.reveal() === "") report.add(source, path, "empty_secret", { found: file });
  else {
    report.add(source, path, "bad_key_file", {
      found: file,
      allowed: KEY_TEXT,
      hint: "main.ts key makes one",
    });
  }
  return undefined;
}
