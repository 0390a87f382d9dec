import { commandJson, decodeBlock, decodeInbox, decodeRefused } from "../buffer/mod.ts";
import { denoFiles, type FolderItem, type KeyId, readFolder } from "../journal/mod.ts";
import { refusalText, rfc3339 } from "../model/mod.ts";
import { type CliIo, EXIT } from "./io.ts";
import { readKeys } from "./read_keys.ts";

/** The journals of a data folder. */
const JOURNALS = ["inbox", "outbox", "quarantine"] as const;
type Name = typeof JOURNALS[number];

/**
 * `journal check|inspect|export`: reads a data folder, also beside a running gateway, and never writes to it.
 * `check` looks for damage, `inspect` lists segments, `export` prints records as JSON lines. Of encrypted segments
 * only `export` needs the key; with it, `check` and `inspect` also see whether every record can be decrypted.
 *
 * @returns 0 no damage · 1 damage was found, or the folder cannot be read · 2 wrong usage
 */
export async function journal(
  args: {
    readonly action: string;
    readonly dataDir: string;
    readonly only: string | undefined;
    readonly keyFile: string | undefined;
  },
  io: CliIo,
): Promise<number> {
  const { action, dataDir, only } = args;
  if (action !== "check" && action !== "inspect" && action !== "export") {
    io.stderr(`The action of journal was "${action}"; allowed are check, inspect and export\n`);
    return EXIT.usage;
  }
  const wanted = JOURNALS.filter((name) => only === undefined || only === name);
  if (wanted.length === 0) {
    io.stderr(`There is no journal "${only}"; allowed are ${JOURNALS.join(", ")}\n`);
    return EXIT.usage;
  }
  const read = await readKeys(args.keyFile, io);
  if ("problem" in read) {
    io.stderr(`${read.problem}\n`);
    return EXIT.usage;
  }
  let damaged = false;
  for (const name of wanted) {
    const seen = { segments: 0, records: 0, bytes: 0, first: 0, last: 0, damages: 0 };
    let key: KeyId | undefined;
    try {
      for await (const item of readFolder(denoFiles, `${dataDir}/${name}`, read.keys)) {
        if (item.kind === "segment") key = item.info.key;
        if (item.kind === "entry" && item.sealed && action === "export") {
          io.stderr(
            `The ${name} of "${dataDir}" is encrypted with the key "${key}"; give its file with --key-file\n`,
          );
          return EXIT.failed;
        }
        damaged = tell(name, item, action, seen, io) || damaged;
      }
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      io.stderr(
        `The ${name} of "${dataDir}" cannot be read: ${words}; give the gateway's data folder with --data-dir\n`,
      );
      return EXIT.failed;
    }
    if (action === "export") continue;
    const range = seen.records === 0
      ? "no records"
      : `${seen.records} records, positions ${seen.first} to ${seen.last}`;
    const { segments, records, bytes, first, last, damages } = seen;
    io.stdout(
      io.isTerminal
        ? `${name}: ${segments} segments, ${bytes} bytes, ${range}, ${damages} damages\n`
        : `${JSON.stringify({ journal: name, segments, records, bytes, first, last, damages })}\n`,
    );
  }
  if (action === "check" && io.isTerminal) io.stdout(damaged ? "Damage was found\n" : "No damage\n");
  return damaged ? EXIT.failed : EXIT.done;
}

interface Seen {
  segments: number;
  records: number;
  bytes: number;
  first: number;
  last: number;
  damages: number;
}

/** Tells one item of a journal; returns whether it is damage. */
function tell(name: Name, item: FolderItem, action: string, seen: Seen, io: CliIo): boolean {
  switch (item.kind) {
    case "segment":
      seen.segments++;
      seen.bytes += item.info.bytes;
      if (action === "inspect") {
        const { info, entries, durable, sealed } = item;
        const { name: segment, bytes, key = null } = info;
        const record = { journal: name, segment, bytes, entries, durable, sealed, key };
        io.stdout(`${io.isTerminal ? segmentLine(name, item) : JSON.stringify(record)}\n`);
      }
      return false;
    case "entry": {
      const { position, flags, body } = item.entry;
      if (seen.records === 0) seen.first = position;
      seen.records++;
      seen.last = position;
      if (action === "export") {
        io.stdout(`${JSON.stringify({ journal: name, ...recordOf(name, position, flags, body) })}\n`);
      }
      return false;
    }
    case "damage": {
      const { damage } = item;
      seen.damages++;
      const lost = Math.max(0, damage.before - damage.after - 1);
      const text =
        `${name}/${damage.segment}: ${damage.kind} at byte ${damage.offset}, ${damage.bytes} bytes, ` +
        `${lost} positions lost after ${damage.after}`;
      if (action === "export" || !io.isTerminal) io.stderr(`${text}\n`);
      else io.stdout(`  ${text}\n`);
      return true;
    }
    case "set_aside":
      io.stderr(`  ${name}/${item.name}  ${item.bytes} bytes set aside\n`);
      return true;
  }
}

function segmentLine(name: Name, item: Extract<FolderItem, { kind: "segment" }>): string {
  const { info, entries, durable, sealed } = item;
  const range = entries === 0
    ? "no records"
    : `${entries} records, ${info.first} to ${info.last}, durable to ${durable}`;
  const facts = `${range}${sealed ? "  sealed" : ""}${info.key === undefined ? "" : `  key ${info.key}`}`;
  return `  ${name}/${info.name}  ${info.bytes} bytes  ${rfc3339(info.createdAt)}  ${facts}`;
}

/** A record as people and programs read it. */
function recordOf(name: Name, position: number, flags: number, body: Uint8Array): object {
  if (name === "inbox") {
    const { stamp, content } = decodeInbox(position, flags, body);
    const head = {
      position,
      received_at: rfc3339(stamp.receivedAt),
      elapsed_ms: stamp.elapsed,
      kind: content.kind,
    };
    if (content.kind !== "message") {
      if (content.kind === "command") return { ...head, content: commandJson(content.command) };
      return { ...head, content: content.kind === "tick" ? undefined : content };
    }
    const { topic, payload, connection, packetId, dup, retain } = content.message;
    return { ...head, topic, ...readable(payload), connection, packet_id: packetId, dup, retain };
  }
  if (name === "outbox") {
    const { points, readings, rawBytes, correction, oldest, createdAt } = decodeBlock(position, flags, body);
    return {
      position,
      created_at: rfc3339(createdAt),
      points,
      readings,
      raw_bytes: rawBytes,
      correction,
      oldest: rfc3339(oldest),
    };
  }
  const { payload, refusal, receivedAt, ...facts } = decodeRefused(body);
  return {
    position,
    received_at: rfc3339(receivedAt),
    reason: refusal.reason,
    explanation: refusalText(refusal),
    ...facts,
    ...readable(payload),
  };
}

function readable(payload: Uint8Array): object {
  try {
    return { payload: new TextDecoder("utf-8", { fatal: true }).decode(payload) };
  } catch {
    return { payload_base64: payload.toBase64() };
  }
}
