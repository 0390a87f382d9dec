/**
 * Where the gateway's main thread spends its time under live traffic: `deno run -A tests/bench/profile.ts
 * [--messages 400000] [--most 10]`. The functions by their own time, after a warm-up.
 * @module
 */
import { parseArgs } from "node:util";
import { tell } from "../support/child_process.ts";
import { freePort } from "../support/ports.ts";
import { until } from "../support/until.ts";
import { GatewayTaker } from "./end_to_end/gateway.ts";
import { run } from "./end_to_end/taker.ts";
import { profiled, profileText } from "./kit/profiler.ts";

/** The part of the messages that warms up, and the part after which the look ends. */
const [FROM, TO] = [0.3, 0.9];

if (import.meta.main) {
  const { values } = parseArgs({
    args: Deno.args,
    options: {
      messages: { type: "string", default: "400000" },
      most: { type: "string", default: "10" },
    },
  });
  const messages = Number(values.messages);
  const inspect = freePort();
  let profiling: Promise<string[]> | undefined;
  await run(messages, "live", async (place) => {
    const taker = await GatewayTaker.start(place, { inspect });
    const reached = (part: number): Promise<unknown> =>
      until(`${part} of the messages`, async () => {
        return (await taker.process.ledger()).messages.processed >= part * messages;
      }, { timeout: 120_000, every: 150 });
    profiling = reached(FROM)
      .then(() => profiled(inspect, () => reached(TO)))
      .then((profile) => profileText(profile, Number(values.most)));
    return taker;
  }, async () => {
    for (const line of await profiling ?? []) await tell(line);
    return {};
  });
}
