import { ChildProcess } from "../../support/child_process.ts";
import { allValues } from "./all_values.ts";
import { type Place, RECEIVE_MAXIMUM, type Run, run, type Taker, TOPICS, type Traffic } from "./taker.ts";

/** Takes every message and does nothing with it. */
export function bareSubscriber(
  messages: number,
  traffic: Traffic,
  devices?: number,
): Promise<Run | undefined> {
  return run(messages, traffic, (place) => started("subscriber_process.ts", place), nothing, devices);
}

/** The client of an afternoon: a point for every message, no durability. */
export function byHand(messages: number, traffic: Traffic): Promise<Run | undefined> {
  return run(messages, traffic, async (place) => {
    const taker = await started("by_hand_process.ts", place);
    const settled = async (): Promise<void> => {
      await taker.settled();
      await allValues(place);
    };
    return { ...taker, settled };
  }, nothing);
}

/** One of the scripts beside this file, subscribed. */
async function started(file: string, { broker, database, messages }: Place): Promise<Taker> {
  const child = new ChildProcess(new URL(file, import.meta.url), {
    url: broker.url(),
    topics: TOPICS,
    messages,
    receiveMaximum: RECEIVE_MAXIMUM,
    target: database.target,
  });
  await child.line();
  return {
    pid: child.pid,
    taken: async () => Number(await child.line()),
    settled: async () => {
      await child.line();
    },
    [Symbol.asyncDispose]: () => child.end(),
  };
}

function nothing(): Promise<Record<never, never>> {
  return Promise.resolve({});
}
