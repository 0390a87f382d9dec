import { createHash } from "node:crypto";
import { AUDIT_ACTIONS, type AuditEntry } from "../model/mod.ts";
import { canonicalJson, type Json } from "./canonical_json.ts";

/** An entry as the log holds it. */
export interface StoredEntry extends AuditEntry {
  /** Hash of the entry before; 64 zeros before the first. */
  readonly previous: string;
}

/** The hash before the first entry. */
export const NO_ENTRY: string = "0".repeat(64);

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

/** The hash of an entry: SHA-256 over the hash before it, a line feed, and the rest of it as canonical JSON. */
export function hashOf(entry: Omit<StoredEntry, "hash"> & { readonly hash?: string }): string {
  const { previous, hash: _, ...rest } = entry;
  return createHash("sha256").update(`${previous}\n${canonicalJson({ ...rest })}`, "utf8").digest("hex");
}

/** An entry as bytes. */
export function encodeEntry(entry: StoredEntry): Uint8Array {
  return encoder.encode(canonicalJson({ ...entry }));
}

/** The entry in these bytes; `undefined` where they hold none. What it says is not judged here. */
export function decodeEntry(body: Uint8Array): StoredEntry | undefined {
  try {
    const value: unknown = JSON.parse(decoder.decode(body));
    return isEntry(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const KEYS = [
  ...["action", "actor", "address", "at", "detail", "hash"],
  ...["previous", "request_id", "role", "sequence", "target"],
].join();

function isEntry(value: unknown): value is StoredEntry {
  if (typeof value !== "object" || value === null || Object.keys(value).sort().join() !== KEYS) return false;
  const entry = new Map<string, unknown>(Object.entries(value));
  const texts = ["actor", "at", "hash", "previous"].every((key) => typeof entry.get(key) === "string");
  const orNull = ["address", "request_id", "role", "target"].every((key) => isTextOrNull(entry.get(key)));
  return texts && orNull && Number.isSafeInteger(entry.get("sequence")) && isDetail(entry.get("detail")) &&
    AUDIT_ACTIONS.some((action) => action === entry.get("action"));
}

function isTextOrNull(value: unknown): boolean {
  return value === null || typeof value === "string";
}

function isDetail(value: unknown): value is Record<string, Json> {
  return typeof value === "object" && value !== null && !Array.isArray(value) &&
    Object.values(value).every((one) => one === null || ["string", "number", "boolean"].includes(typeof one));
}
