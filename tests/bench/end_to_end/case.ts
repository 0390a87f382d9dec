import { DEVICES } from "../../support/climate_site.ts";
import { tell } from "../../support/child_process.ts";
import type { BenchCase } from "../kit/bench_case.ts";
import { median } from "../kit/table.ts";
import { bareSubscriber, gateway, type GatewayRun, type Run, type Traffic } from "./end_to_end.ts";
import { endToEndRows } from "./rows.ts";

/** Messages of one run at full scale. */
const MESSAGES = 200_000;

/** From publish to database, fsync'd acknowledgement and all, beside subscribers that promise less. */
export const endToEnd: BenchCase = {
  name: "end_to_end",
  about: "publisher, broker, gateway and database on one machine",
  async measure({ rounds, part }) {
    const messages = Math.round(MESSAGES * part);
    const live: Taken = { bare: [], gateway: [] };
    const queued: Taken = { bare: [], gateway: [] };
    for (let round = 0; round < rounds; round++) {
      await both(messages, "live", live);
      await both(messages, "queued", queued);
    }
    if (live.gateway.length === 0) return [];
    const points = median(live.gateway.map((run) => run.produced));
    await tell(
      `${messages} messages of ${DEVICES} devices; ${points} points of four values went to ` +
        `${live.gateway[0]?.database} at the same time`,
    );
    return endToEndRows(messages, live, queued);
  },
};

interface Taken {
  readonly bare: Run[];
  readonly gateway: GatewayRun[];
}

/** One run of each, where there is a broker. */
async function both(messages: number, traffic: Traffic, into: Taken): Promise<void> {
  const baseline = await bareSubscriber(messages, traffic);
  const run = await gateway(messages, traffic);
  if (baseline === undefined || run === undefined) return;
  into.bare.push(baseline);
  into.gateway.push(run);
}
