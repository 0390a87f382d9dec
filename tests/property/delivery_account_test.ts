import { gunzipSync } from "node:zlib";
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Block, DeadLine, OutboxSnapshot } from "../../src/buffer/mod.ts";
import { lineWith, parseLines } from "../../src/forward/line_parts.ts";
import type { InboxRecord } from "../../src/model/mod.ts";
import { restoreRiver, River, type RiverSnapshot, snapshotRiver } from "../../src/pipeline/mod.ts";
import { decodeCheckpoint, encodeCheckpoint } from "../../src/pipeline/checkpoint_codec.ts";
import { type ParsedLine, parseStrict } from "../support/line_parser.ts";
import { openOutbox, type OutboxBench } from "../unit/buffer/outbox_bench.ts";
import { happenings, KEYRING, recordsOf, RULE_SETS } from "./pipeline_traffic.ts";

/** What is done between two records. */
type Step = "on" | "seal" | "backlog" | "fresh" | "no_answer" | "evict" | "checkpoint" | "crash";

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.constantFrom<Step>(
    ...["on", "on", "on", "on", "seal", "seal", "backlog", "backlog", "fresh", "fresh"] as const,
    ...["no_answer", "evict", "checkpoint", "crash"] as const,
  ),
  { minLength: 1, maxLength: 60, size: "max" },
);

/** What a checkpoint holds of both. */
interface Kept {
  readonly river: RiverSnapshot;
  readonly outbox: OutboxSnapshot;
}

/** A database: each value by its series, field and time. */
class Database {
  readonly #values = new Map<string, { readonly row: string; readonly value: unknown }>();

  /** Takes a line, or those of its fields that are not left out. */
  take({ measurement, tags, fields, time }: ParsedLine, without: readonly string[] = []): void {
    // What a replay wrote by itself stands in no account.
    if (tags.some(([name]) => name === "replayed")) return;
    const device = tags.find(([name]) => name === "device")?.[1];
    const day = Number(time / 86_400_000_000_000n);
    for (const [name, { value, type }] of fields) {
      if (without.includes(name)) continue;
      const key = JSON.stringify([measurement, tags, name, type, String(time)]);
      this.#values.set(key, { row: JSON.stringify([measurement, device, day]), value });
    }
  }

  /** Values and their sum, by measurement, device and day. */
  rows(): Map<string, { values: number; sum: number }> {
    const rows = new Map<string, { values: number; sum: number }>();
    for (const { row, value } of this.#values.values()) {
      const tally = rows.get(row) ?? { values: 0, sum: 0 };
      tally.values++;
      if (typeof value === "number" || typeof value === "bigint") tally.sum += Number(value);
      rows.set(row, tally);
    }
    return rows;
  }
}

/** A gateway from the inbox to the database, without the processes around it. */
class Line {
  river = new River(RULE_SETS[0] ?? fail(), [], KEYRING);
  readonly database = new Database();
  #kept: Uint8Array | undefined;
  #keptAt = 0;

  private constructor(public bench: OutboxBench) {}

  static async open(): Promise<Line> {
    return new Line(await openOutbox(undefined, undefined, { maxPoints: 4, memoryBytes: 2_000 }));
  }

  take(record: InboxRecord): void {
    const { outbox } = this.bench;
    this.river.step(record, { point: (point) => outbox.add(point), refused(): void {}, alert(): void {} });
  }

  async do(step: Step, records: readonly InboxRecord[], at: number): Promise<void> {
    const { outbox } = this.bench;
    switch (step) {
      case "seal":
        return outbox.seal();
      case "backlog":
      case "fresh":
        return this.#send(await outbox.next(step));
      case "no_answer":
        return this.#send(await outbox.next("backlog"), false);
      case "evict":
        return await outbox.evictBelow(outbox.low + 1);
      case "checkpoint": {
        const kept: Kept = { river: snapshotRiver(this.river), outbox: outbox.snapshot() };
        this.#kept = encodeCheckpoint(kept);
        this.#keptAt = at;
        return await outbox.sync();
      }
      case "crash":
        return await this.#crash(records, at);
    }
  }

  async drain(): Promise<void> {
    this.bench.outbox.seal();
    for (;;) {
      const block = await this.bench.outbox.next("backlog");
      if (block === undefined) return;
      this.#send(block);
    }
  }

