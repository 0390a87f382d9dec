import type { ApiTime } from "../api_time.ts";
import type { OnEvent } from "../guard/frame.ts";
import type { Topic } from "../schemas/live.ts";
import type { Status } from "../schemas/status.ts";
import type { LiveEvent, LiveView, ReadingWatch } from "../views/live.ts";
import { frame, HEARTBEAT, joined, opening } from "./frame.ts";
import { KeptEvents } from "./kept_events.ts";
import { type Dropped, LiveClient, LONGEST_PAUSE, MOST_WAITING, type Wish } from "./live_client.ts";

/** Clients at once. */
export const MOST_CLIENTS = 120;
/** Events that a client which returns is told of. */
export const KEPT = 1_000;
/** Between two looks at status and readings, ms. */
const LOOK = 1_000;
/** Looks between two heartbeats. */
const HEARTBEAT_EVERY = 15;
/** How long a client waits before it comes back, ms. */
const RETRY = 2_000;
/** How long a stream lasts, ms: who comes back shows anew that they may look on. */
const LONGEST_STREAM = 900_000;

/** The limits of streams, for the reference. */
export const STREAM_WORDS =
  `Streams of \`/api/v1/events\`: ${MOST_CLIENTS} at once, more: 503; ${
    LONGEST_STREAM / 60_000
  } min each, then the client ` +
  `comes back; ${MOST_WAITING / 1_024} KiB wait for one that reads slowly, ${
    LONGEST_PAUSE / 1_000
  } s for one that reads ` +
  `nothing. Else it is cut. The last ${KEPT} events are sent again after \`Last-Event-ID\`.`;

/** The topic of each kind of event. */
const TOPIC_OF = { alert: "alerts", device: "devices", config: "config", learned: "learned" } as const;

/** What the hub needs. */
export interface HubOptions {
  /** What happens. */
  readonly live: LiveView;
  /** The gateway at this moment. */
  readonly status: () => Status;
  readonly clock: ApiTime;
  /** Takes the event `api_stream_dropped`. */
  readonly onEvent: OnEvent;
}

/** Someone who wants to look on. */
export interface Asker extends Wish {
  /** The newest event that they have seen; `null`: they begin. */
  readonly seen: number | null;
  /** Where they are, for the log. */
  readonly address: string;
  /** Whether they may look on still; left out: they may. */
  readonly stillIn?: () => boolean;
}

interface Guest {
  readonly stillIn: () => boolean;
  readonly client: LiveClient;
  readonly address: string;
  readonly until: number;
}

/**
 * Tells everyone who looks on what happens. Each event becomes bytes once, whoever gets it; status and readings are
 * looked at once a second, and only while someone listens to them. A client that does not take what it is told is let
 * go: it never slows the gateway, and can come back and say what it has seen.
 */
export class LiveHub {
  readonly #options: HubOptions;
  readonly #kept: KeptEvents;
  readonly #guests = new Set<Guest>();
  /** Readings that someone follows, by device; `null`: of all. */
  readonly #watches = new Map<string | null, ReadingWatch>();
  #looks = 0;
  #timer: { cancel(): void } | undefined;

