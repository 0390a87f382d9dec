import type { BenchCase } from "../kit/bench_case.ts";
import { type Row, row } from "../kit/table.ts";
import { startMosquitto } from "../../support/mosquitto.ts";
import { freshStart, knownStart, prepared, subscriberStart } from "./starts.ts";

/** Devices that the gateway knows already. */
const DEVICES = 1_000;

/** How many starts a round has: one is over soon, and the machine's moods are long. */
const STARTS = 5;

const LIMIT = { target: { of: "value", atMost: 400 } } as const;

/** How long a supervisor's restart leaves the messages to the broker. */
export const start: BenchCase = {
  name: "start",
  about: "from the start of the process to the broker's answer to its subscription, programs in the cache",
  async measure({ rounds, part }) {
    // As it comes, mosquitto keeps 1,000 messages for a gateway that is behind, and drops the rest.
    const broker = await startMosquitto({ lines: ["max_queued_messages 1000000"] });
    if (broker === undefined) return [];
    try {
      await using fresh = await prepared(broker, 0);
      await using known = await prepared(broker, Math.ceil(DEVICES * part));
      // What is read for the first time comes from the disk and is compiled: not the warm start that is meant.
      await subscriberStart(broker);
      await freshStart(fresh);
      const took: Took = { bare: [], fresh: [], known: [] };
      for (let turn = 0; turn < Math.max(1, Math.round(rounds * STARTS * part)); turn++) {
        took.bare.push(await subscriberStart(broker));
        took.fresh.push(await freshStart(fresh));
        took.known.push(await knownStart(known));
      }
      return rows(took);
    } finally {
      await broker.remove();
    }
  },
};

interface Took {
  readonly bare: number[];
  readonly fresh: number[];
  readonly known: number[];
}

function rows({ bare, fresh, known }: Took): Row[] {
  const baseline = "bare MQTT.js subscriber to its SUBACK";
  return [
    row("start to subscribed, empty data folder, ms", baseline, bare, fresh, LIMIT),
    row("start to subscribed, data folder of 1,000 devices, ms", baseline, bare, known, LIMIT),
  ];
}
