import type { Rules } from "../../src/model/mod.ts";
import type { InfluxTarget } from "./options.ts";
import { type ReadBack, readBack } from "./read_back.ts";
import { Receiver } from "./receiver.ts";
import { Relay } from "./relay.ts";
import { RUN_TAG } from "./site.ts";

/** The database of a site: the receiver in the process or a real one; either can go out of reach. */
export interface Database {
  /** Where and how the gateway reaches it. */
  readonly target: InfluxTarget;
  /** Whether it can be reached. */
  readonly here: boolean;
  leave(): void;
  comeBack(): void;
  /** What it holds of this run. */
  content(rules: Pick<Rules, "profiles">): Promise<ReadBack>;
  /** How often a value was written more than once; `undefined` where nobody counts. */
  overwritten(): { readonly changed: number; readonly rewritten: number } | undefined;
  stop(): Promise<void>;
}

async function ownDatabase(): Promise<Database> {
  const account = { org: "site", bucket: "telemetry", token: crypto.randomUUID() };
  const receiver = await Receiver.start(account);
  return {
    target: { version: 2, url: receiver.url, ...account },
    get here(): boolean {
      return receiver.here;
    },
    leave: () => receiver.leave("closed"),
    comeBack: () => receiver.comeBack(),
    content: () => Promise.resolve({ kind: "points", points: receiver.points }),
    overwritten: () => receiver.counts,
    stop: () => receiver.stop(),
  };
}

async function realDatabase(target: InfluxTarget, run: string): Promise<Database> {
  const url = new URL(target.url);
  // A cable that ends on this machine would break the name in the certificate.
  const relay = url.protocol === "https:"
    ? undefined
    : await Relay.start(url.hostname, Number(url.port === "" ? 80 : url.port));
  let here = true;
  return {
    target: relay === undefined
      ? target
      : { ...target, url: `http://127.0.0.1:${relay.port}${url.pathname.replace(/\/+$/, "")}` },
    get here(): boolean {
      return here;
    },
    leave(): void {
      here = false;
      relay?.leave();
    },
    comeBack(): void {
      here = true;
      relay?.comeBack();
    },
    content: ({ profiles }) =>
      readBack(
        target,
        [...new Set(Object.values(profiles).map(({ measurement }) => measurement))],
        run,
        RUN_TAG,
      ),
    overwritten: () => undefined,
    stop: () => relay?.stop() ?? Promise.resolve(),
  };
}

/**
 * Opens the database of a run.
 *
 * @param target a real one, or `null` for the receiver in the process
 * @param run value of the tag `RUN_TAG`, by which a real one tells the runs apart
 */
export function openDatabase(target: InfluxTarget | null, run: string): Promise<Database> {
  return target === null ? ownDatabase() : realDatabase(target, run);
}
