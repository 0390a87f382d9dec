import { DEVICES } from "../../support/climate_site.ts";
import type { BenchCase } from "../kit/bench_case.ts";
import { row } from "../kit/table.ts";
import type { PipelineTask } from "./pipeline_process.ts";
import { runPipeline } from "./run_pipeline.ts";

/** Messages of one run at full scale, and those before that make the code hot. */
const MESSAGES = 500_000;
const WARM_UP = 100_000;

const BASELINE = "JSON.parse of the payloads";

/** What one core takes through the pipeline, whatever lies before and behind it. */
export const pipeline: BenchCase = {
  name: "pipeline",
  about: "one core: from durable records to gzip'd blocks of the outbox; one reading in 1,500 is refused",
  async measure({ rounds, part }) {
    const rates: Record<PipelineTask["from"], number[]> = { parse: [], records: [], bytes: [] };
    const size = { messages: MESSAGES * part, warmUp: WARM_UP * part, devices: DEVICES };
    for (let round = 0; round < rounds; round++) {
      for (const from of ["parse", "records", "bytes"] as const) {
        rates[from].push((await runPipeline({ ...size, from })).rate);
      }
    }
    return [
      row("pipeline: record to sealed block, messages/s", BASELINE, rates.parse, rates.records, {
        target: { of: "value", atLeast: 300_000 },
      }),
      row("pipeline: bytes of the record to sealed block, messages/s", BASELINE, rates.parse, rates.bytes),
    ];
  },
};
