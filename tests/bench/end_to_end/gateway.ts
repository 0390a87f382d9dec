import { moment } from "../../support/child_process.ts";
import { PROFILES, siteConfig } from "../../support/climate_site.ts";
import { GatewayProcess, type Section } from "../../support/gateway_process.ts";
import { until } from "../../support/until.ts";
import { PATIENCE, type Place, RECEIVE_MAXIMUM, type Run, run, type Taker, type Traffic } from "./taker.ts";

/** What a run of the gateway tells besides. */
export interface GatewayFacts {
  /** Points that left the windows; all of them are in the database. */
  readonly produced: number;
  /** Readings that those points stand for: all but the ones whose windows were still open. */
  readonly readings: number;
  readonly database: string;
}

/** A run of the gateway. */
export type GatewayRun = Run & GatewayFacts;

/** How the gateway is set up besides. */
export interface Variant {
  /** Sections that the configuration has beside those of the site. */
  readonly config?: Section;
  /** Environment of the process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Port of an inspector, for a profile; default: none. */
  readonly inspect?: number;
}

/** The gateway, which acknowledges after its fdatasync, takes everything through the windows and delivers it. */
export function gateway(
  messages: number,
  traffic: Traffic,
  devices?: number,
): Promise<GatewayRun | undefined> {
  return run(messages, traffic, (place) => GatewayTaker.start(place), gatewayFacts, devices);
}

/** What a run of the gateway tells, at its end. */
export async function gatewayFacts(taker: GatewayTaker, { database }: Place): Promise<GatewayFacts> {
  const { points, readings } = await taker.process.ledger();
  return { produced: points.produced, readings: readings.delivered, database: database.name };
}

/** The gateway as one that takes messages. */
export class GatewayTaker implements Taker {
  readonly process: GatewayProcess;
  readonly #messages: number;

  private constructor(process: GatewayProcess, messages: number) {
    this.process = process;
    this.#messages = messages;
  }

  /** Starts it and waits until it is ready. */
  static async start(
    { broker, database, messages }: Place,
    { config, env = {}, inspect }: Variant = {},
  ): Promise<GatewayTaker> {
    const process = await GatewayProcess.create({
      config: { ...siteConfig(broker.url(), RECEIVE_MAXIMUM, database.section), ...config },
      profiles: PROFILES,
      env,
    });
    if (inspect !== undefined) process.rights = [`--inspect=127.0.0.1:${inspect}`, "-A"];
    try {
      await process.start();
      await process.ready();
    } catch (error) {
      await process.remove();
      throw error;
    }
    return new GatewayTaker(process, messages);
  }

  get pid(): number {
    return this.process.pid ?? 0;
  }

  async taken(): Promise<number> {
    await until(`the gateway has processed ${this.#messages} messages`, async () => {
      const { messages, readings } = await this.process.ledger();
      const { duplicate, filtered, sampled, quarantined } = messages;
      if (duplicate + filtered + sampled + quarantined + readings.rejected + readings.late > 0) {
        throw new Error(`Not every message was processed: ${JSON.stringify({ messages, readings })}`);
      }
      return messages.processed === this.#messages;
    }, PATIENCE);
    return moment();
  }

  async settled(): Promise<void> {
    await until("every point is delivered", async () => {
      const { balanced, points } = await this.process.ledger();
      if (!balanced || points.refused + points.evicted > 0) {
        throw new Error(`Not every point was delivered: ${JSON.stringify({ balanced, points })}`);
      }
      return points.waiting === 0;
    }, { ...PATIENCE, every: 200 });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.process.remove();
  }
}
