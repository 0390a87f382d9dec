import { assertEquals, assertGreater } from "@std/assert";
import { parse, stringify } from "yaml";
import type { Section } from "../../support/gateway_process.ts";
import { LineWitness } from "../../support/line_witness.ts";
import type { LoadOptions } from "../../support/load.ts";
import { siteProfiles } from "../../support/river_site.ts";
import { until } from "../../support/until.ts";
import { checkpointsOf, copyFolder } from "./folder_files.ts";
import { type AtRest, Stand } from "./stand.ts";

/** What is special about the gateway that is killed. */
export interface KilledOptions {
  /** Keys of its `buffer` section; default: segments of 128 KiB, a checkpoint at each start. */
  readonly buffer?: Section;
  /** Its load; default 20 devices, 200 messages each. */
  readonly load?: Partial<LoadOptions>;
  /** Where in the load it is killed, the last time at its end; default [0.3, 0.5, 1]. */
  readonly lives?: readonly number[];
  /** Published beside the load. */
  readonly also?: (stand: Stand) => Promise<void>;
}

const SMALL: Section = { max_bytes: "2MiB", checkpoint: { after_bytes: "1MiB", at_most: "1h" } };
/** Where in the load the gateway is killed. */
const LIVES = [0.3, 0.5, 1];
/** One message in so many belongs into quarantine, which may take a twentieth of `max_bytes`. */
const SPOILED = 100;

/** Profiles of the site's devices under which each reading that is kept is a point of its own: nothing is summed up. */
async function plainProfiles(): Promise<Record<string, string>> {
  const plain: Record<string, string> = {};
  for (const [name, text] of Object.entries(await siteProfiles())) {
    const profile = parse(text);
    const fields = Object.entries(profile.fields).filter(([field]) => field.startsWith("raw_"));
    plain[name] = stringify({ ...profile, fields: Object.fromEntries(fields) });
  }
  return plain;
}

/** Waits until the gateway has taken in and acknowledged whatever was published. */
async function taken({ gateway, load }: Stand, witness: LineWitness): Promise<void> {
  await until("every message is acknowledged by the gateway", () => witness.pubacks >= load.sent.length, {
    timeout: 60_000,
    every: 20,
    state: () => [witness.pubacks, gateway.stderrNow()],
  });
  let seen: unknown;
  await until("every message is processed", async () => {
    // Asked too often it does not answer.
    const ledger = await gateway.ledger().catch(() => undefined);
    seen = ledger?.messages;
    return ledger?.messages.received === load.sent.length && ledger.messages.waiting === 0;
  }, { timeout: 60_000, every: 100, state: () => [seen, load.sent.length] });
}

/**
 * The data folder of a gateway that was killed with its database away, so that inbox, outbox, quarantine and checkpoints
 * all hold something; the broker has a PUBACK for every message. Each `start` goes on from a fresh copy of it.
 */
export class KilledFolder implements AsyncDisposable {
  private constructor(readonly stand: Stand, readonly pristine: string) {}

  /**
   * Runs a gateway until it has taken the whole load in, killing it twice in between, and kills it.
   *
   * @returns its folder, or `undefined` where a service is not installed (the reason was printed)
   */
  static async open(seed: number, options: KilledOptions = {}): Promise<KilledFolder | undefined> {
    await using stack = new AsyncDisposableStack();
    const stand = await Stand.open(seed, {
      profiles: await plainProfiles(),
      config: { buffer: options.buffer ?? SMALL },
      load: { devices: 20, each: 200, pace: 2_000, ...options.load },
      stopped: true,
    });
    if (stand === undefined) return undefined;
    stack.use(stand);
    const { gateway, load } = stand;
    const witness = new LineWitness(stand.brokerLine);
    stand.databaseLine.set("refuse");
    load.spoil((number) => number % SPOILED === 0);
    // Each process begins segments of its own, and a checkpoint lies behind what the one before left.
    for (const part of options.lives ?? LIVES) {
      await gateway.start();
      await gateway.logged("mqtt_subscribed");
      await load.publish(Math.ceil(part * load.total));
      await load.settled();
      if (part === 1) await options.also?.(stand);
      await taken(stand, witness);
      assertGreater((await gateway.ledger()).points.waiting, 0);
      await gateway.kill();
    }
    const pristine = `${gateway.folder}/pristine`;
    await copyFolder(gateway.dataDir, pristine);
    assertEquals((await checkpointsOf(pristine)).length, 2);
    stack.move();
    return new KilledFolder(stand, pristine);
  }

  /** The folder that the next start will use. */
  get dataDir(): string {
    return this.stand.gateway.dataDir;
  }

  /** Puts a fresh copy in the place of the folder, and an empty database in the place of the other. */
  async renew(): Promise<void> {
    const { database, gateway } = this.stand;
    await gateway.kill();
    await Deno.remove(gateway.dataDir, { recursive: true });
    await copyFolder(this.pristine, gateway.dataDir);
    await database.query('DROP DATABASE "telemetry"');
    await database.query('CREATE DATABASE "telemetry"');
    // What the starts before have logged is not this one's.
    await Deno.writeTextFile(`${gateway.folder}/stdout`, "");
    this.stand.faultOver();
  }

  /** Starts the gateway on what there is, everything in reach, and waits until nothing is on its way any more. */
  async recover(messages: number): Promise<AtRest> {
    const { stand } = this;
    stand.databaseLine.set("pass");
    await stand.gateway.start();
    const atRest = await stand.atRest(messages);
    assertEquals(atRest.ledger.balanced, true);
    return atRest;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stand[Symbol.asyncDispose]();
  }
}
