import type { Section } from "../../support/gateway_process.ts";
import { TcpProxy } from "../../support/tcp_proxy.ts";
import { type BenchDatabase, openDatabase, type WriteTarget } from "../kit/database.ts";

/** A database behind a counting proxy: what goes to it over the network is the same measure for every client. */
export class MeteredDatabase implements AsyncDisposable {
  readonly #database: BenchDatabase;
  readonly #proxy: TcpProxy;

  private constructor(database: BenchDatabase, proxy: TcpProxy) {
    this.#database = database;
    this.#proxy = proxy;
  }

  /** Starts both. */
  static async open(): Promise<MeteredDatabase> {
    const database = await openDatabase();
    return new MeteredDatabase(database, await TcpProxy.open(Number(new URL(database.target.url).port)));
  }

  /** Which database it is. */
  get name(): string {
    return this.#database.name;
  }

  /** The gateway's `influxdb` section. */
  get section(): Section {
    return { ...this.#database.section, url: this.target.url };
  }

  /** Where other clients write. */
  get target(): WriteTarget {
    return { ...this.#database.target, url: `http://127.0.0.1:${this.#proxy.port}` };
  }

  /** Bytes that were sent to it so far: requests with their heads, as they went over TCP. */
  get sent(): number {
    return this.#proxy.passed.up;
  }

  /** Whether it tells how many values it took. */
  get counts(): boolean {
    return this.#database.values !== undefined;
  }

  /** Field values that it took so far; `undefined` where it does not tell. */
  async values(): Promise<number | undefined> {
    return await this.#database.values?.();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#proxy[Symbol.asyncDispose]();
    await this.#database[Symbol.asyncDispose]();
  }
}
