import { ChildProcess } from "./child_process.ts";

/** What a publisher is told to do. */
export interface PublisherTask {
  /** The broker's, on this machine. */
  readonly port: number;
  /** How many messages of the climate site. */
  readonly messages: number;
  /** Devices that share them; default: as many as the site has. */
  readonly devices?: number;
  /** Connections; a device stays on one of them, so its messages stay in order. */
  readonly connections: number;
  /** Messages without a PUBACK on each, below 65,535. */
  readonly window: number;
  /** Messages a second over all connections; default: as fast as the broker takes them. */
  readonly rate?: number;
}

/** When it began, and when the broker had acknowledged everything; ms, comparable between processes. */
export interface PublisherReport {
  readonly firstAt: number;
  readonly lastAt: number;
}

/**
 * A publisher that no gateway outruns: packets built before the start, on raw TCP sockets, with a window of QoS 1
 * messages in flight, in a process of its own.
 */
export class FastPublisher {
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess) {
    this.#process = process;
  }

  /** Builds the packets and connects; publishes nothing yet. */
  static async ready(task: PublisherTask): Promise<FastPublisher> {
    const script = new URL("./fast_publisher_process.ts", import.meta.url);
    const publisher = new FastPublisher(new ChildProcess(script, task));
    await publisher.#process.line();
    return publisher;
  }

  /** Publishes; resolves when the broker has acknowledged everything. */
  async publish(): Promise<PublisherReport> {
    await this.#process.say("go");
    return JSON.parse(await this.#process.line());
  }

  /** Ends its process. */
  async end(): Promise<void> {
    await this.#process.end();
  }
}
