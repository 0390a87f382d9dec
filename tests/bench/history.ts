/**
 * What the local history costs, and how quick it answers: `deno run -A tests/bench/history.ts [--rounds 3]`.
 *
 * The pipeline with and without it, in turns and in fresh processes; resident memory of both; then a day of 1,000
 * series in a file, and how long a day of one of them, an hour of it, and the small lines of 100 devices take, through
 * the worker.
 * @module
 */
import { parseArgs } from "node:util";
import { systemClock } from "../../src/clock.ts";
import { chartPoints, History, seriesKey, startWorker, thinOut } from "../../src/history/mod.ts";
import { DEVICES } from "../support/climate_site.ts";
import { tell } from "../support/child_process.ts";
import { runPipeline } from "./pipeline/run_pipeline.ts";

const SERIES = 1_000;
const DAY = 86_400;
const STEP = 10;

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

async function pipelines(rounds: number, folder: string): Promise<void> {
  const size = { messages: 500_000, warmUp: 100_000, devices: DEVICES, from: "records" } as const;
  const without: number[] = [];
  const withIt: number[] = [];
  const alone: number[] = [];
  const memory: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const off = await runPipeline(size);
    alone.push((await runPipeline({ ...size, history: null })).rate);
    const on = await runPipeline({ ...size, history: `${folder}/pipeline${round}` });
    without.push(off.rate);
    withIt.push(on.rate);
    memory.push((on.rss - off.rss) / 1e6);
  }
  const [off, tap, on] = [median(without), median(alone), median(withIt)];
  await tell(`pipeline without it: ${Math.round(off)} messages/s`);
  await tell(`what the pipeline itself does for it: ${Math.round(tap)}, ratio ${(tap / off).toFixed(3)}`);
  await tell(`with its worker on the other core: ${Math.round(on)}, ratio ${(on / off).toFixed(3)}`);
  await tell(`resident memory with it: ${median(memory).toFixed(1)} MB more`);
}

/** A stream with one field. */
function seriesOf(index: number) {
  const identity = {
    ...{ deviceIndex: index, device: `d${index}`, profile: "p", measurement: "m" },
    tags: [["device", `d${index}`]] as const,
  };
  return {
    slot: { series: { index, field: "level", type: "float" as const }, unit: null },
    stream: { topic: `t/d${index}`, windows: { identity } },
    key: seriesKey(identity, "level", "float"),
  };
}

async function answers(folder: string): Promise<void> {
  const history = new History({
    ...{ folder, space: { maxBytes: 2 ** 30, keep: 30 * DAY * 1_000 }, startWorker, clock: systemClock },
    ...{ newestRecord: 0, onEvent: (event) => void tell(JSON.stringify(event)) },
  });
  history.begin();
  await history.opened(10_000);
  const all = Array.from({ length: SERIES }, (_, index) => seriesOf(index));
  const end = Math.floor(Date.now() / 1_000 / STEP) * STEP;
  const began = performance.now();
  let position = 0;
  for (let at = end - DAY; at < end; at += STEP) {
    position++;
    for (const [index, { slot, stream }] of all.entries()) {
      history.reading(slot, stream, index + Math.sin(at / 600), at * 1_000, position);
    }
    // What is asked has come in, so nothing is left out.
    if (position % 30 === 0) await history.pick(at, end, 1);
  }
  const took = (performance.now() - began) / 1_000;
  const buckets = SERIES * DAY / STEP;
  const none = { keys: [], from: end - 60, to: end, by: { most: 2_000 } } as const;
  await history.read(none);
  await tell(
    `${buckets.toLocaleString("en")} buckets taken in at ${Math.round(buckets / took)}/s; ` +
      `${(history.bytes / 2 ** 20).toFixed(0)} MiB; ${history.dropped} left out`,
  );
  const time = async (what: string, ask: (n: number) => Promise<number>): Promise<void> => {
    const times: number[] = [];
    let points = 0;
    for (let n = 0; n < 21; n++) {
      const start = performance.now();
      points = await ask(n);
      times.push(performance.now() - start);
    }
    await tell(
      `${what}: ${median(times).toFixed(1)} ms (slowest ${Math.max(...times).toFixed(1)}), ${points} points`,
    );
  };
  const past = (seconds: number) => async (n: number): Promise<number> => {
    const keys = [all[n * 40]?.key ?? ""];
    const found = await history.read({ keys, from: end - seconds, to: end, by: { most: 2_000 } });
    return thinOut(chartPoints(found), 500).length;
  };
  await time("a day of one series", past(DAY));
  await time("an hour of one series", past(3_600));
  await time("small lines of 100 devices", async () => {
    const keys = all.slice(0, 100).map(({ key }) => key);
    return (await history.read({ keys, from: end - 600, to: end, by: { resolution: 10 } })).rows.length / 8;
  });
  await time("ten minutes of all series, as a rule is tried", async () => {
    const keys = all.map(({ key }) => key);
    return (await history.read({ keys, from: end - 1_200, to: end, by: { resolution: 60 } })).rows.length / 8;
  });
  await history.close();
}

if (import.meta.main) {
  const { values } = parseArgs({ args: Deno.args, options: { rounds: { type: "string", default: "3" } } });
  const folder = await Deno.makeTempDir({ prefix: "sluice_bench_history_" });
  try {
    // Hundreds of times as fast as the site reports, so that the worker has as much to do as there is.
    await pipelines(Number(values.rounds), folder);
    await answers(`${folder}/answers`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
