import { ChildProcess } from "../../support/child_process.ts";

/** The version of MQTT that is spoken. */
export const PROTOCOL = { protocolVersion: 5 } as const;

/** What the broker is told to send. */
export interface BrokerTask {
  /** Messages a second. */
  readonly rate: number;
  /** Messages of the climate site in all. */
  readonly messages: number;
  /**
   * Messages with a value that fires an alert, each of a device of its own, evenly between the others; each is followed
   * by one that ends it.
   */
  readonly alarms: number;
}

/** What the broker saw. */
export interface BrokerReport {
  /** From the moment at which a message was due to its PUBACK, ms; waiting for room in the window counts, the warm-up does not. */
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  /** Messages a second, the warm-up and the last PUBACK included. */
  readonly rate: number;
  /** The moments at which the alarms were due, by their number. */
  readonly alarms: readonly number[];
}

/** The device of an alarm. */
export function alarmDevice(number: number): string {
  return `alarm-${number}`;
}

/** The broker that times, in a process of its own. */
export class TimingBroker implements AsyncDisposable {
  readonly url: string;
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess, port: string) {
    this.#process = process;
    this.url = `mqtt://127.0.0.1:${port}`;
  }

  /** Starts it; it listens and sends nothing yet. */
  static async open(task: BrokerTask): Promise<TimingBroker> {
    const process = new ChildProcess(new URL("./broker_process.ts", import.meta.url), task);
    try {
      return new TimingBroker(process, await process.line());
    } catch (error) {
      await process.end();
      throw error;
    }
  }

  /** Sends everything; resolves when all of it is acknowledged. */
  async send(): Promise<BrokerReport> {
    await this.#process.say("go");
    return JSON.parse(await this.#process.line());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process.end();
  }
}
