import type { Clock, Timer } from "../clock.ts";
import type { Beat } from "../gateway/mod.ts";

/** How often a start that takes long asks for more time, ms, and for how much. */
const STARTING = { every: 10_000, more: 60_000 };
/** How often the status line is written where there is no watchdog, ms. */
const STATUS = 10_000;

/** Hands assignments such as `READY=1` to systemd; rejects where it cannot. */
export type Notify = (assignments: readonly string[]) => Promise<void>;

/** What systemd says to a service that it supervises, through the environment: sd_notify(3), sd_watchdog_enabled(3). */
export interface Supervision {
  /** A unix socket listens for notices. */
  readonly socket: string;
  /** It starts the service again after so long without a notice, ms; `undefined`: it does not. */
  readonly watchdog: number | undefined;
}

/**
 * Reads the environment that systemd gives a service.
 *
 * @param pid of this process: the watchdog may be meant for another one
 * @returns `undefined` where nobody listens
 */
export function supervision(env: (name: string) => string | undefined, pid: number): Supervision | undefined {
  const socket = env("NOTIFY_SOCKET");
  if (socket === undefined || !/^[/@]./.test(socket)) return undefined;
  const micros = Number(env("WATCHDOG_USEC"));
  const meant = env("WATCHDOG_PID");
  const ours = meant === undefined || Number(meant) === pid;
  return { socket, watchdog: ours && micros > 0 ? micros / 1_000 : undefined };
}

/**
 * Tells systemd of the gateway's life: that it starts and needs more time, that it is ready, how it is, that it
 * ends. The watchdog hears of it at half of its time, and only while the gateway is healthy.
 */
export class SystemdNotifier {
  readonly #notify: Notify;
  readonly #clock: Clock;
  readonly #watchdog: number | undefined;
  readonly #onError: (words: string) => void;
  #timer: Timer | undefined;
  #last: Promise<void> = Promise.resolve();
  #ended = false;
  #failing = false;

  /**
   * Says nothing before it is told to.
   *
   * @param onError hears once of notices that fail, and again when they fail anew
   */
  constructor(
    options: { notify: Notify; clock: Clock; watchdog: number | undefined; onError: (words: string) => void },
  ) {
    this.#notify = options.notify;
    this.#clock = options.clock;
    this.#watchdog = options.watchdog;
    this.#onError = options.onError;
  }

  /** The gateway starts: a long replay must not be taken for a start that hangs. */
  starting(): void {
    const more = `EXTEND_TIMEOUT_USEC=${STARTING.more * 1_000}`;
    this.#every(STARTING.every, () => ["STATUS=Starting: the journals are being read", more]);
  }

  /** The gateway takes messages in; from now on `look` is asked how it is. */
  ready(look: () => Beat): void {
    const every = this.#watchdog === undefined ? STATUS : this.#watchdog / 2;
    let first = ["READY=1"];
    this.#every(every, () => {
      const { healthy, text } = look();
      const alive = healthy && this.#watchdog !== undefined ? ["WATCHDOG=1"] : [];
      const told = [...first, `STATUS=${text}`, ...alive];
      first = [];
      return told;
    });
  }

  /** The gateway ends in order; resolves when systemd has heard of it. */
  async stopping(): Promise<void> {
    this.#timer?.cancel();
    this.#tell(["STOPPING=1", "STATUS=Stopping: what can be flushed is flushed"]);
    await this.#last;
  }

  /** Says nothing any more; resolves when the last notice is out. */
  async close(): Promise<void> {
    this.#ended = true;
    this.#timer?.cancel();
    await this.#last;
  }

  #every(ms: number, say: () => readonly string[]): void {
    this.#timer?.cancel();
    const again = (): void => {
      if (this.#ended) return;
      this.#tell(say());
      this.#timer = this.#clock.after(ms, again);
    };
    again();
  }

  /** One after the other: a late `READY=1` must not follow a `STOPPING=1`. */
  #tell(assignments: readonly string[]): void {
    this.#last = this.#last.then(() => this.#notify(assignments)).then(
      () => {
        this.#failing = false;
      },
      (error) => {
        if (!this.#failing) this.#onError(error instanceof Error ? error.message : String(error));
        this.#failing = true;
      },
    );
  }
}

/**
 * Notices through `systemd-notify`, which every machine with systemd has: unix datagrams are not among Deno's stable
 * APIs. It needs `NotifyAccess=all` in the unit, since it is a process of its own.
 *
 * @param program its path
 */
export function throughSystemdNotify(program: string): Notify {
  return async (assignments) => {
    const { code, stderr } = await new Deno.Command(program, {
      args: [...assignments],
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).output();
    if (code !== 0) {
      throw new Error(`${program} ended with ${code}: ${new TextDecoder().decode(stderr).trim()}`);
    }
  };
}
