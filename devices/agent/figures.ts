import type { ProcessorTime } from "./proc.ts";
import {
  busyShare,
  loadAverages,
  memory,
  network,
  processes,
  processorTime,
  rounded,
  uptime,
} from "./proc.ts";

/** Space on a disk, in blocks of `size` bytes: all, not in use, and open to everybody. */
export interface Disk {
  readonly size: number;
  readonly blocks: number;
  readonly free: number;
  readonly open: number;
}

/** What an agent reads of its machine; each rejects where the machine does not have it. */
export interface Machine {
  /** Text of a file. */
  text(path: string): Promise<string>;
  /** Names in a folder. */
  names(folder: string): Promise<string[]>;
  /** The disk with the root folder. */
  disk(): Promise<Disk>;
  /** Failed sign-ins since the last call. */
  failedSignIns(): Promise<number>;
}

/** One look at a machine, in the shape of profiles/host-agent.yaml; what cannot be had is left out. */
export type Figures = Readonly<Record<string, number | object>>;

/** There will be one the next time. */
const NOT_YET = "not yet";

/** Looks at a machine again and again. */
export class Observer {
  readonly #machine: Machine;
  readonly #leftOut: (figure: string, why: string) => void;
  readonly #said = new Set<string>();
  #before: ProcessorTime | undefined;

  /** @param leftOut hears once of each figure that cannot be had */
  constructor(machine: Machine, leftOut: (figure: string, why: string) => void) {
    this.#machine = machine;
    this.#leftOut = leftOut;
  }

  /** Takes a look. The first one has no share of the processors: there is nothing before it to compare with. */
  async look(): Promise<Figures> {
    const machine = this.#machine;
    const figures: Record<string, number | object> = {};
    const take = async (
      figure: string,
      read: () => Promise<number | object | typeof NOT_YET | undefined>,
    ): Promise<void> => {
      const value = await this.#tried(figure, read);
      if (value !== undefined && value !== NOT_YET) figures[figure] = value;
    };
    await take("cpu", async () => this.#share(processorTime(await machine.text("/proc/stat"))));
    await take("load", async () => loadAverages(await machine.text("/proc/loadavg")));
    await take("processes", async () => processes(await machine.names("/proc")));
    await take("memory", async () => memory(await machine.text("/proc/meminfo")));
    await take("disk", async () => share(await machine.disk()));
    await take("net", async () => network(await machine.text("/proc/net/dev")));
    await take("uptime", async () => uptime(await machine.text("/proc/uptime")));
    await take("failed_signins", () => machine.failedSignIns());
    return figures;
  }

  #share(now: ProcessorTime | undefined): number | typeof NOT_YET | undefined {
    if (now === undefined) return undefined;
    const before = this.#before;
    this.#before = now;
    return (before === undefined ? undefined : busyShare(before, now)) ?? NOT_YET;
  }

  async #tried<T>(figure: string, read: () => Promise<T | undefined>): Promise<T | undefined> {
    let why = "its source is not as Linux writes it";
    try {
      const value = await read();
      if (value !== undefined) return value;
    } catch (error) {
      why = error instanceof Error ? error.message : String(error);
    }
    if (!this.#said.has(figure)) this.#leftOut(figure, why);
    this.#said.add(figure);
    return undefined;
  }
}

/** As df(1) counts, in per cent and bytes: what is kept for root is neither used nor free. */
function share({ size, blocks, free, open }: Disk): { used: number; free: number } | undefined {
  const used = blocks - free;
  if (used + open <= 0) return undefined;
  return { used: rounded(100 * used / (used + open)), free: open * size };
}
