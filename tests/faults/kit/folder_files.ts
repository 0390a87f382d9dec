/**
 * The files of a data folder, as somebody finds them who does not ask the gateway.
 * @module
 */
import { decodeCheckpoint } from "../../../src/pipeline/checkpoint_codec.ts";
import { layout, type Part } from "../../unit/journal/layout.ts";

/** A journal of the data folder. */
export type JournalName = "inbox" | "outbox" | "quarantine";

/** A record of a journal's segment. */
export interface RecordPlace extends Part {
  /** The segment's file. */
  readonly path: string;
  /** Its owner's flags. */
  readonly flags: number;
  /** What it holds, without its head. */
  readonly body: Uint8Array;
}

/** Bytes of a record before its body. */
const RECORD_HEAD = 17;

/** Copies a folder with all its files. */
export async function copyFolder(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (isDirectory) await copyFolder(`${from}/${name}`, `${to}/${name}`);
    else await Deno.copyFile(`${from}/${name}`, `${to}/${name}`);
  }
}

/** Names and SHA-256 of all files in a folder but the lock, which names the process that holds it. */
export async function digests(folder: string, under = ""): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(`${folder}/${under}`)) {
    const path = `${under}${name}`;
    if (isDirectory) found.push(...await digests(folder, `${path}/`));
    else if (path !== "lock") {
      const hash = await crypto.subtle.digest("SHA-256", await Deno.readFile(`${folder}/${path}`));
      found.push(`${path} ${new Uint8Array(hash).toHex()}`);
    }
  }
  return found.sort();
}

/** Paths of a folder's files that end so, in order. */
export async function pathsIn(folder: string, pattern: RegExp): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(folder));
  return entries.map(({ name }) => `${folder}/${name}`).filter((path) => pattern.test(path)).sort();
}

/** Segments of a journal, oldest first. */
export function segmentsOf(dataDir: string, journal: JournalName): Promise<string[]> {
  return pathsIn(`${dataDir}/${journal}`, /\.segment$/);
}

/** Checkpoints, oldest first. */
export function checkpointsOf(dataDir: string): Promise<string[]> {
  return pathsIn(`${dataDir}/checkpoint`, /\/checkpoint-\d+$/);
}

/** Records of a segment that nothing has damaged. */
export async function recordsIn(path: string): Promise<RecordPlace[]> {
  const bytes = await Deno.readFile(path);
  return layout(bytes).filter(({ kind }) => kind === "entry").map((part) => {
    return {
      ...part,
      path,
      flags: bytes[part.from + RECORD_HEAD - 1] ?? 0,
      body: bytes.subarray(part.from + RECORD_HEAD, part.to),
    };
  });
}

/** Records of a journal that nothing has damaged. */
export async function recordsOf(dataDir: string, journal: JournalName): Promise<RecordPlace[]> {
  const all: RecordPlace[] = [];
  for (const path of await segmentsOf(dataDir, journal)) all.push(...await recordsIn(path));
  return all;
}

/** Turns bits of one byte of a file around. */
export async function flip(path: string, at: number, mask = 0x10): Promise<void> {
  using file = await Deno.open(path, { read: true, write: true });
  const byte = new Uint8Array(1);
  await file.seek(at, Deno.SeekMode.Start);
  await file.read(byte);
  byte[0] = (byte[0] ?? 0) ^ mask;
  await file.seek(at, Deno.SeekMode.Start);
  await file.write(byte);
}

/** How far a checkpoint knows the journals. */
export interface Known {
  /** Its newest inbox record. */
  readonly inbox: number;
  /** Its newest outbox block. */
  readonly outbox: number;
  /** Its newest quarantine entry. */
  readonly quarantine: number;
}

/** How far the newest checkpoint knows the journals. */
export async function knownTo(dataDir: string): Promise<Known> {
  const decoded = decodeCheckpoint(await Deno.readFile((await checkpointsOf(dataDir)).at(-1) ?? ""));
  if ("problem" in decoded) throw new Error(`The newest checkpoint is "${decoded.problem}"`);
  // The checksum says that a gateway wrote it.
  const { river, banks } = decoded.content as {
    river: { position: number };
    banks: { outbox: { end: number }; quarantineEnd: number };
  };
  return { inbox: river.position, outbox: banks.outbox.end, quarantine: banks.quarantineEnd };
}
