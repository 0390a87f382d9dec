/// <reference lib="dom" />
import type { Status } from "../../api/mod.ts";
import { ask } from "./api.ts";
import type { Heard, LivePage } from "./start.ts";

/** Status comes every second: so long a silence means that the connection is gone, ms. */
const SILENCE = 6_000;
/** How often a stream that was refused is tried again, ms. */
const RETRY = 10_000;
/** How often the status is asked for where there is no stream, ms. */
const POLL = 2_000;

const EVENTS = ["status", "alert", "device", "reading", "config", "learned"] as const;

/** What the page is told about its connection. */
export interface Connection {
  /** Events come, or at least answers do. */
  onAlive(): void;
  /** Neither does. */
  onLost(): void;
}

/**
 * Keeps a page live: a stream of events, resumed by the browser where it breaks; where there is none (all places are
 * taken, or an older gateway) the status is asked for instead, and the stream tried again.
 */
export function goLive(page: LivePage, connection: Connection): void {
  const topics = ["status", ...page.topics].join(",");
  const device = page.only === undefined ? "" : `&device=${encodeURIComponent(page.only)}`;
  let source: EventSource | undefined;
  let heardAt = performance.now();
  let opened = false;

  const alive = (): void => {
    heardAt = performance.now();
    connection.onAlive();
  };
  const open = (): void => {
    source?.close();
    source = new EventSource(`/api/v1/events?topics=${topics}${device}`);
    source.addEventListener("open", () => {
      alive();
      if (opened) void page.refresh?.();
      opened = true;
    });
    source.addEventListener("reset", () => void page.refresh?.());
    for (const name of EVENTS) {
      source.addEventListener(name, (event) => {
        alive();
        deliver(page, name, event.data);
      });
    }
  };
  const poll = async (): Promise<void> => {
    const silent = performance.now() - heardAt > SILENCE;
    if (source?.readyState === EventSource.OPEN && !silent) return;
    const answer = await ask<Status>("/api/v1/status");
    if (answer.ok) {
      connection.onAlive();
      page.status?.(answer.value);
    } else if (silent) connection.onLost();
  };

  open();
  setInterval(() => void poll(), POLL);
  setInterval(() => {
    const stuck = source?.readyState === EventSource.CLOSED || performance.now() - heardAt > RETRY;
    if (stuck && !document.hidden) open();
  }, RETRY);
  const { every } = page;
  if (every !== undefined) {
    setInterval(() => {
      if (!document.hidden) void page.refresh?.();
    }, every);
  }
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) void page.refresh?.();
  });
}

/** Hands an event to whoever of the page hears it. */
function deliver(page: Heard, name: typeof EVENTS[number], data: string): void {
  const hear: ((fact: never) => void) | undefined = page[name];
  if (hear !== undefined) hear.call(page, JSON.parse(data) as never);
}
