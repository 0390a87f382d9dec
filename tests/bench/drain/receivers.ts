import { ChildProcess } from "../../support/child_process.ts";
import { needService } from "../../support/services.ts";
import { type BenchDatabase, openDatabase, type WriteTarget } from "../kit/database.ts";
import { VALUES } from "./backlog_process.ts";

/** A database that is drained into. */
export interface DrainReceiver extends AsyncDisposable {
  readonly target: WriteTarget;
  /** Points that it has taken so far. */
  points(): Promise<number>;
}

/** A kind of them. */
export interface ReceiverKind {
  readonly name: string;
  /** Part of the backlog: one that keeps everything in the memory of a JavaScript process gets less. */
  readonly part: number;
  /** A new, empty one; `undefined` where it is not installed (the reason is printed). */
  open(): Promise<DrainReceiver | undefined>;
}

/** VictoriaMetrics, and the simulator's receiver. */
export const RECEIVERS: readonly ReceiverKind[] = [
  { name: "VictoriaMetrics", part: 1, open: openVictoria },
  { name: "the simulator's receiver", part: 0.1, open: openSimulator },
];

async function openVictoria(): Promise<DrainReceiver | undefined> {
  if (needService("victoria-metrics") === undefined) return undefined;
  const database: BenchDatabase = await openDatabase();
  return {
    target: database.target,
    points: async () => (await database.values?.() ?? NaN) / VALUES,
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}

async function openSimulator(): Promise<DrainReceiver> {
  const receiver = new ChildProcess(new URL("./receiver_process.ts", import.meta.url), null);
  return {
    target: { url: await receiver.line(), org: "bench", bucket: "bench", token: "unused" },
    async points(): Promise<number> {
      await receiver.say("count");
      const { lines, again } = JSON.parse(await receiver.line());
      if (again > 0) throw new Error(`${again} values were sent more than once`);
      return lines;
    },
    [Symbol.asyncDispose]: () => receiver.end(),
  };
}