  /** Begins to keep what happens, with nobody there. */
  constructor(options: HubOptions) {
    this.#options = options;
    this.#kept = new KeptEvents(options.live.began, KEPT);
    options.live.subscribe((event) => this.#happened(event));
  }

  /** How many look on. */
  get size(): number {
    return this.#guests.size;
  }

  /**
   * Takes someone in.
   *
   * @returns the stream of what happens; `undefined` where there is no room
   */
  open(asker: Asker): ReadableStream<Uint8Array> | undefined {
    if (this.#guests.size >= MOST_CLIENTS) return undefined;
    const now = this.#options.clock.monotonic();
    const guest: Guest = {
      client: new LiveClient(asker, this.#beginning(asker), now, () => this.#leave(guest)),
      address: asker.address,
      stillIn: asker.stillIn ?? (() => true),
      until: now + LONGEST_STREAM,
    };
    this.#guests.add(guest);
    this.#watch(guest.client);
    this.#timer ??= this.#options.clock.after(LOOK, () => this.#look());
    return guest.client.stream;
  }

  #beginning({ seen, topics }: Asker): Uint8Array[] {
    const frames = [opening(RETRY, this.#kept.last)];
    if (seen === null) return frames;
    const missed = this.#kept.since(seen);
    if (missed === undefined) return [...frames, frame("reset", {}, this.#kept.last)];
    return [...missed.filter(({ topic }) => topics.has(topic)).map((kept) => kept.frame), ...frames];
  }

  #happened(event: LiveEvent): void {
    if (event.kind === "reset") {
      this.#kept.forget();
      return this.#tell(null, frame("reset", {}, this.#kept.last));
    }
    const { topic, frame: bytes } = this.#kept.add(TOPIC_OF[event.kind], event.kind, event.data);
    this.#tell(topic, bytes);
  }

  /** @param topic of those who hear it; `null`: all do */
  #tell(topic: Topic | null, bytes: Uint8Array): void {
    const now = this.#options.clock.monotonic();
    for (const guest of this.#guests) {
      if (topic === null || guest.client.topics.has(topic)) this.#push(guest, bytes, now);
    }
  }

  #push(guest: Guest, bytes: Uint8Array, now: number): void {
    const dropped = guest.client.push(bytes, now);
    if (dropped !== undefined) this.#drop(guest, dropped);
  }

  #look(): void {
    this.#timer = undefined;
    const now = this.#options.clock.monotonic();
    const beat = ++this.#looks % HEARTBEAT_EVERY === 0;
    let status: Uint8Array | undefined;
    const readings = new Map([...this.#watches].map(([device, watch]) => [device, told(watch)]));
    for (const guest of this.#guests) {
      const { topics, device } = guest.client;
      if (topics.has("status")) {
        status ??= frame("status", this.#options.status());
        this.#push(guest, status, now);
      }
      const news = topics.has("readings") ? readings.get(device) : undefined;
      if (news !== undefined) this.#push(guest, news, now);
      if (beat) this.#push(guest, HEARTBEAT, now);
      const stuck = guest.client.stuck(now);
      if (stuck !== undefined) this.#drop(guest, stuck);
      else if (now >= guest.until || !guest.stillIn()) this.#end(guest);
    }
    if (this.#guests.size > 0) this.#timer = this.#options.clock.after(LOOK, () => this.#look());
  }

  #drop(guest: Guest, reason: Dropped): void {
    if (!this.#leave(guest)) return;
    guest.client.cut(reason);
    this.#options.onEvent("api_stream_dropped", "warning", { reason, address: guest.address });
  }

  #end(guest: Guest): void {
    if (this.#leave(guest)) guest.client.end();
  }

  /** Forgets a client. @returns whether it was still there */
  #leave(guest: Guest): boolean {
    if (!this.#guests.delete(guest)) return false;
    for (const device of this.#watches.keys()) {
      const wanted = [...this.#guests].some(({ client }) => follows(client) && client.device === device);
      if (!wanted) this.#watches.delete(device);
    }
    if (this.#guests.size === 0) {
      this.#timer?.cancel();
      this.#timer = undefined;
    }
    return true;
  }

  #watch(client: LiveClient): void {
    if (!follows(client) || this.#watches.has(client.device)) return;
    this.#watches.set(client.device, this.#options.live.watch(client.device));
  }
}

function follows({ topics }: Wish): boolean {
  return topics.has("readings");
}

/** Everything new as one piece. */
function told(watch: ReadingWatch): Uint8Array | undefined {
  const news = watch.next();
  return news.length === 0 ? undefined : joined(news.map((reading) => frame("reading", reading)));
}
