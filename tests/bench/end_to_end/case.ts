import { DEVICES } from "../../support/climate_site.ts";
import { tell } from "../../support/child_process.ts";
import type { BenchCase } from "../kit/bench_case.ts";
import { median } from "../kit/table.ts";
import { gateway, type GatewayRun } from "./gateway.ts";
import { nodeRed } from "./node_red.ts";
import { installedNodeRed } from "./node_red_install.ts";
import { endToEndRows } from "./rows.ts";
import { bareSubscriber, byHand } from "./scripts.ts";
import type { Run } from "./taker.ts";

/** Messages of one run at full scale. */
const MESSAGES = 200_000;

/** From publish to database, fsync'd acknowledgement and all, beside others that promise less. */
export const endToEnd: BenchCase = {
  name: "end_to_end",
  about: "publisher, broker, gateway and database on one machine; rivals in its place",
  async measure({ rounds, part }) {
    const messages = Math.round(MESSAGES * part);
    const program = await installedNodeRed();
    const runs = { bare: empty(), byHand: empty(), nodeRed: empty(), gateway: emptyOfGateway() };
    const queued = { bare: empty(), nodeRed: empty(), gateway: emptyOfGateway() };
    for (let round = 0; round < rounds; round++) {
      keep(runs.bare, await bareSubscriber(messages, "live"));
      keep(runs.byHand, await byHand(messages, "live"));
      keep(runs.gateway, await gateway(messages, "live"));
      if (program !== undefined) {
        // As many as all others: with fewer it would be measured while node still compiles, and look slower.
        keep(runs.nodeRed, await nodeRed(program, messages, "live"));
        keep(queued.nodeRed, await nodeRed(program, messages, "queued"));
      }
      keep(queued.bare, await bareSubscriber(messages, "queued"));
      keep(queued.gateway, await gateway(messages, "queued"));
    }
    const [first] = runs.gateway;
    if (first === undefined) return [];
    await tell(
      `${messages} messages of ${DEVICES} devices; ${
        median(runs.gateway.map((run) => run.produced))
      } points of ` +
        `four values went to ${first.database} at the same time; the rivals wrote every reading`,
    );
    return endToEndRows(runs, queued);
  },
};

function empty(): Run[] {
  return [];
}

function emptyOfGateway(): GatewayRun[] {
  return [];
}

function keep<Some>(into: Some[], run: Some | undefined): void {
  if (run !== undefined) into.push(run);
}
