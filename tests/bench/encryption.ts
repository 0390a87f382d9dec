/**
 * What encryption at rest and compression cost: `deno run -A tests/bench/encryption.ts [--messages 100000] [--bytes 200]`.
 * The journal whole, on this machine's disk, in turns plain, encrypted, compressed, and both; then the ways there are to encrypt one
 * record, which is what the choice of WebCrypto a record (src/journal/segment_cipher.ts) rests on.
 * @module
 */
import { Buffer } from "node:buffer";
import { createCipheriv } from "node:crypto";
import { parseArgs } from "node:util";
import { systemClock } from "../../src/clock.ts";
import { denoFiles, Journal, KeyRing, position } from "../../src/journal/mod.ts";
import { inBatches, SegmentCipher } from "../../src/journal/segment_cipher.ts";
import { tell } from "../support/child_process.ts";
import { siteMessages } from "../support/climate_site.ts";
import { bestOf } from "./kit/best_of.ts";
import { type Row, row, tableText } from "./kit/table.ts";

const ROUNDS = 3;
/** Messages that come in one turn of the event loop, and those that may be under way: MQTT's window. */
const TURN = 100;
const WINDOW = 2_000;
const EMPTY = new Uint8Array();

interface Pass {
  readonly written: number;
  readonly read: number;
  /** Bytes on disk, a message. */
  readonly bytes: number;
}

/** How a journal is written. */
interface Way {
  readonly name: string;
  readonly keys: KeyRing | undefined;
  readonly pack: boolean;
}

/** Appends with a fdatasync for each group, as the inbox does; then reads everything. Messages per second. */
async function pass({ keys, pack }: Way, messages: number, bodies: readonly Uint8Array[]): Promise<Pass> {
  const folder = await Deno.makeTempDir({ prefix: "sluice_encryption_" });
  try {
    const journal = await Journal.open({
      folder,
      files: denoFiles,
      segmentBytes: 8 * 1024 * 1024,
      sync: "group",
      keys,
      pack,
      salt: () => crypto.getRandomValues(new BigUint64Array(1))[0] ?? 1n,
      wall: () => systemClock.wall(),
      after: (ms, fire) => systemClock.after(ms, fire),
    });
    const start = performance.now();
    while (journal.last < messages) {
      for (let i = 0; i < TURN; i++) journal.append(0, bodies[journal.last % bodies.length] ?? EMPTY);
      if (journal.last - journal.durable > WINDOW) await journal.sync();
      else await Promise.resolve();
    }
    await journal.sync();
    const written = performance.now() - start;
    const cursor = journal.read(position(1));
    let seen = 0;
    for (;;) {
      const some = await cursor.next(4 * 1024 * 1024);
      if (some.length === 0) break;
      seen += some.length;
    }
    const read = performance.now() - start - written;
    const { bytes } = journal;
    cursor.close();
    await journal.close();
    if (seen !== messages) throw new Error(`${seen} of ${messages} messages were read`);
    return { written: messages * 1_000 / written, read: messages * 1_000 / read, bytes: bytes / messages };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Microseconds a record of each way to encrypt it. */
async function ways(bytes: number): Promise<Row[]> {
  const records = 10_000;
  const raw = crypto.getRandomValues(new Uint8Array(32));
  const body = crypto.getRandomValues(new Uint8Array(bytes));
  const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt"]);
  const cipher = new SegmentCipher(key);
  const iv = new Uint8Array(12);
  const frame = new Uint8Array(records * bytes);
  const micros = async (work: () => unknown): Promise<number> => await bestOf(ROUNDS, work) / records / 1e3;
  const batched = await micros(() => inBatches(records, (i) => cipher.seal(i, 0, body)));
  const one = await micros(async () => {
    for (let i = 0; i < records; i++) await cipher.seal(i, 0, body);
  });
  const sync = await micros(() => {
    for (let i = 0; i < records; i++) {
      new DataView(iv.buffer).setUint32(0, i);
      const made = createCipheriv("aes-256-gcm", raw, iv);
      Buffer.concat([made.update(body), made.final(), made.getAuthTag()]);
    }
  });
  const whole = await micros(() => crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, frame));
  const way = (name: string, value: number): Row =>
    row(`${name}, µs a record`, "WebCrypto, 256 at once", [batched], [value]);
  return [
    way("WebCrypto, 256 records at once", batched),
    way("WebCrypto, one record after another", one),
    way("node:crypto, synchronous, on the main thread", sync),
    way(`WebCrypto, ${records} records as one frame`, whole),
  ];
}

if (import.meta.main) {
  const { values } = parseArgs({
    args: Deno.args,
    options: {
      messages: { type: "string", default: "100000" },
      bytes: { type: "string", default: "200" },
    },
  });
  const [messages, bytes] = [Number(values.messages), Number(values.bytes)];
  const keys = await KeyRing.of(crypto.getRandomValues(new Uint8Array(32)));
  const kinds: readonly [Way, ...Way[]] = [
    { name: "plain", keys: undefined, pack: false },
    { name: "encrypted", keys, pack: false },
    { name: "compressed", keys: undefined, pack: true },
    { name: "compressed and encrypted", keys, pack: true },
  ];
  const bodies = telemetry(bytes);
  const passes = new Map(kinds.map((kind) => [kind, [] as Pass[]]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [kind, done] of passes) done.push(await pass(kind, messages, bodies));
  }
  await tell(`${messages} messages of ${bytes} bytes, medians of ${ROUNDS} rounds`);
  const figures = (kind: Way, of: (one: Pass) => number): number[] => (passes.get(kind) ?? []).map(of);
  const rows = kinds.flatMap((kind) => [
    row(
      `${kind.name}: append and fdatasync, messages/s`,
      "plain",
      figures(kinds[0], (one) => one.written),
      figures(kind, (one) => one.written),
    ),
    row(
      `${kind.name}: read, messages/s`,
      "plain",
      figures(kinds[0], (one) => one.read),
      figures(kind, (one) => one.read),
    ),
    row(
      `${kind.name}: bytes on disk, a message`,
      "plain",
      figures(kinds[0], (one) => one.bytes),
      figures(kind, (one) => one.bytes),
    ),
  ]);
  for (const line of tableText([...rows, ...await ways(bytes)])) await tell(line);
}

/** Messages as devices send them, filled up with a status text to `bytes`. */
function telemetry(bytes: number): Uint8Array[] {
  return [...siteMessages(10_000, Date.now())].map(({ topic, payload }) => {
    const body = new Uint8Array(bytes).fill(0x20);
    body.set(new TextEncoder().encode(topic).subarray(0, bytes));
    body.set(payload.subarray(0, Math.max(0, bytes - topic.length)), Math.min(bytes, topic.length));
    return body;
  });
}
