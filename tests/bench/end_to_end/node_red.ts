import { freePort } from "../../support/ports.ts";
import { endProcess } from "../../support/end_process.ts";
import { textOf } from "../../support/text_of.ts";
import { until } from "../../support/until.ts";
import { allValues } from "./all_values.ts";
import { nodeRedFlow, nodeRedSecrets, nodeRedSettings } from "./node_red_flow.ts";
import type { NodeRed } from "./node_red_install.ts";
import { PATIENCE, type Place, type Run, run, type Taker, TOPICS, type Traffic } from "./taker.ts";

/** Node-RED with a flow that writes a point for every message, no durability. */
export function nodeRed(program: NodeRed, messages: number, traffic: Traffic): Promise<Run | undefined> {
  return run(messages, traffic, (place) => NodeRedTaker.start(program, place), () => Promise.resolve({}));
}

/** Node-RED as one that takes messages. */
class NodeRedTaker implements Taker {
  readonly #child: Deno.ChildProcess;
  readonly #folder: string;
  readonly #place: Place;
  #ended = false;

  private constructor(child: Deno.ChildProcess, folder: string, place: Place) {
    this.#child = child;
    this.#folder = folder;
    this.#place = place;
    child.status.then(() => this.#ended = true);
  }

  /** Writes its folder, starts it there and waits until the broker knows its subscription. */
  static async start({ node, script }: NodeRed, place: Place): Promise<NodeRedTaker> {
    const folder = await Deno.makeTempDir({ prefix: "sluice_bench_node_red_run_" });
    await Deno.writeTextFile(`${folder}/settings.js`, nodeRedSettings(place, folder, freePort()));
    await Deno.writeTextFile(`${folder}/flows.json`, JSON.stringify(nodeRedFlow(place)));
    await Deno.writeTextFile(`${folder}/flows_cred.json`, JSON.stringify(nodeRedSecrets(place)));
    // The shell gives way to the program (`exec`), so the pid is Node-RED's; what it says goes to a file.
    const child = new Deno.Command("/bin/sh", {
      args: [
        ...["-c", 'exec "$@" >"$0/output" 2>&1', folder],
        ...[node, script, "--userDir", folder, "--settings", `${folder}/settings.js`],
      ],
      cwd: folder,
      env: { HOME: folder, NO_UPDATE_NOTIFIER: "1" },
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    const taker = new NodeRedTaker(child, folder, place);
    try {
      await taker.#until(
        "Node-RED is subscribed",
        async () => (await place.broker.log()).includes(`\t${TOPICS}`),
      );
    } catch (error) {
      await taker[Symbol.asyncDispose]();
      throw error;
    }
    return taker;
  }

  get pid(): number {
    return this.#child.pid;
  }

  async taken(): Promise<number> {
    return await this.#until(`Node-RED has taken ${this.#place.messages} messages`, async () => {
      const text = await textOf(`${this.#folder}/taken`);
      return text.endsWith("\n") ? Number(text) : undefined;
    });
  }

  async settled(): Promise<void> {
    await allValues(this.#place);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await endProcess(this.#child);
    await Deno.remove(this.#folder, { recursive: true });
  }

  /** Waits while it runs; what it said is part of the error. */
  async #until<T>(what: string, condition: () => Promise<T>): Promise<NonNullable<T>> {
    const said = (): Promise<string> => textOf(`${this.#folder}/output`);
    return await until(what, async () => {
      if (this.#ended) throw new Error(`Node-RED ended: ${await said()}`);
      return await condition();
    }, { ...PATIENCE, state: said });
  }
}
