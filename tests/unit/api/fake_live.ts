import type { LiveEvent, LiveView, ReadingTold } from "../../../src/api/mod.ts";

/** A gateway in which something happens when a test says so. */
export interface FakeLive extends LiveView {
  /** Lets something happen. */
  happen(event: LiveEvent): void;
  /** Readings that the next look finds. */
  read(...readings: ReadingTold[]): void;
  /** Whom someone follows, in order; `null`: everyone. */
  readonly watched: (string | null)[];
  /** How often readings were looked at. */
  readonly looks: number;
}

/** Nothing happens by itself. */
export function fakeLive(began = 1_000): FakeLive {
  const listeners = new Set<(event: LiveEvent) => void>();
  const watched: (string | null)[] = [];
  let news: ReadingTold[] = [];
  let looks = 0;
  return {
    began,
    watched,
    get looks(): number {
      return looks;
    },
    subscribe(listener): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    watch(device) {
      watched.push(device);
      return {
        next(): readonly ReadingTold[] {
          looks++;
          return news.filter((reading) => device === null || reading.device === device);
        },
      };
    },
    happen(event): void {
      for (const listener of listeners) listener(event);
    },
    read(...readings): void {
      news = readings;
    },
  };
}
