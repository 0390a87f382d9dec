/** Takes the site's messages in, on one core and without a disk or a network, and says how quick that was. */
import { decodeInbox } from "../../../src/buffer/mod.ts";
import { InboxEncoder, KIND } from "../../../src/buffer/inbox_codec.ts";
import type { InboxRecord } from "../../../src/model/mod.ts";
import { tell } from "../../support/child_process.ts";
import { loadedConfig } from "../kit/loaded_config.ts";
import { processCost } from "../kit/process_cost.ts";
import { BenchPipeline } from "./bench_pipeline.ts";
import { siteRecords } from "./site_records.ts";

/** What it is to do. */
export interface PipelineTask {
  readonly configPath: string;
  /** Messages that are measured. */
  readonly messages: number;
  /** Messages before them at least, that make the code hot and the site known. */
  readonly warmUp: number;
  readonly devices: number;
  /** From where on: the record, its bytes in the journal; or the baseline, `JSON.parse` of the payload and no more. */
  readonly from: "records" | "bytes" | "parse";
}

/** What it came to. */
export interface PipelineReport {
  /** Messages a second. */
  readonly rate: number;
  /** Bytes of the heap in use at the end, after a garbage collection. */
  readonly heap: number;
  /** Resident memory then. */
  readonly rss: number;
  /** The most resident memory there was. */
  readonly peak: number;
}

/** Does something with all of a chunk, in one turn. */
type Work = (records: readonly InboxRecord[]) => void;

async function measured(
  { configPath, messages, warmUp, devices, from }: PipelineTask,
): Promise<PipelineReport> {
  const { rules } = await loadedConfig(configPath);
  const pipeline = await BenchPipeline.open(rules);
  let [before, seen, ms] = [0, 0, 0];
  for (const records of siteRecords(warmUp + messages, devices)) {
    const work = prepared(from, records, pipeline);
    const start = performance.now();
    work(records);
    const took = performance.now() - start;
    if (before < warmUp) before += records.length;
    else {
      seen += records.length;
      ms += took;
    }
    // What the database does is not the pipeline's work.
    if (from !== "parse") await pipeline.deliver();
  }
  collectGarbage();
  const { heapUsed, rss } = Deno.memoryUsage();
  const { peakMemory } = await processCost(Deno.pid);
  // Last, so that what it fills was still there when the memory was looked at.
  if (from !== "parse") pipeline.check(before + seen, devices);
  return { rate: 1_000 * seen / ms, heap: heapUsed, rss, peak: peakMemory };
}

/** What is to be timed of a chunk; what it needs is made before. */
function prepared(
  from: PipelineTask["from"],
  records: readonly InboxRecord[],
  pipeline: BenchPipeline,
): Work {
  if (from === "parse") return parseAll;
  if (from === "records") {
    return (all) => {
      for (const record of all) pipeline.step(record);
    };
  }
  const encoder = new InboxEncoder();
  const bodies = records.map(({ content, stamp }) => {
    if (content.kind !== "message") throw new Error(`The site sends messages, not a ${content.kind}`);
    return encoder.message(content.message, stamp).slice();
  });
  return (all) => {
    bodies.forEach((body, n) => pipeline.step(decodeInbox(all[n]?.position ?? 0, KIND.message, body)));
  };
}

const utf8 = new TextDecoder();

function parseAll(records: readonly InboxRecord[]): void {
  for (const { content } of records) {
    if (content.kind === "message") JSON.parse(utf8.decode(content.message.payload));
  }
}

/** V8 offers it where it was started with `--expose-gc`. */
function collectGarbage(): void {
  const collect: unknown = Reflect.get(globalThis, "gc");
  if (typeof collect === "function") collect();
}

if (import.meta.main) {
  const task: PipelineTask = JSON.parse(Deno.args[0] ?? "");
  await tell(JSON.stringify(await measured(task)));
}
