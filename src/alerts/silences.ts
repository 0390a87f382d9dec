import type { Silence } from "../model/mod.ts";
import { matchGlob } from "./glob.ts";

/** Most silences at one time: each is held against every alert that fires. */
const MOST = 1_000;
/** A wall clock set back by more than this before its beginning ends a silence, ms. */
const SET_BACK = 3_600_000;

/** Which alerts nobody is to be told of, and until when: SPEC.md, A13 … A19. */
export class Silences {
  #all: Silence[];
  #nextEnd = Infinity;

  /** Begins with none, or with those of a snapshot. */
  constructor(all: readonly Silence[] = []) {
    this.#all = [...all];
    this.#look();
  }

  /** In the order in which they were asked for. */
  get all(): readonly Silence[] {
    return this.#all;
  }

  /** Wall clock at which the next one ends, ms; Infinity: none does. */
  get nextEnd(): number {
    return this.#nextEnd;
  }

  /** Adds one. The same id again changes nothing. */
  add(silence: Silence): "silenced" | "too_many" {
    if (this.#all.some(({ id }) => id === silence.id)) return "silenced";
    if (this.#all.length >= MOST) return "too_many";
    this.#all.push(silence);
    this.#look();
    return "silenced";
  }

  /** Takes one out before its time. */
  remove(id: string): "removed" | "unknown" {
    const before = this.#all.length;
    this.#all = this.#all.filter((silence) => silence.id !== id);
    this.#look();
    return this.#all.length < before ? "removed" : "unknown";
  }

  /** Takes out those that have ended. @returns whether there were any */
  end(at: number): boolean {
    const before = this.#all.length;
    this.#all = this.#all.filter((silence) => stands(silence, at));
    this.#look();
    return this.#all.length < before;
  }

  /** Whether one has ended by now and waits to be taken out. */
  due(at: number): boolean {
    return this.#all.some((silence) => !stands(silence, at));
  }

  /** Whether nobody is to be told of a rule's alerts on a device. */
  covers(rule: string, device: string, at: number): boolean {
    return this.#all.some((silence) => stands(silence, at) && concerns(silence, rule, device));
  }

  /** Until when alerts of a rule on a device are silenced, ms, for people; `null`: they are not. */
  until(rule: string, device: string): number | null {
    let until: number | null = null;
    for (const silence of this.#all) {
      if (concerns(silence, rule, device)) until = Math.max(until ?? -Infinity, silence.until);
    }
    return until;
  }

  #look(): void {
    this.#nextEnd = this.#all.reduce((next, { until }) => Math.min(next, until), Infinity);
  }
}

function concerns(silence: Silence, rule: string, device: string): boolean {
  return (silence.rule === null || silence.rule === rule) &&
    (silence.device === null || matchGlob(silence.device, device));
}

/** A clock that was wrong when the silence began would keep it, once set right, for years. */
function stands({ since, until }: Silence, at: number): boolean {
  return at < until && at >= since - SET_BACK;
}
