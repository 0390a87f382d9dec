/** Takes the site's messages in, on one core and without a disk or a network, and says how quick that was. */
import { decodeInbox } from "../../../src/buffer/mod.ts";
import { InboxEncoder, KIND } from "../../../src/buffer/inbox_codec.ts";
import { systemClock } from "../../../src/clock.ts";
import { History, type HistoryEvent, startWorker } from "../../../src/history/mod.ts";
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
  /** Folder of the local history; `null`: its worker takes everything and does nothing. Left out: none is kept. */
  readonly history?: string | null;
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
  { configPath, messages, warmUp, devices, from, history: folder }: PipelineTask,
): Promise<PipelineReport> {
  const { rules } = await loadedConfig(configPath);
  const history = folder === undefined ? undefined : await openHistory(folder);
  const pipeline = await BenchPipeline.open(rules, history);
  let [before, seen, ms, flushed] = [0, 0, 0, 0];
  for (const records of siteRecords(warmUp + messages, devices)) {
    const work = prepared(from, records, pipeline);
    const start = performance.now();
    work(records);
    if (history !== undefined && start > flushed + 2_000) {
      // The gateway's timer does it, which does not come in a loop like this.
      history.flush();
      flushed = start;
    }
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
  await history?.close();
  if ((history?.dropped ?? 0) > 0) throw new Error(`The history left out ${history?.dropped} buckets`);
  // Last, so that what it fills was still there when the memory was looked at.
  if (from !== "parse") pipeline.check(before + seen, devices);
  return { rate: 1_000 * seen / ms, heap: heapUsed, rss, peak: peakMemory };
}

/** Says that it has stored what it has not looked at. */
const idleWorker: typeof startWorker = (tell) => ({
  send({ kind }): void {
    if (kind === "open") tell({ kind: "opened", position: 0, bytes: 0, setAside: null });
    else if (kind === "batch") tell({ kind: "stored", bytes: 0 });
    else if (kind === "close") tell({ kind: "closed" });
  },
  end(): void {},
});

/** The local history, as the gateway keeps it by default. */
async function openHistory(folder: string | null): Promise<History> {
  const space = { maxBytes: 512 * 1024 * 1024, keep: 30 * 86_400_000 };
  const onEvent = (event: HistoryEvent): never => {
    throw new Error(`The history tells ${JSON.stringify(event)}`);
  };
  const history = new History({
    ...{ folder: folder ?? "", space, clock: systemClock, newestRecord: 0, onEvent },
    startWorker: folder === null ? idleWorker : startWorker,
  });
  history.begin();
  await history.opened(10_000);
  return history;
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
