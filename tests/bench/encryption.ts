/**
 * What encryption at rest costs: `deno run -A tests/bench/encryption.ts [--messages 100000] [--bytes 200]`.
 * The journal whole, on this machine's disk, plain and encrypted in turns; then the ways there are to encrypt one
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
import { bestOf } from "./kit/best_of.ts";
import { type Row, row, tableText } from "./kit/table.ts";

const ROUNDS = 3;
/** Messages that come in one turn of the event loop, and those that may be under way: MQTT's window. */
const TURN = 100;
const WINDOW = 2_000;

interface Pass {
  readonly written: number;
  readonly read: number;
}

/** Appends with a fdatasync for each group, as the inbox does; then reads everything. Messages per second. */
async function pass(keys: KeyRing | undefined, messages: number, body: Uint8Array): Promise<Pass> {
  const folder = await Deno.makeTempDir({ prefix: "sluice_encryption_" });
  try {
    const journal = await Journal.open({
      folder,
      files: denoFiles,
      segmentBytes: 8 * 1024 * 1024,
      sync: "group",
      keys,
      salt: () => crypto.getRandomValues(new BigUint64Array(1))[0] ?? 1n,
      wall: () => systemClock.wall(),
      after: (ms, fire) => systemClock.after(ms, fire),
    });
    const start = performance.now();
    while (journal.last < messages) {
      for (let i = 0; i < TURN; i++) journal.append(0, body);
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
    cursor.close();
    await journal.close();
    if (seen !== messages) throw new Error(`${seen} of ${messages} messages were read`);
    return { written: messages * 1_000 / written, read: messages * 1_000 / read };
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
  const body = crypto.getRandomValues(new Uint8Array(bytes));
  const keys = await KeyRing.of(crypto.getRandomValues(new Uint8Array(32)));
  const [plain, encrypted]: [Pass[], Pass[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    plain.push(await pass(undefined, messages, body));
    encrypted.push(await pass(keys, messages, body));
  }
  const both = (figure: string, of: (one: Pass) => number): Row =>
    row(figure, "not encrypted", plain.map(of), encrypted.map(of));
  await tell(`${messages} messages of ${bytes} bytes, medians of ${ROUNDS} rounds`);
  const rows = [
    both("append and fdatasync, messages/s", ({ written }) => written),
    both("append and fdatasync, MB/s", ({ written }) => written * bytes / 1e6),
    both("read, messages/s", ({ read }) => read),
    ...await ways(bytes),
  ];
  for (const line of tableText(rows)) await tell(line);
}
