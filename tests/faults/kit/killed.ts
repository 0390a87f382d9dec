import type { GatewayProcess } from "../../support/gateway_process.ts";
import type { DiskFault, SyscallShim } from "../../support/syscall_shim.ts";
import { until } from "../../support/until.ts";

/**
 * Waits until the shim has killed the process, and ends the fault: the next start is an ordinary one.
 *
 * @throws Error where the process never came to that call
 */
export async function struckDead(gateway: GatewayProcess, shim: SyscallShim): Promise<void> {
  await until("the process dies at its crash point", () => gateway.ended !== undefined, {
    timeout: 60_000,
    every: 5,
    state: async () => [await shim.rules(), await shim.hits(), gateway.stderrNow().slice(-2_000)],
  });
  await shim.strike();
}

/** A fault that kills at a call. */
export function deathAt(
  call: DiskFault["call"],
  path: string,
  skip: number,
  when: "before" | "after" = "after",
): DiskFault {
  return { call, path, skip, action: `kill-${when}` };
}

/**
 * What a service manager does: starts the gateway again whenever it ends.
 *
 * Ends when it is disposed of, or when the scenario kills the gateway no more.
 */
export class Supervisor implements AsyncDisposable {
  /** Exit codes and signals of the ends so far. */
  readonly ends: (number | string)[] = [];
  #watching = true;
  readonly #done: Promise<void>;

  /** Watches a gateway that runs. */
  constructor(gateway: GatewayProcess) {
    this.#done = this.#watch(gateway);
  }

  async #watch(gateway: GatewayProcess): Promise<void> {
    while (this.#watching) {
      const { ended } = gateway;
      if (ended !== undefined) {
        this.ends.push(ended.signal ?? ended.code);
        gateway.spawn();
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#watching = false;
    await this.#done;
  }
}
