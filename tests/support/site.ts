import { GatewayProcess, type GatewaySetup } from "./gateway_process.ts";
import { type Influxd, type InfluxdOptions, startInfluxd } from "./influxd.ts";
import { type Mosquitto, type MosquittoOptions, startMosquitto } from "./mosquitto.ts";
import { KEEPING } from "./river_site.ts";

/** The services of one test; each is ended and removed when the test leaves its scope, the last first. */
export class Site implements AsyncDisposable {
  readonly broker: Mosquitto;
  readonly database: Influxd;
  readonly #stack: AsyncDisposableStack;

  private constructor(broker: Mosquitto, database: Influxd, stack: AsyncDisposableStack) {
    this.broker = broker;
    this.database = database;
    this.#stack = stack;
  }

  /**
   * Starts a mosquitto that keeps what the gateway has not taken, and an InfluxDB 1.x.
   *
   * @returns the services, or `undefined` where one is not installed (the reason is printed)
   */
  static async open(
    options: { readonly broker?: MosquittoOptions; readonly database?: InfluxdOptions } = {},
  ): Promise<Site | undefined> {
    await using stack = new AsyncDisposableStack();
    const broker = await startMosquitto({ ...KEEPING, ...options.broker });
    if (broker === undefined) return undefined;
    stack.defer(() => broker.remove());
    const database = await startInfluxd(options.database);
    if (database === undefined) return undefined;
    stack.defer(() => database.remove());
    return new Site(broker, database, stack.move());
  }

  /** Ends something with the site, before the services. */
  use<T extends AsyncDisposable>(part: T): T {
    return this.#stack.use(part);
  }

  /** Starts a gateway that ends with the site, and waits until it is ready. */
  async gateway(setup: GatewaySetup): Promise<GatewayProcess> {
    return this.use(await GatewayProcess.start(setup));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync();
  }
}