  /** The whole of what was delivered so far is in the database, at the least and at the most. */
  check(): { exact: number; bounded: number } {
    const found = this.database.rows();
    const count = { exact: 0, bounded: 0 };
    for (const row of this.bench.outbox.account.rows) {
      const device = this.river.registry.devices[row.device]?.id;
      const key = JSON.stringify([row.measurement, device, row.day]);
      const { values, sum } = found.get(key) ?? { values: 0, sum: 0 };
      const most = row.fresh + row.unsure + Math.min(row.lost, row.doubt);
      assert(
        row.fresh <= values && values <= most,
        `${key}: ${values} values, account ${JSON.stringify(row)}`,
      );
      assertEquals(row.waiting, 0, key);
      if (row.summed && Number.isFinite(row.sum)) {
        const off = Math.abs(row.sum - sum);
        assert(off <= 1e-9 * row.size, `${key}: sum ${sum}, account ${JSON.stringify(row)}`);
      }
      if (row.fresh === most) count.exact++;
      else count.bounded++;
      found.delete(key);
    }
    assertEquals([...found], [], "nothing is in the database that is not in the account");
    return count;
  }

  /** Sends a block; without an answer it is in the database, and the outbox does not know. */
  #send(block: Block | undefined, answered = true): void {
    if (block === undefined) return;
    const dead: DeadLine[] = [];
    parseLines(new TextDecoder().decode(gunzipSync(block.body))).forEach((line, index) => {
      const [parsed] = parseStrict(line.text);
      if (parsed === undefined) return;
      const bad = parsed.fields.flatMap(([name]) => isRefused(parsed, name) ? [name] : []);
      this.database.take(parsed, bad);
      if (bad.length === 0) return;
      const fields = line.fields.filter((_, at) => bad.includes(parsed.fields[at]?.[0] ?? ""));
      const whole = fields.length === line.fields.length;
      dead.push({ index, line: lineWith(line, fields), whole, words: "", status: 422 });
    });
    if (!answered) return this.bench.outbox.unclear(block.position);
    if (dead.length > 0) this.bench.outbox.refused(block.position, dead);
    this.bench.outbox.delivered(block.position);
  }

  async #crash(records: readonly InboxRecord[], at: number): Promise<void> {
    const files = this.bench.files.afterPowerCut();
    await this.bench.close();
    const decoded = this.#kept === undefined ? undefined : decodeCheckpoint(this.#kept);
    if (decoded !== undefined && "problem" in decoded) throw new Error(decoded.problem);
    // The test wrote it.
    const kept = decoded?.content as Kept | undefined;
    this.bench = await openOutbox(files, kept?.outbox, { maxPoints: 4, memoryBytes: 2_000 });
    this.river = kept === undefined
      ? new River(RULE_SETS[0] ?? fail(), [], KEYRING)
      : restoreRiver(kept.river, KEYRING);
    for (const record of records.slice(this.#keptAt, at)) this.take(record);
    // The forwarder begins.
    this.bench.outbox.onWaiting(() => {});
  }
}

/** The database refuses some fields at some times, always the same. */
function isRefused({ time }: ParsedLine, field: string): boolean {
  return (Number(time / 1_000_000_000n) + field.length) % 7 === 0;
}

function fail(): never {
  throw new Error("There are no rules");
}

Deno.test("V1 … V7: the account holds what the database holds, whatever was late, sent twice, refused, given up, or made again after a crash", async () => {
  const seen = { exact: 0, bounded: 0 };
  await fc.assert(
    fc.asyncProperty(happenings, steps, async (all, plan) => {
      const records = recordsOf(all, RULE_SETS);
      const line = await Line.open();
      try {
        for (const [index, record] of records.entries()) {
          line.take(record);
          await line.do(plan[index % plan.length] ?? "on", records, index + 1);
        }
        await line.drain();
        const { exact, bounded } = line.check();
        seen.exact += exact;
        seen.bounded += bounded;
      } finally {
        await line.bench.close();
      }
    }),
    { numRuns: 150 },
  );
  assert(seen.exact > seen.bounded, `${seen.exact} rows were exact, ${seen.bounded} were a range`);
});
